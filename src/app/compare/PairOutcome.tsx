/** How a pair ended: the two counts large, and a line of what happened. */
import { formatRefusal } from '../../base/result.ts';
import type { Pair } from './pair.ts';
import { remembersHome, story } from './story.ts';

/** Undefined where either isn't over, or broke off without an end. */
export function outcomeOf({ without, withMemory }: Pair) {
  const [a, b] = [without.state, withMemory.state];
  if (a.end === undefined || b.end === undefined) return undefined;
  return {
    without: { end: a.end, steps: a.steps },
    withMemory: { end: b.end, steps: b.steps },
  };
}

/** What was to be remembered and wasn't, as a sentence. @param livedIn the home has a past */
export function missingPast({ withMemory: { state } }: Pair, livedIn: boolean): string | undefined {
  const { header, unkept } = state;
  if (!livedIn || header === undefined || remembersHome(header)) return undefined;
  return unkept === undefined
    ? 'It remembers nothing of this home.'
    : `It remembers nothing of this home. ${formatRefusal(unkept)}`;
}

/** @param missing what is said besides ({@link missingPast}) */
export function PairOutcome({ pair, missing }: { pair: Pair; missing?: string | undefined }) {
  const outcome = outcomeOf(pair);
  return (
    // There from the start: what a region holds when it appears isn't read out.
    <div className="outcome" role="status">
      {outcome !== undefined && <Told {...outcome} missing={missing} />}
    </div>
  );
}

type ToldProps = NonNullable<ReturnType<typeof outcomeOf>> & { readonly missing: string | undefined };

function Told({ without, withMemory, missing }: ToldProps) {
  const [a, b] = [without.end, withMemory.end];
  return (
    <>
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
      <p>
        {story(without, withMemory)} {missing}
      </p>
    </>
  );
}

const TOLD = {
  won: 'solved in',
  limit: 'not solved in',
  stopped: 'stopped after',
  failed: 'broken off after',
} as const;
