/**
 * Practise it: episodes of a chore, by one's own hand or the teacher's, become memories, an adapter of the student, or
 * both. Stands by itself: give it a chore, or let the person choose one.
 */
import { useEffect, useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { type OwnChore, parseChore } from '../../homes/own-chore.ts';
import type { LessonCard, PendingPractice, PracticeProgress } from '../../protocol/practice.ts';
import { useTask } from '../activities/task.ts';
import { dataVersion } from '../data-changes.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { SelectField } from '../parts/SelectField.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural, sentence } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { useStore } from '../store.ts';
import { practice } from '../worker-client.ts';
import { LossCurve } from './LossCurve.tsx';
import {
  goOn,
  listAdapters,
  pausePractice,
  practise,
  practising,
  said,
  stopPractice,
  useAdapters,
} from './practice-store.ts';
import '../styles/practice.css';

/** Chores that the student was never taught, for whoever has none of their own yet. */
const EXAMPLES = [
  'teddybear_1_nothing_Sofa',
  'boots_1_clean-heat',
  'television_2_heat',
  'basketball_1_slice-cool_CounterTop',
];
const WAYS = {
  keep: ['Remember them', 'They are kept as memories, at once. The student reads them before it acts.'],
  practise: [
    'Practise them',
    'The student itself changes, in about a minute. It needs no memories for it then.',
  ],
  both: ['Both', 'It practises, and the memories are kept as well.'],
} as const;
type Way = keyof typeof WAYS;
const LENGTHS = [
  [10, 'short'],
  [30, 'usual'],
  [60, 'long'],
] as const;

interface PracticePanelProps {
  /** A chore's word (own-chore.ts); otherwise the person chooses. */
  readonly chore?: string;
}

export function PracticePanel({ chore: given }: PracticePanelProps) {
  const { progress, answer } = useTask(practising);
  const { pending } = useAdapters();
  const [own, setOwn] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [lessons, setLessons] = useState<readonly LessonCard[]>([]);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(12);
  const [way, setWay] = useState<Way>('practise');
  const [steps, setSteps] = useState<number>(30);
  const changes = useStore(dataVersion);
  const chores = [...new Set(given === undefined ? [...own, ...EXAMPLES] : [given])];
  const chore = chosen ?? chores[0] ?? EXAMPLES[0] ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: memories may be others then
  useEffect(() => void listAdapters(), [changes]);
  useTaken(
    [changes],
    () => practice().chores(),
    (found) => found.ok && setOwn(found.value),
  );
  useTaken(
    [chore, changes],
    () => practice().lessons(chore),
    (found) => setLessons(found.ok ? found.value : []),
  );
  const memories = lessons.filter(({ id }) => !left.has(id)).map(({ id }) => id);
  const busy = progress !== undefined;
  return (
    <section className="panel practice" aria-labelledby="practice-heading">
      <h2 id="practice-heading">Practise it</h2>
      <p>
        What was shown can be remembered or practised. Practising trains a small adapter on this device, from
        these episodes and some of what the student could do before, so that it doesn't forget that.
      </p>
      {pending !== undefined && !busy && <Interrupted practice={pending} />}
      <fieldset disabled={busy} className="practice-plan">
        <SelectField
          label="Chore"
          value={chore}
          options={chores.map((one) => [one, titleOf(one)] as const)}
          onChange={setChosen}
        />
        <SelectField
          label="The teacher shows it in"
          value={shown}
          options={[0, 4, 12, 20].map(
            (count) => [count, count === 0 ? 'no home' : `${count} homes`] as const,
          )}
          onChange={setShown}
        />
        <SelectField
          label="How long"
          value={steps}
          options={LENGTHS.map(([count, name]) => [count, `${name}, ${count} batches`] as const)}
          disabled={way === 'keep'}
          onChange={setSteps}
        />
        {lessons.length > 0 && (
          <Lessons lessons={lessons} left={left} onToggle={(id) => setLeft(toggled(left, id))} />
        )}
        <Ways way={way} onChoose={setWay} />
        <p className="row">
          <PrimaryButton
            disabled={memories.length + shown === 0 || pending !== undefined}
            onClick={() =>
              void practise({
                ...{ name: nameOf(chore), chore, memories, shown, steps },
                ...{ keep: way !== 'practise', practise: way !== 'keep' },
              })
            }
          >
            Begin
          </PrimaryButton>
        </p>
      </fieldset>
      {progress !== undefined && <UnderWay progress={progress} />}
      {answer !== undefined && (
        <p className={answer.ok ? 'notice good' : 'notice bad'} role="status">
          {answer.ok ? said(answer.value) : formatRefusal(answer.error)}
          {given !== undefined && answer.ok && answer.value.kind === 'made' && (
            <>
              {' '}
              <a href={formatRoute('models')}>Test it, or switch it off</a>
            </>
          )}
        </p>
      )}
    </section>
  );
}

