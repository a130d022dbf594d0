/** Side by side: the same task by the same student, without memory and with it, as one sets it up oneself. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { strengthOf } from '../../students/smollm2/base.ts';
import { MEMORY_NAMES, sentence } from '../parts/words.ts';
import { HomeMemories, pastOf } from '../play/HomeMemories.tsx';
import type { Pace } from '../play/PaceSelect.tsx';
import { Setup } from '../play/Setup.tsx';
import { useGame, useTasks } from '../play/use-game.ts';
import { isLivedIn, type PlaySetup, setupParams } from '../route.ts';
import { go } from '../use-route.ts';
import { Columns } from './Columns.tsx';
import { FourColumns } from './FourColumns.tsx';
import { Interruption } from './Interruption.tsx';
import { PairControls } from './PairControls.tsx';
import { missingPast, PairOutcome } from './PairOutcome.tsx';
import { driveTogether, usePair, usePairSetup } from './pair.ts';

export function CompareView({ params }: { params: URLSearchParams }) {
  const setup = usePairSetup(params);
  const { source, memory } = setup;
  const game = useGame(source);
  const tasks = useTasks(source);
  const [pace, setPace] = useState<Pace>('fast');
  // A student that was distilled on this device is seen beside its base.
  const four = setup.student === 'smollm2' && strengthOf(setup.model) > 0;
  const pair = usePair('compare', setup);
  const base = usePair('compare', setup, true);
  const all = four ? driveTogether([base.without, base.withMemory, pair.without, pair.withMemory]) : pair;
  const change = (changed: Partial<PlaySetup>): void => go('compare', setupParams({ ...setup, ...changed }));
  return (
    <div className="compare">
      <Setup
        setup={setup}
        tasks={tasks}
        current={game?.ok ? game.value : undefined}
        onChange={change}
        pair={true}
      />
      {game !== undefined && !game.ok && <p className="notice bad">{formatRefusal(game.error)}</p>}
      {game?.ok && (
        <>
          <div className="compare-head">
            <h1>{sentence(game.value.card.task)}</h1>
            <PairControls
              pair={all}
              {...(four && { all: 'all four' })}
              begin={four ? 'Run all four' : 'Run both'}
              pace={pace}
              onPace={setPace}
            />
          </div>
          {source.kind === 'home' && (
            <HomeMemories key={source.home} home={source.home} {...pastOf(setup, change)} />
          )}
          {!four && <PairOutcome pair={pair} missing={missingPast(pair, isLivedIn(setup))} />}
          <Interruption pair={pair} />
          {four ? (
            <FourColumns base={base} distilled={pair} memory={MEMORY_NAMES[memory]} game={game.value} />
          ) : (
            <Columns
              titles={['Without memory', `With memory: ${MEMORY_NAMES[memory]}`]}
              game={game.value}
              pair={pair}
            />
          )}
        </>
      )}
    </div>
  );
}
