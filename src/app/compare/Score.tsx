/** How a race stands: the steps of the two, where their ends will stand, and what is going on. */
import type { ReactNode } from 'react';
import type { Pair } from './pair.ts';
import { goingOn } from './story.ts';

/** @param children what is going on in place of racing */
export function Score({ pair, children }: { pair: Pair; children: ReactNode }) {
  const [a, b] = [pair.without.state, pair.withMemory.state];
  return (
    <div className="score">
      {/* The two columns say it too. */}
      <p className="outcome-figures" aria-hidden="true">
        <b>{a.steps.length}</b>
        <i>→</i>
        <b className={b.end?.end === 'won' ? 'remembered' : ''}>{b.steps.length}</b> steps
      </p>
      {children ?? <p>{goingOn(pair.fresh, a.end, b.end)}</p>}
    </div>
  );
}
