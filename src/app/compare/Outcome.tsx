/** How a pair ended: the two counts large, and a line of what happened. */
import type { Pair } from './pair.ts';
import { story } from './story.ts';

/** Undefined where either isn't over, or broke off without an end. */
export function outcomeOf({ without, withMemory }: Pair) {
  const [a, b] = [without.state, withMemory.state];
  if (a.end === undefined || b.end === undefined) return undefined;
  return {
    without: { end: a.end, steps: a.steps },
    withMemory: { end: b.end, steps: b.steps },
  };
}

export function Outcome({ pair }: { pair: Pair }) {
  const outcome = outcomeOf(pair);
  if (outcome === undefined) return null;
  const [a, b] = [outcome.without.end, outcome.withMemory.end];
  return (
    <div className="outcome" role="status">
      <p className="outcome-figures">
        <span className="hidden">
          Without memory {TOLD[a.end]} {a.steps} steps, with memory {TOLD[b.end]} {b.steps} steps.
        </span>
        <span aria-hidden="true">
          <b className={a.end === 'won' ? '' : 'unsolved'}>{a.steps}</b>
          <i>→</i>
          <b className={b.end === 'won' ? 'remembered' : 'unsolved'}>{b.steps}</b> steps
        </span>
      </p>
      <p>{story(outcome.without, outcome.withMemory)}</p>
    </div>
  );
}

const TOLD = {
  won: 'solved in',
  limit: 'not solved in',
  stopped: 'stopped after',
  failed: 'broken off after',
} as const;
