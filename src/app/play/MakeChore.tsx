/**
 * A chore of the person's own: a goal put together from a few choices, under a name that says nothing. Who has not
 * been shown what the name stands for can't do it; what the person did once, kept as a memory, shows it.
 */
import { ok } from '../../base/result.ts';
import {
  CHORE_NAMES,
  CHORE_PLACES,
  CHORE_TREATMENTS,
  formatChore,
  type OwnChore,
  parseChore,
} from '../../homes/own-chore.ts';
import type { GameSource } from '../../protocol/agent.ts';
import { offerUndo } from '../activities/undo.ts';
import { useKept } from '../kept.ts';
import { Field } from '../parts/Field.tsx';
import { DEFAULT_STUDENT, type PlaySetup } from '../route.ts';
import { beginAnew } from './episode-work.ts';

type HomeSource = Extract<GameSource, { kind: 'home' }>;
type Treatment = OwnChore['treatments'][number];

export interface MakeChoreProps {
  readonly source: HomeSource;
  readonly onChange: (change: Partial<PlaySetup>) => void;
}

// Four commands to show, and the student that ships can do it after that.
const FIRST: OwnChore = { called: 'teddybear', count: 1, treatments: [], place: 'Sofa' };

export function MakeChore({ source, onChange }: MakeChoreProps) {
  const made = source.chore === undefined ? undefined : parseChore(source.chore);
  const [chore, setChore] = useKept<OwnChore>(
    `chore ${source.chore ?? ''}`,
    made?.ok ? made.value : FIRST,
    isChore,
  );
  const [first, second] = chore.treatments;
  const treat = (one: string, other: string): void => {
    const wanted = [one, other].flatMap((word) => CHORE_TREATMENTS.find((known) => known === word) ?? []);
    setChore({ ...chore, treatments: [...new Set(wanted)] });
  };
  const word = formatChore(chore);
  const fault = parseChore(word);
  const own: HomeSource = { kind: 'home', home: source.home, task: source.task };
  return (
    <details className="make-chore" open={source.chore !== undefined || chore !== FIRST}>
      <summary>A chore of your own</summary>
      <p className="quiet">
        Give a chore a name. The task will say the name and not what it stands for, so nobody can do it who
        was not shown. Play it once yourself, keep that as a memory, and watch the student do it in another
        home.
      </p>
      <div className="setup">
        <Field label="Called">
          {(id) => (
            <select
              id={id}
              value={chore.called}
              onChange={(event) => setChore({ ...chore, called: event.target.value as OwnChore['called'] })}
            >
              {CHORE_NAMES.map((name) => (
                <option key={name} value={name}>
                  {name} time
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Take">
          {(id) => (
            <select
              id={id}
              value={chore.count}
              onChange={(event) => setChore({ ...chore, count: Number(event.target.value) })}
            >
              <option value={1}>one</option>
              <option value={2}>two</option>
            </select>
          )}
        </Field>
        <Field label="First">
          {(id) => <Treatments id={id} value={first} onChange={(value) => treat(value, second ?? '')} />}
        </Field>
        <Field label="Then">
          {(id) => (
            <Treatments
              id={id}
              value={second}
              disabled={first === undefined}
              onChange={(value) => treat(first ?? '', value)}
            />
          )}
        </Field>
        <Field label="And put it">
          {(id) => (
            <select
              id={id}
              value={chore.place ?? ''}
              onChange={(event) => {
                const { place: _, ...rest } = chore;
                const place = CHORE_PLACES.find((known) => known === event.target.value);
                setChore({ ...rest, ...(place === undefined ? {} : { place }) });
              }}
            >
              <option value="">where the task says</option>
              {CHORE_PLACES.map((place) => (
                <option key={place} value={place}>
                  {place.toLowerCase()}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p className="chore-told">
        The task will say, for instance, <q>{sentenceOf(chore)}</q>
        {fault.ok ? ` and mean: ${meaningOf(chore)}.` : `. ${fault.error.message}`}
      </p>
      <p className="row">
        <button
          type="button"
          disabled={!fault.ok || word === source.chore}
          onClick={() => {
            setChore(made?.ok ? made.value : FIRST);
            onChange({ source: { ...own, task: 0, chore: word }, student: 'human' });
          }}
        >
          Make this chore
        </button>
        {source.chore !== undefined && (
          <>
            <button
              type="button"
              onClick={() => {
                const other = { ...source, home: source.home + 1, task: 0 };
                // What it did there before it was shown is of no interest any more.
                beginAnew((plan) => JSON.stringify(plan.source) === JSON.stringify(other));
                onChange({ source: other, student: DEFAULT_STUDENT, memory: 'memp' });
              }}
            >
              Watch the student do it in another home
            </button>
            <button
              type="button"
              className="link"
              onClick={() => {
                onChange({ source: { ...own, task: 0 }, student: DEFAULT_STUDENT });
                offerUndo({
                  said: `You left the chore of ${chore.called} time.`,
                  async undo() {
                    onChange({ source });
                    return ok(true);
                  },
                });
              }}
            >
              Back to the home’s own tasks
            </button>
          </>
        )}
      </p>
    </details>
  );
}

/** What was kept of a half-made one, perhaps by an older version of the page. */
function isChore(value: unknown): value is OwnChore {
  const { called, count, treatments, place } = (value ?? {}) as Partial<Record<keyof OwnChore, unknown>>;
  const isOneOf = (words: readonly unknown[], word: unknown): boolean => words.includes(word);
  return (
    isOneOf(CHORE_NAMES, called) &&
    isOneOf([1, 2], count) &&
    Array.isArray(treatments) &&
    treatments.length <= 2 &&
    treatments.every((one) => isOneOf(CHORE_TREATMENTS, one)) &&
    (place === undefined || isOneOf(CHORE_PLACES, place))
  );
}

interface TreatmentsProps {
  readonly id: string;
  readonly value: Treatment | undefined;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}

function Treatments({ id, value, disabled = false, onChange }: TreatmentsProps) {
  return (
    <select
      id={id}
      value={value ?? ''}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">nothing</option>
      {CHORE_TREATMENTS.map((treatment) => (
        <option key={treatment} value={treatment}>
          {treatment} it
        </option>
      ))}
    </select>
  );
}

function sentenceOf({ called, count, place }: OwnChore): string {
  if (place !== undefined) return `take mug at ${called} time`;
  return `put ${count === 1 ? 'a' : 'two'} mug in shelf at ${called} time`;
}

function meaningOf({ count, treatments, place }: OwnChore): string {
  const [one, it] = count === 1 ? ['a mug', 'it'] : ['two mugs, one after the other', 'each'];
  const done = treatments.map((treatment) => `${treatment} ${it}`);
  const where = place === undefined ? 'there' : `in or on a ${place.toLowerCase()}`;
  return [`take ${one}`, ...done, `put ${it === 'it' ? 'it' : 'both'} ${where}`].join(', ');
}
