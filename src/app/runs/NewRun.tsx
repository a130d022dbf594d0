/** Choosing what a run plays. */

import { useEffect, useRef, useState } from 'react';
import { ANY_REPLIES, DEFAULT_SETTINGS } from '../../agent/settings.ts';
import { readOwn } from '../../base/read-json.ts';
import type { Telling } from '../../engine/import/index.ts';
import type { ImportedSet, RunRecord, WantedGames } from '../../protocol/data.ts';
import { isText, useKept } from '../kept.ts';
import { GameFilterField } from '../parts/GameFilterField.tsx';
import { NumberField } from '../parts/NumberField.tsx';
import { SelectField } from '../parts/SelectField.tsx';
import { StudentFields, type StudentSetup } from '../parts/StudentFields.tsx';
import { TellingFields, toldHow } from '../parts/TellingFields.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural, quoted } from '../parts/words.ts';
import { FIRST_SOURCE, parseSetup, setupParams, UNATTENDED_CHOICES } from '../route.ts';
import { data } from '../worker-client.ts';
import { drawHomes, drawImported } from './draw-games.ts';

const MOST = 4000;
const MOST_SEED = 1_000_000;
/** Of the page's homes; what else can be chosen is a set and a split. */
const HOMES = {
  lived: 'homes that were lived in',
  plain: 'homes of this page',
} as const;

const OF_PAGE = [
  ['lived', 'Homes that were lived in, a task each'],
  ['plain', 'Homes of this page as they are, a task each'],
] as const;

export interface NewRunProps {
  readonly set: string | null;
  readonly busy: boolean;
  readonly onStart: (run: RunRecord) => void;
}

export function NewRun({ set: asked, busy, onStart }: NewRunProps) {
  const [sets, setSets] = useState<readonly ImportedSet[]>([]);
  const [from, setFrom] = useState<string>('lived');
  const [filter, setFilter] = useState('');
  const [telling, setTelling] = useState<Telling>({});
  const [chosen, setChosen] = useKept('new-run', 'count=10&memory=none', isText);
  const kept = new URLSearchParams(chosen);
  const count = numberIn(kept.get('count'), 10, 1, MOST);
  const seed = numberIn(kept.get('seed'), 1, 0, MOST_SEED);
  const { student, memory, k, scripts, thinking } = parseSetup(kept);
  const setup: StudentSetup = { student, memory, k, scripts, ...(thinking && { thinking }) };
  const choose = (change: Partial<StudentSetup>, drawn = { count, seed }): void => {
    const { home, task, ...rest } = setupParams({ source: FIRST_SOURCE, ...setup, ...change });
    const numbers = { count: String(drawn.count), seed: String(drawn.seed) };
    setChosen(new URLSearchParams({ ...rest, ...numbers }).toString());
  };
  const [problem, setProblem] = useState('');
  const [drawing, setDrawing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  /** Whether every field holds what it may: known once what was typed is drawn, and fields have come and gone. */
  const [fits, setFits] = useState(true);
  const [, setTyped] = useState({});
  useEffect(() => setFits(form.current?.checkValidity() !== false));
  useTaken(
    [asked],
    () => data().sets(),
    (read) => {
      if (!read.ok) return;
      setSets(read.value);
      const wanted = read.value.find(({ name }) => name === asked);
      const [split] = Object.keys(wanted?.bySplit ?? {});
      if (wanted !== undefined) setFrom(JSON.stringify([wanted.name, split ?? '']));
    },
  );
  const homes = from === 'lived' || from === 'plain' ? HOMES[from] : undefined;
  const wanted = homes === undefined ? wantedOf(from, filter) : undefined;

  const start = async (): Promise<void> => {
    setProblem('');
    setDrawing(true);
    const games =
      wanted === undefined ? await drawHomes(count, seed) : await drawImported(wanted, telling, count, seed);
    setDrawing(false);
    if (!games.ok) {
      setProblem(games.error.message);
      return;
    }
    if (games.value.length === 0) {
      setProblem(`No game of this set matches ${quoted(filter)}: look for other words.`);
      return;
    }
    const { student: player, ...settings } = setup;
    onStart({
      id: `${new Date().toISOString()}`,
      title: `${plural(games.value.length, 'game')} of ${wanted === undefined ? homes : called(wanted)}`,
      student: player,
      settings: { ...DEFAULT_SETTINGS, ...ANY_REPLIES, ...settings },
      games: games.value,
      seed,
      ...(from === 'lived' && { past: 'lived' as const }),
      ...(wanted !== undefined && toldHow(telling) !== '' && { telling }),
      results: [],
    });
  };

  return (
    <form
      className="setup new-run"
      ref={form}
      onChange={() => setTyped({})}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <SelectField
        label="Games"
        className="task-field"
        value={from}
        options={[...OF_PAGE, ...sets.flatMap(splitsOf)]}
        onChange={setFrom}
      />
      {wanted !== undefined && <GameFilterField filter={filter} onChange={setFilter} />}
      {wanted !== undefined && <TellingFields student={student} telling={telling} onChange={setTelling} />}
      <NumberField
        label="How many"
        min={1}
        max={MOST}
        value={count}
        onChange={(value) => choose({}, { count: value, seed })}
      />
      <NumberField
        label="Drawn with seed"
        min={0}
        max={MOST_SEED}
        value={seed}
        onChange={(value) => choose({}, { count, seed: value })}
      />
      <StudentFields setup={setup} students={UNATTENDED_CHOICES} onChange={(change) => choose(change)} />
      <button type="submit" className="primary" disabled={busy || drawing || !fits}>
        Start
      </button>
      {drawing && (
        <p className="quiet" role="status">
          Drawing the games …
        </p>
      )}
      {problem !== '' && <p className="notice bad">{problem}</p>}
    </form>
  );
}

/** The splits of an imported set as choices: a choice's value names both. */
function splitsOf({ name, bySplit }: ImportedSet) {
  return Object.entries(bySplit).map(
    ([split, games]) => [JSON.stringify([name, split]), `${name}, ${split} (${games})`] as const,
  );
}

function numberIn(text: string | null, otherwise: number, min: number, max: number): number {
  const value = Number.parseInt(text ?? '', 10);
  return value >= min && value <= max ? value : otherwise;
}

function wantedOf(from: string, filter: string): WantedGames {
  const [set = '', split = ''] = readOwn<string[]>(from);
  return { set, split, filter: filter.trim() };
}

function called({ set, split, filter }: WantedGames): string {
  return `${set}, ${split}${filter === '' ? '' : `, ${quoted(filter)}`}`;
}
