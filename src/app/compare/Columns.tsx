/** The two columns of a pair, and what stands in their place until they are drawn. */
import { startTransition, useEffect, useState } from 'react';
import type { OpenedGame } from '../../protocol/agent.ts';
import { useMedia } from '../parts/use-media.ts';
import { Column } from './Column.tsx';
import type { Pair } from './pair.ts';

interface ColumnsProps {
  readonly titles: readonly [string, string];
  /** Undefined while it is being made. */
  readonly game: OpenedGame | undefined;
  readonly pair: Pair;
}

export function Columns({ titles, game, pair: { without, withMemory } }: ColumnsProps) {
  const drawn = useOneByOne(game !== undefined);
  return (
    <div className="columns">
      {[without, withMemory].map(({ state, saying }, i) => {
        const title = titles[i] ?? '';
        return game !== undefined && i < drawn ? (
          <Column key={title} title={title} game={game} state={state} saying={saying} />
        ) : (
          <section key={`outline ${title}`} className="column" aria-label={title}>
            <div className="column-head">
              <h2>{title}</h2>
            </div>
            <div className="outline" />
            <div className="now" />
          </section>
        );
      })}
    </div>
  );
}

/**
 * How many are drawn: each in a frame of its own, since two houses at once would keep the page from answering. But both
 * at once where one stands above the other, and its true height would move the other.
 */
function useOneByOne(ready: boolean): number {
  const [drawn, setDrawn] = useState(0);
  const stacked = useMedia('(max-width: 900px)');
  useEffect(() => {
    if (!ready) {
      setDrawn(0);
      return;
    }
    if (drawn === 2) return;
    const frame = requestAnimationFrame(() => startTransition(() => setDrawn(stacked ? 2 : drawn + 1)));
    return () => cancelAnimationFrame(frame);
  }, [ready, drawn, stacked]);
  return drawn;
}
