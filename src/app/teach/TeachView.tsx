/**
 * Teach it something: a chore gets a name and a meaning, is shown once by clicking in the house, and is then done in
 * another home by the student that remembers it, beside the one that doesn't. All on one screen, from top to bottom.
 */
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import { formatRefusal } from '../../base/result.ts';
import { parseChore } from '../../homes/own-chore.ts';
import type { OpenedGame, StudentChoice } from '../../protocol/agent.ts';
import { House } from '../house/House.tsx';
import { useBelief } from '../house/use-belief.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { Ending } from '../parts/Ending.tsx';
import { GoalPanel } from '../parts/GoalPanel.tsx';
import { useFollow } from '../parts/use-follow.ts';
import { wantedIn } from '../parts/wanted.ts';
import { plural, sentence } from '../parts/words.ts';
import { useEpisode } from '../play/use-episode.ts';
import { YourTurn } from '../play/YourTurn.tsx';
import { formatRoute, parseSetup, setupParams } from '../route.ts';
import { useStore } from '../store.ts';
import { go } from '../use-route.ts';
import { agent } from '../worker-client.ts';
import { ChoreForm } from './ChoreForm.tsx';
import { type HomeWith, useHomeWith } from './use-home-with.ts';
import { Watch } from './Watch.tsx';

const PracticePanel = lazy(async () => ({
  default: (await import('../practice/PracticePanel.tsx')).PracticePanel,
}));

export function TeachView({ params }: { params: URLSearchParams }) {
  const setup = useMemo(() => parseSetup(params), [params]);
  const { source } = setup;
  const chore = source.kind === 'home' ? source.chore : undefined;
  const first = source.kind === 'home' ? source.home : 0;
  const shown = useHomeWith(chore, first);
  const student = setup.student === 'human' ? 'scripted' : setup.student;
  return (
    <div className="teach">
      <h1>Teach it something</h1>
      <section className="lesson" aria-labelledby="lesson-1">
        <h2 id="lesson-1">1. Say what it's called and what it means</h2>
        <ChoreForm
          key={chore}
          chore={chore}
          onMake={(made) =>
            go(
              'teach',
              setupParams({ ...setup, source: { kind: 'home', home: first, task: 0, chore: made } }),
            )
          }
        />
      </section>
      {chore === undefined && <WhatComes />}
      {chore !== undefined && (
        <section className="lesson" aria-labelledby="lesson-2">
          <ShowHeading key={chore} />
          {shown === undefined && <p className="quiet">Looking for a home where it can be done …</p>}
          {shown?.game.ok === false && <p className="notice bad">{formatRefusal(shown.game.error)}</p>}
          {shown?.game.ok && (
            <Show
              key={`${chore} ${shown.home}`}
              chore={chore}
              home={shown}
              game={shown.game.value}
              student={student}
            />
          )}
        </section>
      )}
      {chore !== undefined && student === 'pocket' && <Practise key={chore} chore={chore} />}
    </div>
  );
}

/** Takes the focus from "Show it", which is done: until the house is there, or where that is out of sight. */
function ShowHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useFollow(heading);
  return (
    <h2 id="lesson-2" ref={heading} tabIndex={-1}>
      2. Show it once
    </h2>
  );
}

/** The rest of the lesson, before it has begun. */
function WhatComes() {
  return (
    <ol className="what-comes quiet" start={2}>
      <li>Show it once: you do it, by clicking in a house.</li>
      <li>See it done in a home where nobody showed it, beside the same student without the memory.</li>
    </ol>
  );
}

/** The other way to teach it: the student itself changes. Its code is fetched when someone wants it. */
function Practise({ chore }: { chore: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="lesson" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Or let it practise, so that it needs no memory for it</summary>
      {open && (
        <Suspense fallback={<p className="quiet">Opening …</p>}>
          <PracticePanel chore={chore} />
        </Suspense>
      )}
    </details>
  );
}

interface ShowProps {
  readonly chore: string;
  readonly home: HomeWith;
  readonly game: OpenedGame;
  readonly student: Exclude<StudentChoice, 'human'>;
}

function Show({ chore, home: { home }, game: { card, intro, goal }, student }: ShowProps) {
  const source = useMemo(() => ({ kind: 'home', home, task: 0, chore }) as const, [home, chore]);
  const address = formatRoute('teach', { home: String(home), task: '0', chore });
  const driver = useEpisode(
    // What is shown once becomes a memory.
    { name: 'teach', href: address, learning: true },
    { source, student: 'human', settings: { ...DEFAULT_SETTINGS, ...ON_STAGE, memory: 'none' }, seed: 0 },
  );
  const { state } = driver;
  const { phase, steps } = state;
  const begin = useRef(driver.run);
  begin.current = driver.run;
  // Whoever came this far wants to show it: nobody presses another button first.
  useEffect(() => {
    if (phase === 'idle') begin.current(0);
  }, [phase]);
  const learnt = useStore(driver.learnt);
  // While the person shows it, what comes after is got ready.
  useEffect(() => {
    if (student === 'pocket') void agent().warmUp(student, true);
  }, [student]);
  const belief = useBelief(intro, steps);
  const wanted = useMemo(() => new Set([...wantedIn(card.task), ...placeOf(chore)]), [card, chore]);
  const won = state.end?.end === 'won';
  return (
    <>
      <GoalPanel goal={state.goal ?? goal} />
      <p className="show-task">
        <b>{sentence(card.task)}</b>{' '}
        <span className="quiet">
          {plural(steps.length, 'step')} of {DEFAULT_SETTINGS.maxSteps}
        </span>
      </p>
      {!won && <House belief={belief} wanted={wanted} admissible={state.admissible} onAct={driver.act} />}
      {!won && phase !== 'ended' && (
        <YourTurn
          admissible={state.admissible}
          onAct={driver.act}
          onUndo={steps.length > 0 ? driver.undo : undefined}
          steps={steps}
        />
      )}
      {state.interruption !== undefined && (
        <p className="notice" role="status">
          {state.interruption} <Button onClick={() => driver.run(0)}>Go on</Button>
        </p>
      )}
      {phase === 'ended' && <Ending end={state.end} refusal={state.refusal} />}
      {phase === 'ended' && (
        <p className="row">
          <LinkButton onClick={driver.reset}>Show it again</LinkButton>
        </p>
      )}
      {typeof learnt === 'object' && <p className="notice bad">{formatRefusal(learnt)}</p>}
      {won && learnt === 'no' && (
        <p className="quiet" role="status">
          Keeping it as a memory …
        </p>
      )}
      {learnt === 'yes' && <Watch chore={chore} from={home + 1} student={student} />}
    </>
  );
}

/** The type of place that only the person knows of. */
function placeOf(chore: string): readonly string[] {
  const parsed = parseChore(chore);
  return parsed.ok && parsed.value.place !== undefined ? [parsed.value.place.toLowerCase()] : [];
}
