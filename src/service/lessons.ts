/** Games that the scripted teacher shows, and the memories that episodes become. */
import { memoryOfGame } from '../agent/lived-memory.ts';
import { ok, type Result } from '../base/result.ts';
import { memoryHome } from '../homes/index.ts';
import type { MemoryEntry, Provenance } from '../memory/entry.ts';
import type { Instructions } from '../player/goal.ts';
import type { StoredLesson } from '../storage/adapters-db.ts';
import { collectGame } from '../teacher/collect.ts';
import { extractScript } from '../teacher/script.ts';
import { scriptedTeacher } from '../teacher/scripted.ts';
import type { LoadedGame } from './games.ts';

/** The teacher plays; undefined where it lost each try. Refuses a task that it doesn't understand. */
export async function showGame(
  { card: { key, taskType }, world }: LoadedGame,
  options: { readonly tries: number; readonly maxSteps: number; readonly instructions?: Instructions },
): Promise<Result<StoredLesson | undefined>> {
  const played = await collectGame(
    scriptedTeacher,
    { key, taskType, world },
    { successes: 1, seed: 1, ...options },
  );
  if (!played.ok) return played;
  const [won] = played.value.trajectories;
  return ok(won && { key, task: won.task, taskType, intro: won.intro, steps: won.steps });
}

/** What is kept of a solved episode; its script is by the teacher's rules. */
export function memoryOfLesson(
  { key, task, taskType, intro, steps }: StoredLesson,
  by: Pick<Provenance, 'maker' | 'name'> = { maker: 'teacher', name: 'scripted' },
): MemoryEntry {
  const home = memoryHome(key);
  const script = extractScript({ task, ...home, intro, steps });
  return memoryOfGame({ key, task, taskType, ...home }, { intro, steps }, script, by);
}