/** One that was cut off, and can go on. */
function Interrupted({ practice: cut }: { readonly practice: PendingPractice }) {
  return (
    <p className="notice" role="status">
      Practising “{cut.name}” was cut off after {cut.steps.length} of {plural(cut.total, 'batch', 'batches')}.{' '}
      <Button onClick={() => void goOn(cut)}>Go on</Button>{' '}
      <Button onClick={() => void stopPractice()}>Forget it</Button>
    </p>
  );
}

function Ways({ way, onChoose }: { readonly way: Way; readonly onChoose: (way: Way) => void }) {
  return (
    <div className="practice-ways" role="radiogroup" aria-label="What to do with them">
      {(Object.keys(WAYS) as Way[]).map((one) => (
        <label key={one}>
          <input type="radio" name="practice-way" checked={way === one} onChange={() => onChoose(one)} />
          <span>
            <b>{WAYS[one][0]}</b> <span className="quiet">{WAYS[one][1]}</span>
          </span>
        </label>
      ))}
    </div>
  );
}

interface LessonsProps {
  readonly lessons: readonly LessonCard[];
  /** Ids of those that are left out. */
  readonly left: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function Lessons({ lessons, left, onToggle }: LessonsProps) {
  return (
    <div className="practice-lessons">
      <p className="label">Memories of it</p>
      {lessons.map(({ id, task, steps, maker }) => (
        <label key={id}>
          <input type="checkbox" checked={!left.has(id)} onChange={() => onToggle(id)} />
          {sentence(task)}{' '}
          <span className="quiet">
            {plural(steps, 'step')}, {maker === 'person' ? 'by you' : `the ${maker}'s`}
          </span>
        </label>
      ))}
    </div>
  );
}

function UnderWay({ progress }: { readonly progress: PracticeProgress }) {
  const { phase, done, total, steps, leftMs } = progress;
  const rest = leftMs === undefined ? '' : `, about ${time(leftMs)} left`;
  return (
    <div className="practice-progress">
      <p role="status">
        {phase === 'showing'
          ? `The teacher shows it: ${done} of ${total} homes.`
          : `Batch ${done} of ${total}${rest}.`}
      </p>
      {phase === 'practising' && <LossCurve steps={steps} total={total} />}
      <p className="row">
        {phase === 'practising' && <Button onClick={() => void pausePractice()}>Pause</Button>}
        <Button onClick={() => void stopPractice()}>Stop</Button>
      </p>
    </div>
  );
}

/** `40 seconds`, `3 minutes`. */
function time(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 100 ? plural(seconds, 'second') : plural(Math.round(seconds / 60), 'minute');
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const all = new Set(ids);
  if (!all.delete(id)) all.add(id);
  return all;
}

/** `boots time`: what the adapter is called at first. */
function nameOf(chore: string): string {
  const parsed = parseChore(chore);
  return parsed.ok ? `${parsed.value.called} time` : chore;
}

/** `boots time: one, clean, heat`. */
function titleOf(chore: string): string {
  const parsed = parseChore(chore);
  return parsed.ok ? `${parsed.value.called} time: ${told(parsed.value)}` : chore;
}

function told({ count, treatments, place }: OwnChore): string {
  const where = place === undefined ? [] : [`to the ${place.toLowerCase()}`];
  return [count === 1 ? 'one' : 'two', ...treatments, ...where].join(', ');
}
