/**
 * A student with its base: both without memory and with it, by one clock (the paper's figure 1 and its table 1, live). On
 * a phone two at a time.
 */
import { useState } from 'react';
import type { OpenedGame } from '../../protocol/agent.ts';
import { Button } from '../parts/Button.tsx';
import { plural } from '../parts/words.ts';
import type { EpisodeState } from '../play/episode-state.ts';
import { Column } from './Column.tsx';
import type { Pair } from './pair.ts';

interface FourColumnsProps {
  readonly base: Pair;
  readonly distilled: Pair;
  /** The memory's name. */
  readonly memory: string;
  readonly game: OpenedGame;
}

export function FourColumns({ base, distilled, memory, game }: FourColumnsProps) {
  const [shown, setShown] = useState<'base' | 'distilled'>('distilled');
  const rows = [
    ['Base', 'base', base],
    ['Distilled', 'distilled', distilled],
  ] as const;
  return (
    <>
      <table className="four-outcome">
        <caption className="hidden">Progress of all four</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Without memory</th>
            <th scope="col">{memory}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, , pair]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{toldOf(pair.without.state)}</td>
              <td>{toldOf(pair.withMemory.state)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset className="controls which-two">
        <legend className="hidden">Which two are shown</legend>
        {rows.map(([name, which]) => (
          <Button key={name} aria-pressed={shown === which} onClick={() => setShown(which)}>
            {name}
          </Button>
        ))}
      </fieldset>
      <div className="columns four">
        {rows.map(([name, which, pair]) => (
          <div key={name} className={which === shown ? 'two' : 'two aside'}>
            <Column
              title={`${name}, without memory`}
              game={game}
              state={pair.without.state}
              saying={pair.without.saying}
            />
            <Column
              title={`${name}, with memory: ${memory}`}
              game={game}
              state={pair.withMemory.state}
              saying={pair.withMemory.saying}
            />
          </div>
        ))}
      </div>
    </>
  );
}

function toldOf({ end, steps, phase, refusal }: EpisodeState): string {
  const count = plural(steps.length, 'step');
  if (refusal !== undefined) return "can't play";
  if (end === undefined) return phase === 'idle' ? '–' : `${count} so far`;
  if (end.end === 'won') return `solved in ${count}`;
  return end.end === 'limit' ? `not solved in ${count}` : `ended after ${count}`;
}
