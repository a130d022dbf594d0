/** Replay: an episode from its trace, step by step, without a model. */
import { useEffect, useMemo, useState } from 'react';
import { toldTask } from '../../agent/trace.ts';
import { formatRefusal } from '../../base/result.ts';
import { House } from '../house/House.tsx';
import { useBelief } from '../house/use-belief.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { ConversationPanel } from '../parts/ConversationPanel.tsx';
import { Ending } from '../parts/Ending.tsx';
import { GoalPanel } from '../parts/GoalPanel.tsx';
import { MemoriesPanel } from '../parts/MemoriesPanel.tsx';
import { ReplyFigures } from '../parts/ReplyFigures.tsx';
import { useDescription, useTitle } from '../parts/use-title.ts';
import { Why } from '../parts/Why.tsx';
import { wantedIn } from '../parts/wanted.ts';
import { episodeTitle, inSentence, MEMORY_NAMES, plural, processorOf, studentName } from '../parts/words.ts';
import { bare } from '../route.ts';
import { BranchOff } from './BranchOff.tsx';
import { SharePanel } from './SharePanel.tsx';
import { type OpenedTrace, useReplay } from './use-replay.ts';
import { Welcome } from './Welcome.tsx';

const BEAT = 900;

export function ReplayView({ params }: { params: URLSearchParams }) {
  const [packed, kept] = [params.get('t'), params.get('id')];
  const source = packed !== null ? { packed } : kept !== null ? { kept: bare(kept) } : undefined;
  const opened = useReplay(source);
  if (source === undefined) return <Welcome />;
  if (opened === undefined) return <p className="quiet loading">Playing the trace again …</p>;
  if (!opened.ok) {
    return (
      <>
        <p className="notice bad">{formatRefusal(opened.error)}</p>
        <Welcome />
      </>
    );
  }
  return <Replay opened={opened.value} />;
}

function Replay({ opened }: { opened: OpenedTrace }) {
  const { trace, replayed } = opened;
  const { header, steps, end } = trace;
  const last = steps.length;
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    if (at >= last) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => setAt(at + 1), BEAT);
    return () => clearTimeout(timer);
  }, [playing, at, last]);
  const shown = useMemo(() => steps.slice(0, at), [steps, at]);
  const belief = useBelief(header.intro, shown);
  const wanted = useMemo(() => wantedIn(toldTask(header)), [header]);
  const { student, settings } = header;
  const title = episodeTitle(trace);
  useTitle(title);
  useDescription(
    `${title}, ${inSentence(MEMORY_NAMES[settings.memory])}: every step, thought and memory of it.`,
  );
  return (
    <div className="play">
      <p className="quiet facts">
        A replay: {student.name === student.kind ? studentName(student.kind) : student.name}
        {student.device === undefined ? '' : ` on ${processorOf(student.device)}`},{' '}
        {inSentence(MEMORY_NAMES[settings.memory])}, {plural(last, 'step')}
        {header.branch === undefined
          ? ''
          : `, the first ${header.branch.steps} from an episode by ${studentName(header.branch.student.kind)}`}
        . <Verdict replayed={replayed} />
      </p>
      <div className="stage">
        <div className="stage-house">
          <GoalPanel task={header.task} readAs={header.readAs} goal={replayed.goals?.[at] ?? []} />
          <House belief={belief} wanted={wanted} />
        </div>
        <section className="stage-talk" aria-labelledby="talk-heading">
          <h2 id="talk-heading">
            Step {at} of {last}
          </h2>
          <div className="control-bar">
            <input
              type="range"
              className="timeline"
              min={0}
              max={last}
              value={at}
              aria-label="Step of the replay"
              onChange={(event) => {
                setPlaying(false);
                setAt(event.target.valueAsNumber);
              }}
            />
            <fieldset className="controls">
              <legend className="hidden">Replay</legend>
              <PrimaryButton
                onClick={() => {
                  if (at >= last) setAt(0);
                  setPlaying(!playing);
                }}
              >
                {playing ? 'Pause' : at >= last ? 'From the start' : 'Play'}
              </PrimaryButton>
              <Button disabled={at === 0} onClick={() => setAt(at - 1)}>
                Back
              </Button>
              <Button disabled={at === last} onClick={() => setAt(at + 1)}>
                Forward
              </Button>
            </fieldset>
          </div>
          <ConversationPanel
            steps={steps}
            takenOver={header.branch?.steps}
            chosen={at}
            onChoose={(step) => {
              setPlaying(false);
              setAt(step);
            }}
            empty="This episode has no steps."
            ending={<Ending end={end} refusal={undefined} />}
          />
          <BranchOff opened={opened} at={at} />
          <ReplyFigures steps={shown} />
          <SharePanel trace={trace} replayable={false} />
        </section>
        <section className="stage-memories panel" aria-labelledby="memories-heading">
          <h2 id="memories-heading">Memories for this task</h2>
          <MemoriesPanel header={header} />
          <section className="panel" aria-labelledby="why-heading">
            <h2 id="why-heading">Why{at === 0 ? '' : ` step ${at}`}</h2>
            <Why trace={trace} step={at} />
          </section>
        </section>
      </div>
    </div>
  );
}

function Verdict({ replayed: { goals, mismatches } }: { replayed: OpenedTrace['replayed'] }) {
  const [first] = mismatches;
  if (goals === undefined) {
    return (
      <>The game itself isn't on this device, so the texts are shown as they were recorded, unchecked.</>
    );
  }
  if (first === undefined) return <b className="holds">The engine gives the same texts, word for word.</b>;
  return (
    <b className="fails">
      The engine disagrees at step {first.step}: the {first.what} should be “{first.replayed}”.
    </b>
  );
}
