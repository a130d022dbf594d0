/** Play: the house, the conversation beside it, the memories, and the buttons. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import { formatRefusal } from '../../base/result.ts';
import { House } from '../house/House.tsx';
import { useBelief } from '../house/use-belief.ts';
import { ConversationPanel } from '../parts/ConversationPanel.tsx';
import { Ending } from '../parts/Ending.tsx';
import { GoalPanel } from '../parts/GoalPanel.tsx';
import { MemoriesPanel } from '../parts/MemoriesPanel.tsx';
import { namedBy } from '../parts/named-by.ts';
import { canBeRead, Reading } from '../parts/Reading.tsx';
import { ReplyFigures } from '../parts/ReplyFigures.tsx';
import { useTitle } from '../parts/use-title.ts';
import { hasReasons, Why } from '../parts/Why.tsx';
import { wantedIn } from '../parts/wanted.ts';
import { takePlay } from '../parts/wanted-play.ts';
import { STUDENT_NAMES, sentence } from '../parts/words.ts';
import { SharePanel } from '../replay/SharePanel.tsx';
import { type OpenedTrace, useReplay } from '../replay/use-replay.ts';
import { formatRoute, isLivedIn, type PlaySetup, parseSetup, setupParams } from '../route.ts';
import { go } from '../use-route.ts';
import { BranchNote, NoBranch } from './BranchNote.tsx';
import { Controls } from './Controls.tsx';
import type { EpisodeState } from './episode-state.ts';
import { HomeMemories, pastOf } from './HomeMemories.tsx';
import { MemoryLine } from './MemoryLine.tsx';
import { Onward } from './Onward.tsx';
import { type Pace, restOf } from './PaceSelect.tsx';
import { Setup } from './Setup.tsx';
import { type EpisodeDriver, useEpisode } from './use-episode.ts';
import { useGame, useTasks } from './use-game.ts';
import { useReadAhead } from './use-read-ahead.ts';
import { YourTurn } from './YourTurn.tsx';

export function PlayView({ params }: { params: URLSearchParams }) {
  const setup = useMemo(() => parseSetup(params), [params]);
  const { from } = setup;
  const off = useReplay(from === undefined ? undefined : { packed: from });
  if (from === undefined) return <Play setup={setup} off={undefined} />;
  if (off === undefined) return <p className="quiet loading">Going back to where it branches off …</p>;
  if (!off.ok) return <NoBranch setup={setup} refusal={off.error} />;
  return <Play setup={setup} off={off.value} />;
}

interface PlayProps {
  readonly setup: PlaySetup;
  /** What it branches off from. */
  readonly off: OpenedTrace | undefined;
}

function Play({ setup, off }: PlayProps) {
  const game = useGame(setup.source);
  const tasks = useTasks(setup.source);
  const [pace, setPace] = useState<Pace>('readable');
  const { source, student, memory, k, scripts, model, thinking } = setup;
  const learning = setup.learning === true && memory !== 'none' && source.kind === 'home';
  const driver = useEpisode(
    { name: 'play', href: formatRoute('play', setupParams(setup)), learning, livedIn: isLivedIn(setup) },
    {
      source,
      student,
      settings: { ...DEFAULT_SETTINGS, ...ON_STAGE, memory, k, scripts, ...(thinking && { thinking }) },
      seed: 0,
      ...(model === undefined ? {} : { model }),
      ...(off === undefined ? {} : { from: { header: off.trace.header, steps: off.trace.steps } }),
    },
  );
  const { state } = driver;
  const person = student === 'human';
  // Whoever asked for it on another view doesn't ask a second time.
  const begin = useRef(() => {});
  begin.current = () => driver.run(person ? 0 : restOf(pace));
  const waiting = state.phase === 'idle';
  useEffect(() => {
    if (waiting && takePlay()) begin.current();
  }, [waiting]);
  // Another game goes on from nothing.
  const change = (changed: Partial<PlaySetup>): void =>
    go('play', setupParams({ ...setup, ...(changed.source ? { from: undefined } : {}), ...changed }));

  const opened = game?.ok ? game.value : undefined;
  useTitle(opened && sentence(opened.card.task));
  const read = useReadAhead(driver, waiting && opened !== undefined);
  const intro = opened?.intro ?? '';
  const belief = useBelief(intro, state.steps);
  const wanted = useMemo(() => wantedIn(opened?.card.ownTask ?? opened?.card.task ?? ''), [opened]);

  const { header, steps } = state;
  const stage = useRef<HTMLDivElement>(null);
  const naming = useMemo(() => namedBy(header?.memory, steps.at(-1)?.action), [header, steps]);
  const { questions, answers } = useQuestions(state);

  return (
    <div className="play">
      <Setup setup={setup} tasks={tasks} current={opened} onChange={change} />
      {game !== undefined && !game.ok && <p className="notice bad">{formatRefusal(game.error)}</p>}
      {game === undefined && <p className="quiet loading">Furnishing the house …</p>}
      {opened !== undefined && (
        <div className="stage" ref={stage}>
          <MemoryLine stage={stage} naming={naming} />
          <div className="stage-house">
            <GoalPanel
              task={opened.card.task}
              readAs={header?.readAs}
              goal={state.goal ?? off?.replayed.goals?.at(-1) ?? opened.goal}
            />
            <House
              belief={belief}
              wanted={wanted}
              {...(person ? { admissible: state.admissible, onAct: driver.act } : {})}
            />
          </div>
          <Talk
            setup={setup}
            off={off}
            driver={driver}
            read={read}
            pace={pace}
            onPace={setPace}
            {...questions}
          />
          <section className="stage-memories panel" aria-labelledby="memories-heading">
            <h2 id="memories-heading">Memories for this task</h2>
            {memory !== 'none' && source.kind === 'home' && (
              <HomeMemories
                key={source.home}
                home={source.home}
                {...pastOf(setup, change)}
                learning={{
                  on: setup.learning === true,
                  change: (on) => go('play', setupParams({ ...setup, learning: on }), true),
                }}
                learnt={driver.learnt}
              />
            )}
            <MemoriesPanel
              header={state.header}
              recallMs={state.recallMs}
              unkept={state.unkept}
              naming={naming}
            />
            {answers}
          </section>
        </div>
      )}
    </div>
  );
}

