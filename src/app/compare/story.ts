/** What came of a pair, in one line: counted from the two traces, and said also where memory was of no use. */
import type { TraceEnd, TraceStep } from '../../agent/trace.ts';
import { plural } from '../parts/words.ts';

export interface Told {
  readonly end: TraceEnd;
  readonly steps: readonly Pick<TraceStep, 'action'>[];
}

/** Steps that memory saved; fewer than none where it cost some. Undefined where either broke off. */
export function savedSteps(without: TraceEnd, withMemory: TraceEnd): number | undefined {
  const whole = [without, withMemory].every(({ end }) => end === 'won' || end === 'limit');
  return whole ? without.steps - withMemory.steps : undefined;
}

export function story(without: Told, withMemory: Told): string {
  const saved = savedSteps(without.end, withMemory.end);
  const [a, b] = [placesOf(without), placesOf(withMemory)];
  const [lost, won] = [without.end.end === 'limit', withMemory.end.end === 'won'];
  if (saved === undefined) return 'One of the two broke off, so there is nothing to compare.';
  if (lost && !won) return `Neither was done within ${plural(without.end.steps, 'step')}.`;
  if (lost) {
    return `Without memory it ran out of steps after going to ${plural(a, 'place')}. With memory it went to ${b}, and was done.`;
  }
  if (!won) return 'This time memory led it astray: without it the task was done.';
  if (saved > 0) {
    return `Memory saved ${plural(saved, 'step')}: it went to ${plural(b, 'place')}, and without memory to ${a}.`;
  }
  if (saved === 0) return 'Memory made no difference this time.';
  return `This time memory cost ${plural(-saved, 'step')}: it doesn’t always help.`;
}

/** How many different places it went to. */
function placesOf({ steps }: Told): number {
  return new Set(steps.map(({ action }) => action).filter((action) => action.startsWith('go to '))).size;
}
