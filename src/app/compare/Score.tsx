/** How a race stands: the steps of the two, where their ends will stand, and what is going on. */
import type { ReactNode } from 'react';
import type { Pair } from './pair.ts';

/** @param children what is going on in place of racing */
export function Score({
  pair: { without, withMemory, fresh },
  children,
}: {
  pair: Pair;
  children: ReactNode;
}) {
  return (
    <div className="score">
      {/* The two columns say it too. */}
      <p className="outcome-figures" aria-hidden="true">
        <b>{without.state.steps.length}</b>
        <i>→</i>
        <b>{withMemory.state.steps.length}</b> steps
      </p>
      {children ?? (
        <p>
          {fresh
            ? 'Without memory and with it: the fewer steps, the better.'
            : 'So far, without memory and with it.'}
        </p>
      )}
    </div>
  );
}
