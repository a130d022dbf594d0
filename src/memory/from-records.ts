/**
 * Memories from what `duomem collect` and `duomem extract` write: every script with the trajectory that it was made
 * from.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { ScriptRecord } from '../teacher/script-file.ts';
import type { CollectedTrajectory } from '../teacher/trajectory.ts';
import { checkEntry, type Maker, type MemoryEntry } from './entry.ts';

/**
 * In the order of the scripts.
 * @param maker whose scripts these are: the file says the writer's name, not the writer's part.
 * Codes: SCRIPT_WITHOUT_TRAJECTORY, ENTRY_INVALID.
 */
export function entriesFromRecords(
  scripts: readonly ScriptRecord[],
  trajectories: readonly CollectedTrajectory[],
  maker: Maker,
): Result<MemoryEntry[]> {
  const played = new Map(
    trajectories.map((trajectory) => [`${trajectory.game}#${trajectory.try}`, trajectory]),
  );
  const entries: MemoryEntry[] = [];
  for (const record of scripts) {
    const key = `${record.game}#${record.try}`;
    const trajectory = played.get(key);
    if (trajectory === undefined) {
      return refuse(
        'SCRIPT_WITHOUT_TRAJECTORY',
        `The trajectory of try ${record.try} is missing.`,
        record.game,
      );
    }
    const { task, taskType, home, extractor, script, game, seed } = record;
    const entry = checkEntry(
      {
        id: `${extractor}:${key}`,
        task,
        taskType,
        home,
        script,
        trajectory: { intro: trajectory.intro, steps: trajectory.steps },
        provenance: { maker, name: extractor, game, seed },
      },
      game,
    );
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  return ok(entries);
}
