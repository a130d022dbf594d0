/** An episode that goes on from the middle of another one of the same game, with another player or other memories. */
import { replayTrace } from '../agent/replay.ts';
import type { EpisodeSettings } from '../agent/settings.ts';
import type { Trace, TraceBranch, TraceStep } from '../agent/trace.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import type { LoadedGame } from './games.ts';

interface Branch {
  readonly branch: TraceBranch;
  /** Its replies are read as the other's were, so that the whole trace plays again. */
  readonly settings: EpisodeSettings;
  /** What is played again first. */
  readonly steps: readonly TraceStep[];
}

/**
 * Codes: BRANCH_OTHER where the steps aren't of this very game, BRANCH_OVER where nothing comes after them.
 * @param from checked against the game here, since it may come from a stranger's link
 */
export function branchOff(
  { header, steps }: Pick<Trace, 'header' | 'steps'>,
  { replies: _, ...settings }: EpisodeSettings,
  { text, world }: LoadedGame,
): Result<Branch> {
  const same = header.game.sha256 === sha256Text(text);
  if (!same || replayTrace({ header, steps, end: undefined }, world).length > 0) {
    return refuse(
      'BRANCH_OTHER',
      'The steps that this goes on from belong to another version of the game. Play it from the start.',
    );
  }
  if (steps.length === 0 || steps.length >= settings.maxSteps || steps.at(-1)?.won === true) {
    return refuse('BRANCH_OVER', 'Nothing comes after this step. Choose an earlier one to go on from.');
  }
  const { replies } = header.settings;
  return ok({
    branch: { steps: steps.length, student: header.student },
    settings: { ...settings, ...(replies === undefined ? {} : { replies }) },
    // What the other's prompts had no room for says nothing about this player's.
    steps: steps.map((step) => ({ ...step, dropped: { ...step.dropped, turns: 0 } })),
  });
}
