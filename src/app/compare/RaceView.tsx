/**
 * The race: what a stranger meets first. The same student does the same task in the same home twice, without memory
 * and with it; it starts by itself on a first visit, and ends in two figures and what one would do next.
 */

import { useEffect, useRef, useState } from 'react';
import { readOwn } from '../../base/read-json.ts';
import { formatRefusal } from '../../base/result.ts';
import { PAST_TASKS } from '../../homes/page-homes.ts';
import { useTask } from '../activities/task.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { LIVED_IN, lede, modelOf } from '../parts/lede.ts';
import { useFollow } from '../parts/use-follow.ts';
import { useTitle } from '../parts/use-title.ts';
import { wantPlay } from '../parts/wanted-play.ts';
import { STUDENT_NAMES, sentence } from '../parts/words.ts';
import { HELD_UP } from '../play/episode-work.ts';
import { learning } from '../play/home-past.ts';
import { type Pace, restOf } from '../play/PaceSelect.tsx';
import { useGame } from '../play/use-game.ts';
import { isLivedIn, type PlaySetup, setupParams } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { go } from '../use-route.ts';
import { Columns } from './Columns.tsx';
import { Interruption } from './Interruption.tsx';
import { nextHome } from './next-home.ts';
import { PairControls } from './PairControls.tsx';
import { missingPast, outcomeOf, PairOutcome } from './PairOutcome.tsx';
import { type Pair, usePair, usePairSetup } from './pair.ts';
import { Score } from './Score.tsx';
import { countSaving, raceOf, savings } from './savings.ts';
import { takeStart, wantStart } from './start.ts';
import { savedSteps } from './story.ts';

/** Milliseconds that the end of a race is shown before the next one, where it plays on. */
const SHOWN = 6000;

/** Whether one race follows the other by itself. */
const playsOn = new Store(false);

const TITLES = ['Without memory', 'With memory'] as const;

export function RaceView({ params }: { params: URLSearchParams }) {
  const setup = usePairSetup(params);
  const game = useGame(setup.source);
  const pair = usePair('race', setup);
  const [pace, setPace] = useState<Pace>('fast');
  const on = useStore(playsOn);
  const ready = game?.ok === true;
  useTitle(ready ? sentence(game.value.card.task) : undefined);
  useStart(pair, ready, restOf(pace));
  useSavings(pair, raceOf(setup));
  const { over } = pair;
  const past = usePast(setup);
  const livedIn = isLivedIn(setup);
  const missing = missingPast(pair, livedIn);
  const interrupted = [pair.without, pair.withMemory].some(({ state }) => state.interruption !== undefined);
  const next = JSON.stringify(nextOf(setup));
  useEffect(() => {
    if (!on || !over) return;
    const timer = setTimeout(() => onward(readOwn<PlaySetup>(next)), SHOWN);
    return () => clearTimeout(timer);
  }, [on, over, next]);
  return (
    <div className="race">
      <div className="race-head">
        <p className="lede">{ledeOf(setup, livedIn && missing === undefined)}</p>
        <h1>{ready ? sentence(game.value.card.task) : 'Furnishing the house …'}</h1>
        <div className="race-end">
          <PairOutcome pair={pair} missing={missing} />
          {!over && (interrupted ? <Interruption pair={pair} /> : <Score pair={pair}>{past}</Score>)}
        </div>
        {/* Another one at the end: what appears anew has not been moved about. */}
        <div className="control-bar" key={over ? 'end' : 'play'}>
          {over && <Onward setup={setup} />}
          <div className="row">
            <label className="check">
              <input type="checkbox" checked={on} onChange={(event) => playsOn.set(event.target.checked)} />
              Keep racing
            </label>
            <PairControls pair={pair} begin="Start" pace={pace} onPace={setPace} />
          </div>
          <Saved />
        </div>
      </div>
      {game !== undefined && !game.ok && <p className="notice bad">{formatRefusal(game.error)}</p>}
      {game?.ok !== false && <Columns titles={TITLES} game={game?.value} pair={pair} />}
    </div>
  );
}

/** How far the teacher is with the home's past, while it is at it. */
function usePast({ source }: PlaySetup): React.ReactNode {
  const { progress } = useTask(learning(source.kind === 'home' ? String(source.home) : ''));
  return progress === undefined ? undefined : (
    <p role="status">
      With memory it waits: first the teacher does {PAST_TASKS} tasks here, {progress.tried} done …
    </p>
  );
}

/** What this is, in a sentence. */
function ledeOf({ student }: PlaySetup, livedIn: boolean): string {
  const who = student === 'pocket' ? modelOf(__POCKET_BYTES__) : STUDENT_NAMES[student];
  return lede(who, livedIn ? LIVED_IN : 'what is in its memory bank');
}

/** What one would do next. */
function Onward({ setup }: { setup: PlaySetup }) {
  const first = useRef<HTMLButtonElement>(null);
  useFollow(first);
  const { source } = setup;
  return (
    <fieldset className="onward">
      <legend className="hidden">What next</legend>
      <PrimaryButton ref={first} onClick={() => onward(nextOf(setup))}>
        Next task
      </PrimaryButton>
      <Button onClick={() => go('teach')}>Teach it something</Button>
      <Button
        onClick={() => {
          wantPlay();
          go('play', setupParams({ ...setup, student: 'human' }));
        }}
      >
        Let me try
      </Button>
      {source.kind === 'home' && (
        <Button
          onClick={() => onward({ ...setup, source: { kind: 'home', home: nextHome(source.home), task: 0 } })}
        >
          Another home
        </Button>
      )}
    </fieldset>
  );
}

function nextOf(setup: PlaySetup): PlaySetup {
  const { source } = setup;
  return source.kind === 'home' ? { ...setup, source: { ...source, task: source.task + 1 } } : setup;
}

function onward(setup: PlaySetup): void {
  wantStart();
  go('race', setupParams(setup));
}

/** Starts a race that is wanted once it is in sight, and goes on with one that a hidden tab held up. */
function useStart(pair: Pair, ready: boolean, restMs: number): void {
  const latest = useRef(pair);
  latest.current = pair;
  const rest = useRef(restMs);
  rest.current = restMs;
  /** It was held up by the tab being hidden, not by the person. */
  const heldUp = [pair.without, pair.withMemory].some(({ state }) => state.interruption === HELD_UP);
  useEffect(() => {
    if (!ready) return;
    let wanted = latest.current.fresh && takeStart();
    const look = (): void => {
      if (document.hidden || !(wanted || heldUp)) return;
      wanted = false;
      latest.current.run(rest.current);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      if (wanted) wantStart();
    };
  }, [ready, heldUp]);
}

/** Counts what memory saved in a race that is over. */
function useSavings(pair: Pair, race: string): void {
  const outcome = outcomeOf(pair);
  const saved = outcome && savedSteps(outcome.without.end, outcome.withMemory.end);
  useEffect(() => {
    if (saved !== undefined) countSaving(race, saved);
  }, [saved, race]);
}

function Saved() {
  const races = [...useStore(savings).values()];
  const saved = races.reduce((sum, one) => sum + one, 0);
  return (
    <p className="saved quiet">
      {races.length > 1 && (
        <>
          Memory has {saved < 0 ? 'cost' : 'saved'} <b>{Math.abs(saved)}</b> steps in {races.length} races.
        </>
      )}
    </p>
  );
}
