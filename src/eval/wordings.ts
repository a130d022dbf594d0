/**
 * Tasks in people's words: the games of a split with wordings in place of their templates' sentences, each wording once,
 * beside the same games with their own sentences. What counts is the share of wordings that are solved, of those whose
 * game the student solves by its own sentence: what it can't do at all says nothing about words.
 */

import { type Trace, toldTask } from '../agent/trace.ts';
import { readJson, readShape } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { LONGEST_WORDS } from '../base/sayable.ts';
import { object, oneOf, type Read, text } from '../base/schema.ts';
import { wilsonInterval } from '../base/statistics.ts';
import { parseTask } from '../player/goal.ts';
import { percent } from './run-export.ts';

export const WORDING_PARTS = ['held-out', 'train'] as const;

/** A task in other words. */
export interface Wording {
  /** A template's sentence. */
  readonly task: string;
  readonly wording: string;
  /** Whether training may have seen such words. */
  readonly part: (typeof WORDING_PARTS)[number];
}

const read: Read<Wording> = object({
  task: text(500),
  wording: text(LONGEST_WORDS),
  part: oneOf(WORDING_PARTS),
});

type WordingsCode = 'WORDINGS_JSON' | 'WORDINGS_SHAPE';

/** JSON Lines. Codes: WORDINGS_JSON, WORDINGS_SHAPE; the place names the line. */
export function parseWordings(content: string): Parsed<readonly Wording[], WordingsCode> {
  const wordings: Wording[] = [];
  for (const [i, line] of content.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `line ${i + 1}`;
    const json = readJson(line, { code: 'WORDINGS_JSON', what: 'This line', longest: 10_000, place });
    if (!json.ok) return json;
    const words = { code: 'WORDINGS_SHAPE', what: 'the wording', whole: 'the line', place } as const;
    const wording = readShape(json.value, read, words);
    if (!wording.ok) return wording;
    if (goalOf(wording.value.task) === undefined)
      return refuse('WORDINGS_SHAPE', `No template says '${wording.value.task}'.`, place);
    wordings.push(wording.value);
  }
  return ok(wordings);
}

/** The same for both sentences of a template. */
function goalOf(task: string): string | undefined {
  const goal = parseTask(task);
  return goal.ok ? JSON.stringify(goal.value) : undefined;
}

/** Rounds of games: in each a game is asked for in at most one wording. By the game's key. */
type Round = ReadonlyMap<string, Wording>;

/** Gives each wording to a game that asks for the same, in turn where there are several. */
export function planRounds(
  games: readonly { readonly key: string; readonly task: string }[],
  wordings: readonly Wording[],
): readonly Round[] {
  const keys = new Map<string, string[]>();
  for (const { key, task } of games) {
    const goal = goalOf(task) ?? '';
    keys.set(goal, [...(keys.get(goal) ?? []), key]);
  }
  const given = new Map<string, number>();
  const rounds: Map<string, Wording>[] = [];
  for (const wording of wordings) {
    const goal = goalOf(wording.task) ?? '';
    const asking = keys.get(goal) ?? [];
    const turn = given.get(goal) ?? 0;
    const key = asking[turn % asking.length];
    if (key === undefined) continue;
    given.set(goal, turn + 1);
    const number = Math.floor(turn / asking.length);
    const round = rounds[number] ?? new Map<string, Wording>();
    rounds[number] = round.set(key, wording);
  }
  return rounds;
}

/** One wording in one game. */
interface WordingResult extends Wording {
  readonly game: string;
  /** What the student was told in its place; absent where it read the words themselves. */
  readonly readAs?: string;
  /** Whether that asks for the same as the game. */
  readonly readRight?: boolean;
  readonly solvedByTemplate: boolean;
  readonly solved: boolean;
  readonly steps: number;
}