interface TalkProps extends PlayProps {
  readonly driver: EpisodeDriver;
  /** The student has read how the episode opens, though it isn't begun. */
  readonly read: boolean;
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
  readonly onWhy?: ((step: number) => void) | undefined;
  readonly onRead?: ((step: number) => void) | undefined;
}

/** The episode's course: its buttons, and what was said and done. */
function Talk({ setup, off, driver, read, pace, onPace, ...questions }: TalkProps) {
  const { state } = driver;
  const { header, steps, end } = state;
  const { student } = setup;
  const person = student === 'human';
  const takenOver = off?.trace.steps.length ?? 0;
  const trace = useMemo(
    () => (header === undefined || end === undefined ? undefined : { header, steps, end }),
    [header, steps, end],
  );
  return (
    <section className="stage-talk" aria-labelledby="talk-heading">
      <h2 id="talk-heading">
        {person ? 'Your turns' : `${STUDENT_NAMES[student]} at work`}
        <span className="count">
          step {steps.length} of {DEFAULT_SETTINGS.maxSteps}
        </span>
      </h2>
      <div className="control-bar">
        <Caption state={state} />
        {state.phase === 'ended' && <Onward setup={setup} />}
        <Controls driver={driver} person={person} pace={pace} onPace={onPace} />
      </div>
      {off !== undefined && <BranchNote setup={setup} off={off} />}
      {state.interruption !== undefined && (
        <p className="notice" role="status">
          {state.interruption}
        </p>
      )}
      {person && (state.phase === 'running' || state.phase === 'asking') && (
        <YourTurn
          admissible={state.admissible}
          onAct={driver.act}
          onUndo={steps.length > takenOver ? driver.undo : undefined}
          steps={steps}
        />
      )}
      <ConversationPanel
        steps={state.steps}
        saying={driver.saying}
        takenOver={takenOver}
        {...questions}
        empty={
          person
            ? 'You see the room as the agent would. Go somewhere and look.'
            : `Nothing said yet. Run shows every thought, action and observation here.${
                read ? ` ${STUDENT_NAMES[student]} has read the task already and begins at once.` : ''
              }`
        }
        {...(state.phase === 'ended' ? { ending: <Ending end={state.end} refusal={state.refusal} /> } : {})}
      />
      <ReplyFigures steps={state.steps} />
      {trace !== undefined && <SharePanel trace={trace} replayable={true} />}
    </section>
  );
}

/** What can be asked about the steps of an episode, and the answers to what was. */
function useQuestions({ header, steps, end }: EpisodeState) {
  /** Which step of which episode was asked about. */
  const [asked, setAsked] = useState<{ readonly of: typeof header; readonly step: number }>();
  /** Before which step of which episode what the student read is shown. */
  const [reading, setReading] = useState<{ readonly of: typeof header; readonly step: number }>();
  const questions = useMemo(() => {
    if (header === undefined) return {};
    return {
      onWhy: hasReasons(header) ? (step: number) => setAsked({ of: header, step }) : undefined,
      onRead: canBeRead(header) ? (step: number) => setReading({ of: header, step }) : undefined,
    };
  }, [header]);
  const answers = header !== undefined && (
    <>
      {reading?.of === header && (
        <section className="panel" aria-labelledby="reading-heading">
          <h2 id="reading-heading">What it read before step {reading.step}</h2>
          <Reading trace={{ header, steps, end }} step={reading.step} />
        </section>
      )}
      {asked?.of === header && (
        <section className="panel" aria-labelledby="why-heading">
          <h2 id="why-heading">Why step {asked.step}</h2>
          <Why trace={{ header, steps, end }} step={asked.step} asked />
        </section>
      )}
    </>
  );
  return { questions, answers };
}

/** What just happened, for screens where the conversation is out of sight; also read out. */
function Caption({ state: { steps, phase, end } }: { state: EpisodeState }) {
  const last = steps.at(-1);
  const text =
    phase === 'ended' && end?.end === 'won'
      ? `Solved in ${end.steps} steps.`
      : last === undefined
        ? ''
        : `${last.step}: ${last.action}`;
  return (
    <p className="caption" role="status">
      {text}
    </p>
  );
}
