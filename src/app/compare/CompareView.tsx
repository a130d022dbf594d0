/** Side by side: the same task by the same student, without memory and with it, as one sets it up oneself. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { MEMORY_NAMES, sentence } from '../parts/words.ts';
import type { Pace } from '../play/Controls.tsx';
import { HomeMemories, pastOf } from '../play/HomeMemories.tsx';
import { Setup } from '../play/Setup.tsx';
import { useGame, useTasks } from '../play/use-game.ts';
import { type PlaySetup, setupParams } from '../route.ts';
import { go } from '../use-route.ts';
import { Column } from './Column.tsx';
import { Interruption } from './Interruption.tsx';
import { Outcome } from './Outcome.tsx';
import { PairControls } from './PairControls.tsx';
import { usePair, usePairSetup } from './pair.ts';

export function CompareView({ params }: { params: URLSearchParams }) {
  const setup = usePairSetup(params);
  const { source, memory } = setup;
  const game = useGame(source);
  const tasks = useTasks(source);
  const [pace, setPace] = useState<Pace>('fast');
  const pair = usePair('compare', setup);
  const change = (changed: Partial<PlaySetup>): void => go('compare', setupParams({ ...setup, ...changed }));
  return (
    <div className="compare">
      <Setup setup={setup} tasks={tasks} current={game?.ok ? game.value.card : undefined} onChange={change} />
      {game !== undefined && !game.ok && <p className="notice bad">{formatRefusal(game.error)}</p>}
      {game?.ok && (
        <>
          <div className="compare-head">
            <h1>{sentence(game.value.card.task)}</h1>
            <PairControls pair={pair} begin="Run both" pace={pace} onPace={setPace} />
          </div>
          {source.kind === 'home' && (
            <HomeMemories key={source.home} home={source.home} {...pastOf(setup, change)} />
          )}
          <Outcome pair={pair} />
          <Interruption pair={pair} />
          <div className="columns">
            <Column title="Without memory" game={game.value} driver={pair.without} />
            <Column
              title={`With memory: ${MEMORY_NAMES[memory]}`}
              game={game.value}
              driver={pair.withMemory}
            />
          </div>
        </>
      )}
    </div>
  );
}
