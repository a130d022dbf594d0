/** Choosing what a run plays. */
import { useEffect, useState } from 'react';
import { ANY_REPLIES, DEFAULT_SETTINGS } from '../../agent/settings.ts';
import type { GameCard } from '../../protocol/agent.ts';
import type { ImportedSet, RunRecord } from '../../protocol/data.ts';
import { isText, useKept } from '../kept.ts';
import { Field } from '../parts/Field.tsx';
import { StudentFields, type StudentSetup } from '../parts/StudentFields.tsx';
import { plural } from '../parts/words.ts';
import { FIRST_SOURCE, parseSetup, STUDENT_CHOICES, setupParams } from '../route.ts';
import { agent, data } from '../worker-client.ts';

const MOST = 4000;
/** A person plays one game at a time, under Play. */
const PLAYERS = STUDENT_CHOICES.filter((choice) => choice !== 'human');

export interface NewRunProps {
  readonly set: string | null;
  readonly busy: boolean;
  readonly onStart: (run: RunRecord) => void;
}

export function NewRun({ set: asked, busy, onStart }: NewRunProps) {
  const [sets, setSets] = useState<readonly ImportedSet[]>([]);
  /** `homes`, or a set and a split as `set/split`. */
  const [from, setFrom] = useState('homes');
  const [chosen, setChosen] = useKept('new-run', 'count=10&memory=none', isText);
  const count = Math.max(1, Number.parseInt(new URLSearchParams(chosen).get('count') ?? '', 10) || 10);
  const { student, memory, k, scripts, thinking } = parseSetup(new URLSearchParams(chosen));
  const setup: StudentSetup = { student, memory, k, scripts, ...(thinking && { thinking }) };
  const choose = (change: Partial<StudentSetup>, games = count): void => {
    const { home, task, ...rest } = setupParams({ source: FIRST_SOURCE, ...setup, ...change });
    setChosen(new URLSearchParams({ ...rest, count: String(games) }).toString());
  };
  const [problem, setProblem] = useState('');
  useEffect(() => {
    void data()
      .sets()
      .then((kept) => {
        if (!kept.ok) return;
        setSets(kept.value);
        const wanted = kept.value.find(({ name }) => name === asked);
        const [split] = Object.keys(wanted?.bySplit ?? {});
        if (wanted !== undefined) setFrom(JSON.stringify([wanted.name, split ?? '']));
      });
  }, [asked]);

  const start = async (): Promise<void> => {
    setProblem('');
    const games = from === 'homes' ? await fromHomes(count) : await fromSet(from, count);
    if (!games.ok) {
      setProblem(games.error.message);
      return;
    }
    const what = from === 'homes' ? 'homes of this page' : (JSON.parse(from) as string[]).join(', ');
    const { student: player, ...settings } = setup;
    onStart({
      id: `${new Date().toISOString()}`,
      title: `${plural(games.value.length, 'game')} of ${what}`,
      student: player,
      settings: { ...DEFAULT_SETTINGS, ...ANY_REPLIES, ...settings },
      games: games.value,
      results: [],
    });
  };

  return (
    <form
      className="setup"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Field label="Games" className="task-field">
        {(id) => (
          <select id={id} value={from} onChange={(event) => setFrom(event.target.value)}>
            <option value="homes">Homes of this page, a task each</option>
            {sets.flatMap(({ name, bySplit }) =>
              Object.entries(bySplit).map(([split, games]) => (
                <option key={`${name}/${split}`} value={JSON.stringify([name, split])}>
                  {name}, {split} ({games})
                </option>
              )),
            )}
          </select>
        )}
      </Field>
      <Field label="How many">
        {(id) => (
          <input
            id={id}
            type="number"
            min={1}
            max={MOST}
            value={count}
            onChange={(event) => {
              const value = event.target.valueAsNumber;
              if (Number.isInteger(value) && value >= 1 && value <= MOST) choose({}, value);
            }}
          />
        )}
      </Field>
      <StudentFields setup={setup} students={PLAYERS} onChange={(change) => choose(change)} />
      <button type="submit" className="primary" disabled={busy}>
        Start
      </button>
      {problem !== '' && <p className="notice bad">{problem}</p>}
    </form>
  );
}

async function fromHomes(count: number) {
  const cards: GameCard[] = [];
  for (let home = 0; home < count; home++) {
    const opened = await agent().openGame({ kind: 'home', home, task: 0 });
    if (!opened.ok) return opened;
    cards.push(opened.value.card);
  }
  return { ok: true, value: cards } as const;
}

function fromSet(from: string, count: number) {
  const [set = '', split = ''] = JSON.parse(from) as string[];
  return data().gamesOf(set, split, count);
}
