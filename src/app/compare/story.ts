/** What came of a pair, in one line: counted from the two traces, and said also where memory was of no use. */
import type { TraceEnd, TraceHeader, TraceStep } from '../../agent/trace.ts';
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

type Over = Pick<TraceEnd, 'end' | 'steps'> | undefined;

/** What is going on, for someone who sees the page for the first time. */
export function goingOn(fresh: boolean, without: Over, withMemory: Over): string {
  if (fresh) return 'Without memory and with it: the fewer steps, the better.';
  if (withMemory?.end === 'won')
    return `With memory it's done in ${plural(withMemory.steps, 'step')}. Without, it's still at it.`;
  if (without?.end === 'won')
    return `Without memory it's done in ${plural(without.steps, 'step')}. With it, it's still at it.`;
  return 'Steps so far: the fewer, the better. A ? is a place not looked into yet.';
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
    return `Memory saved ${plural(saved, 'step')}: it went to ${plural(b, 'place')} instead of ${a}.`;
  }
  if (saved === 0) return 'Memory made no difference this time.';
  return `This time memory cost ${plural(-saved, 'step')}: it doesn't always help.`;
}

/** Whether anything that it was shown, or searched by, is of its own home. */
export function remembersHome({ memory }: Pick<TraceHeader, 'memory'>): boolean {
  const { scripts, trajectory, searched = [] } = memory;
  return searched.length > 0 || [...scripts, trajectory].some((shown) => shown?.ownHome === true);
}

/** How many different places it went to. */
function placesOf({ steps }: Told): number {
  return new Set(steps.map(({ action }) => action).filter((action) => action.startsWith('go to '))).size;
}
