/** Plays a trace again through the engine, without a model, and compares everything that the engine and the parsing of replies decide. */
import type { Episode, World } from '../engine/index.ts';
import { parseReply } from './reply.ts';
import type { Trace } from './trace.ts';

export interface TraceMismatch {
  /** 0: the start; else the step. */
  readonly step: number;
  readonly what: 'intro' | 'task' | 'thought' | 'action' | 'outcome' | 'observation' | 'won';
  readonly recorded: string;
  readonly replayed: string;
}

/**
 * Every difference between a trace and its replay in the world, in order; none for a true trace.
 * @param episode of the world, at its start: whoever watches it gives their own
 * @param onStep called after each step
 */
export function replayTrace(
  { header, steps, end }: Trace,
  world: World,
  episode: Pick<Episode, 'step' | 'won'> = world.start(),
  onStep: () => void = () => {},
): TraceMismatch[] {
  const mismatches: TraceMismatch[] = [];
  const compare = (step: number, what: TraceMismatch['what'], recorded: string, replayed: string): void => {
    if (recorded !== replayed) mismatches.push({ step, what, recorded, replayed });
  };
  compare(0, 'intro', header.intro, world.intro);
  compare(0, 'task', header.task, world.task);
  for (const recorded of steps) {
    const { step } = recorded;
    const parsed = parseReply(recorded.reply, recorded.finish, header.settings.replies);
    compare(step, 'thought', recorded.thought, parsed.thought);
    compare(step, 'action', recorded.action, parsed.action);
    compare(step, 'outcome', recorded.outcome, parsed.outcome);
    compare(step, 'observation', recorded.observation, episode.step(recorded.action));
    compare(step, 'won', String(recorded.won), String(episode.won));
    onStep();
  }
  // What counts is the end, and an end without steps has no step that says whether it was won.
  if (steps.length === 0 && end !== undefined)
    compare(0, 'won', String(end.end === 'won'), String(episode.won));
  return mismatches;
}