/** The results of all rounds. @param templates traces of the same games with their own sentences, by key */
export function wordingResults(
  rounds: readonly Round[],
  templates: ReadonlyMap<string, Trace>,
  traces: readonly ReadonlyMap<string, Trace>[],
): WordingResult[] {
  return rounds.flatMap((round, i) =>
    [...round].flatMap(([game, wording]) => {
      const trace = traces[i]?.get(game);
      if (trace === undefined) return [];
      const { header, steps, end } = trace;
      const told = toldTask(header);
      const reading =
        header.readAs === undefined
          ? {}
          : { readAs: 'task' in header.readAs ? told : '', readRight: goalOf(told) === goalOf(wording.task) };
      return {
        ...wording,
        game,
        ...reading,
        solvedByTemplate: templates.get(game)?.end?.end === 'won',
        solved: end?.end === 'won',
        steps: steps.length,
      };
    }),
  );
}

export interface WordingFigures {
  readonly wordings: number;
  /** Of wordings whose game is solved by its own sentence. */
  readonly asked: number;
  readonly solved: number;
  readonly share: number;
  /** 95 %, Wilson. */
  readonly interval: readonly [low: number, high: number];
}

export interface WordingReport extends WordingFigures {
  /** The same for each part of the set that was played. */
  readonly byPart: Readonly<Partial<Record<Wording['part'], WordingFigures>>>;
  /** Only where the student is told templates: what became of all wordings. */
  readonly reading?: { readonly right: number; readonly wrong: number; readonly notUnderstood: number };
}

export function reportWordings(results: readonly WordingResult[]): WordingReport {
  const byPart: Partial<Record<Wording['part'], WordingFigures>> = {};
  for (const part of WORDING_PARTS) {
    const some = results.filter((one) => one.part === part);
    if (some.length > 0) byPart[part] = figuresOf(some);
  }
  const told = results.filter(({ readAs }) => readAs !== undefined);
  const right = told.filter(({ readRight }) => readRight === true).length;
  const notUnderstood = told.filter(({ readAs }) => readAs === '').length;
  const reading = { right, wrong: told.length - right - notUnderstood, notUnderstood };
  return { ...figuresOf(results), byPart, ...(told.length > 0 ? { reading } : {}) };
}

function figuresOf(results: readonly WordingResult[]): WordingFigures {
  const asked = results.filter(({ solvedByTemplate }) => solvedByTemplate);
  const solved = asked.filter((one) => one.solved).length;
  return {
    wordings: results.length,
    asked: asked.length,
    solved,
    share: asked.length === 0 ? 0 : solved / asked.length,
    interval: wilsonInterval(solved, asked.length),
  };
}

/** A table for people, the lost ones first. */
export function formatWordings(report: WordingReport, results: readonly WordingResult[]): string {
  const line = (
    name: string,
    { wordings, asked, solved, share, interval: [low, high] }: WordingFigures,
  ): string =>
    `| ${name} | ${wordings} | ${asked} | ${solved} | ${percent(share)} (${percent(low)} to ${percent(high)}) |`;
  const cell = (said: string): string => said.replaceAll('|', '\\|');
  const rows = [...results]
    .sort((a, b) => Number(a.solved) - Number(b.solved))
    .map(
      ({ solved, solvedByTemplate, part, task, wording, readAs, steps, game }) =>
        `| ${solved ? `solved, ${steps}` : 'lost'} | ${solvedByTemplate ? 'solved' : 'lost'} | ${part} | ${task} | ${cell(wording)} | ${
          readAs === undefined ? 'as it is' : readAs === '' ? 'not understood' : cell(readAs)
        } | ${game} |`,
    );
  const { right = 0, wrong = 0, notUnderstood = 0 } = report.reading ?? {};
  return [
    "# Tasks in people's words",
    '',
    '| | wordings | of games solved by their own sentence | solved | share |',
    '|---|---|---|---|---|',
    line('all that were played', report),
    ...Object.entries(report.byPart).map(([part, figures]) => line(part, figures)),
    '',
    ...(report.reading === undefined
      ? []
      : [`Told as a template: ${right} right, ${wrong} wrong, ${notUnderstood} not understood.`, '']),
    '| in these words | by its own sentence | part | task | wording | read as | game |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
