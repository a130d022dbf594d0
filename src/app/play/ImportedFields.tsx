/** Choosing one of the games that the user imported: the set, then the game. Looked up only where this is shown. */
import { useState } from 'react';
import { formatRefusal, type Result } from '../../base/result.ts';
import type { GameCard } from '../../protocol/agent.ts';
import type { GameList } from '../../protocol/data.ts';
import { Field } from '../parts/Field.tsx';
import { GameFilterField } from '../parts/GameFilterField.tsx';
import { SelectField } from '../parts/SelectField.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural, sentence } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

/** Longer lists are nothing to choose from. */
const LISTED = 500;

interface Split {
  readonly set: string;
  readonly split: string;
  readonly games: number;
}

interface ImportedFieldsProps {
  /** The key of the game that is played, if it is one of these. */
  readonly game: string | undefined;
  /** The same as a card, once it is open: listed even where the list is too short for it. */
  readonly current: GameCard | undefined;
  readonly onChoose: (key: string) => void;
}

export function ImportedFields({ game: key, current, onChoose }: ImportedFieldsProps) {
  const [splits, setSplits] = useState<Result<readonly Split[]>>();
  const [chosen, setChosen] = useState<number>();
  const [filter, setFilter] = useState('');
  const [{ games, found }, setList] = useState<GameList>({ games: [], found: 0 });
  useTaken(
    [key],
    async () => {
      const read = await readSplits();
      return { read, at: read.ok ? await whereIs(key, read.value) : 0 };
    },
    ({ read, at }) => {
      setSplits(read);
      setChosen((before) => before ?? at);
    },
  );
  const split = splits?.ok && chosen !== undefined ? splits.value[chosen] : undefined;
  useTaken(
    [split, filter],
    () => split && data().gamesOf({ set: split.set, split: split.split, filter }, LISTED),
    (read) => read.ok && setList(read.value),
  );

  if (splits === undefined) return <p className="quiet">Looking for imported games …</p>;
  if (!splits.ok) return <p className="notice bad">{formatRefusal(splits.error)}</p>;
  if (splits.value.length === 0) {
    return (
      <p className="quiet">
        None yet: <a href={formatRoute('device')}>Device</a> imports a zip of ALFWorld games.
      </p>
    );
  }
  const listed =
    current === undefined || games.some((one) => one.key === current.key) ? games : [current, ...games];
  return (
    <>
      <SelectField
        label="Set"
        value={chosen ?? 0}
        options={splits.value.map(
          ({ set, split: name, games: count }, i) => [i, `${set}, ${name} (${count})`] as const,
        )}
        onChange={setChosen}
      />
      <GameFilterField filter={filter} onChange={setFilter} />
      <Field label="Game" className="task-field">
        {(id) => (
          <select id={id} value={key ?? ''} onChange={(event) => onChoose(event.target.value)}>
            {key === undefined && (
              <option value="" disabled={true}>
                {found > games.length
                  ? `Choose one of the first ${games.length} of ${found}`
                  : `Choose one of ${plural(found, 'game')}`}
              </option>
            )}
            {listed.map((game) => (
              <option key={game.key} value={game.key}>
                {sentence(game.task)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

async function readSplits(): Promise<Result<readonly Split[]>> {
  const sets = await data().sets();
  if (!sets.ok) return sets;
  const value = sets.value.flatMap(({ name, bySplit }) =>
    Object.entries(bySplit).map(([split, games]) => ({ set: name, split, games })),
  );
  return { ok: true, value };
}

/** Which of them holds a game; the first where none does, or none is asked for. */
async function whereIs(key: string | undefined, splits: readonly Split[]): Promise<number> {
  if (key === undefined) return 0;
  for (const [at, { set, split }] of splits.entries()) {
    const list = await data().gamesOf({ set, split, filter: key }, LISTED);
    if (list.ok && list.value.games.some((game) => game.key === key)) return at;
  }
  return 0;
}
