/** How a race stands: the steps of the two, where their ends will stand, and what is going on. */
import { Fragment, type ReactNode } from 'react';
import type { EpisodeState } from '../play/episode-state.ts';
import type { Pair } from './pair.ts';
import { goingOn } from './story.ts';

const GETTING_READY = 'With memory it starts when it has looked up what it remembers.';

/** Who still gets ready has not done it in no step. */
const countOf = ({ phase, steps }: EpisodeState): number | string =>
  phase === 'preparing' ? '…' : steps.length;

/** @param children what is going on in place of racing */
export function Score({ pair, children }: { pair: Pair; children: ReactNode }) {
  const [a, b] = [pair.without.state, pair.withMemory.state];
  const none = a.steps.length + b.steps.length === 0;
  return (
    <div className="score">
      {/* The two columns say it too. */}
      <p className={`outcome-figures ${none ? 'not-yet' : ''}`} aria-hidden="true">
        <b>{countOf(a)}</b>
        <i>→</i>
        <b className={b.end?.end === 'won' ? 'remembered' : ''}>{countOf(b)}</b> steps
      </p>
      {/* Anew where it has another place: nothing was moved about. */}
      <Fragment key={String(none)}>
        {children ?? <p>{b.phase === 'preparing' ? GETTING_READY : goingOn(pair.fresh, a.end, b.end)}</p>}
      </Fragment>
    </div>
  );
}
