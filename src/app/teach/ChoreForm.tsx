/** What a chore of the person's own is called and what it means: a goal put together from a few choices. */
import { ALL_TREATMENTS, type Treatment } from '../../base/task-types.ts';
import { CHORE_PLACES, choreName, formatChore, type OwnChore, parseChore } from '../../homes/own-chore.ts';
import { isText, useKept } from '../kept.ts';
import { SelectField } from '../parts/SelectField.tsx';
import { TextField } from '../parts/TextField.tsx';

export interface ChoreFormProps {
  /** The chore that is being taught, as a word; undefined where none is yet. */
  readonly chore: string | undefined;
  /** Begins to teach a chore. */
  readonly onMake: (chore: string) => void;
}

/** The name as it was typed, and what it stands for. */
interface Draft extends Omit<OwnChore, 'called'> {
  readonly name: string;
}

// Four commands to show, and the student that ships can do it after that.
const FIRST: Draft = { name: 'tea time', count: 1, treatments: [], place: 'Sofa' };

const COUNTS = [
  [1, 'one of what the task says'],
  [2, 'two of what the task says'],
] as const;
const TREATED = [['', 'nothing'], ...ALL_TREATMENTS.map((one) => [one, `${one} it`] as const)] as const;
const PUT = [
  ['', 'where the task says'],
  ...CHORE_PLACES.map((place) => [place, place.toLowerCase()] as const),
] as const;

export function ChoreForm({ chore, onMake }: ChoreFormProps) {
  const made = chore === undefined ? undefined : parseChore(chore);
  const initial: Draft = made?.ok ? { ...made.value, name: `${made.value.called} time` } : FIRST;
  const [draft, setDraft] = useKept<Draft>(`teach ${chore ?? ''}`, initial, isDraft);
  const { name: typed, ...meant } = draft;
  const [first, second] = draft.treatments;
  const treat = (...chosen: readonly (Treatment | '')[]): void =>
    setDraft({ ...draft, treatments: [...new Set(chosen.filter((one) => one !== ''))] });
  const name = choreName(typed);
  const word = name.ok ? formatChore({ ...meant, called: name.value }) : '';
  const fault = name.ok ? parseChore(word) : name;
  return (
    <form
      className="chore-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault.ok) onMake(word);
      }}
    >
      <div className="setup">
        <TextField
          label="Call it"
          value={typed}
          maxLength={60}
          autoComplete="off"
          onChange={(name) => setDraft({ ...draft, name })}
        />
        <SelectField
          label="It means: take"
          value={draft.count}
          options={COUNTS}
          onChange={(count) => setDraft({ ...draft, count })}
        />
        <SelectField
          label="First"
          value={first ?? ''}
          options={TREATED}
          onChange={(value) => treat(value, second ?? '')}
        />
        <SelectField
          label="Then"
          value={second ?? ''}
          options={TREATED.filter(([one]) => one !== first)}
          disabled={first === undefined}
          onChange={(value) => treat(first ?? '', value)}
        />
        <SelectField
          label="And put it"
          value={draft.place ?? ''}
          options={PUT}
          onChange={(place) => {
            const { place: _, ...rest } = draft;
            setDraft({ ...rest, ...(place !== '' && { place }) });
          }}
        />
        <button type="submit" className="primary" disabled={!fault.ok || word === chore}>
          Show it
        </button>
      </div>
      <p className="chore-told">
        {fault.ok ? (
          <>
            The task will say, for instance, <q>{sentenceOf(fault.value)}</q> and not what it means:{' '}
            {meaningOf(fault.value)}. Only someone who was shown can do it.
          </>
        ) : (
          fault.error.message
        )}
      </p>
    </form>
  );
}

function isDraft(value: unknown): value is Draft {
  const { name, count, treatments, place } = (value ?? {}) as Partial<Record<keyof Draft, unknown>>;
  return (
    isText(name) &&
    (count === 1 || count === 2) &&
    Array.isArray(treatments) &&
    treatments.every((one) => ALL_TREATMENTS.some((known) => known === one)) &&
    (place === undefined || CHORE_PLACES.some((known) => known === place))
  );
}

function sentenceOf({ called, count, place }: OwnChore): string {
  if (place !== undefined) return `take mug at ${called} time`;
  return `put ${count === 1 ? 'a' : 'two'} mug in shelf at ${called} time`;
}

function meaningOf({ count, treatments, place }: OwnChore): string {
  const [one, it] = count === 1 ? ['take a mug', 'it'] : ['take two mugs, one after the other', 'each'];
  const done = treatments.map((treatment) => `${treatment} ${it}`);
  const where = place === undefined ? 'there' : `in or on a ${place.toLowerCase()}`;
  return [one, ...done, `put ${it === 'it' ? 'it' : 'both'} ${where}`].join(', ');
}
