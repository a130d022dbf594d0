/** What `duomem bank` does, one function for each way to use it. */

import { Random } from '../../base/random.ts';
import { refuse } from '../../base/result.ts';
import { percent } from '../../eval/run-export.ts';
import { type Bank, buildBank, packBank, reembedBank } from '../../memory/bank.ts';
import { formatBank, parseBank } from '../../memory/bank-file.ts';
import { completeBank, formatBankJson, parseBankJson } from '../../memory/bank-json.ts';
import { distinctMemories } from '../../memory/distinct-memories.ts';
import { type Embedder, requireEmbedder } from '../../memory/embedder.ts';
import type { Maker } from '../../memory/entry.ts';
import { evaluateEmbedder, parseEvaluation, type SetFigures } from '../../memory/evaluate.ts';
import { entriesFromRecords } from '../../memory/from-records.ts';
import { distinctTasks, type PackedBank, scriptFingerprint } from '../../memory/packed-bank.ts';
import { referenceTrajectory } from '../../memory/reference.ts';
import { type RetrieveOptions, retrieve } from '../../memory/retrieve.ts';
import { SearchIndex } from '../../memory/search-index.ts';
import { randomVector } from '../../memory/vectors.ts';
import { parseScriptRecords } from '../../teacher/script-file.ts';
import { parseTrajectories } from '../../teacher/trajectory.ts';
import { EVALUATION_FILE, readParsed, writeBankFile } from '../files/bank-files.ts';
import { writeNewFile } from '../files/new-file.ts';
import { type CommandEnd, done } from '../program/outcome.ts';
import type { Terminal } from '../program/terminal.ts';

interface BuildOptions {
  readonly scripts: string;
  readonly trajectories: string;
  readonly name: string;
  readonly maker: Maker;
  readonly out: string;
}

/** Scripts and trajectories to a bank. */
export async function build(
  options: BuildOptions,
  embedder: Embedder,
  terminal: Terminal,
): Promise<CommandEnd> {
  const scripts = await readParsed(options.scripts, parseScriptRecords);
  if (!scripts.ok) return scripts;
  if (scripts.value.length === 0) {
    const message = 'The file holds no scripts; duomem extract writes them.';
    return refuse('SCRIPTS_NONE', message, options.scripts);
  }
  const trajectories = await readParsed(options.trajectories, parseTrajectories);
  if (!trajectories.ok) return trajectories;
  const entries = entriesFromRecords(scripts.value, trajectories.value.trajectories, options.maker);
  if (!entries.ok) return entries;
  terminal.progress(`embedding ${distinctTasks(entries.value).length} tasks`);
  const bank = await buildBank(options.name, entries.value, embedder);
  return bank.ok ? write(bank.value, options.out) : bank;
}

/** A bank's JSON to a bank. */
export async function importJson(path: string, out: string, embedder: Embedder): Promise<CommandEnd> {
  const written = await readParsed(path, parseBankJson);
  if (!written.ok) return written;
  const bank = await completeBank(written.value, embedder);
  return bank.ok ? write(bank.value, out) : bank;
}

export async function exportJson(bank: Bank, out: string): Promise<CommandEnd> {
  const written = await writeNewFile(out, formatBankJson(bank));
  return written.ok ? done(about(bank)) : written;
}

/** The same memories under the embedding model in use. */
export async function reembed(bank: Bank, out: string, embedder: Embedder): Promise<CommandEnd> {
  const made = await reembedBank(bank, embedder);
  return made.ok ? write(made.value, out) : made;
}

async function write(bank: Bank, out: string): Promise<CommandEnd> {
  const bytes = await writeBankFile(out, bank);
  return bytes.ok ? done({ ...about(bank), bytes: bytes.value }) : bytes;
}

/** What a bank holds. */
export function about({ name, embedder, entries }: Bank): object {
  const counts = (values: readonly string[]): Record<string, number> => {
    const map = new Map<string, number>();
    for (const value of [...values].sort()) map.set(value, (map.get(value) ?? 0) + 1);
    return Object.fromEntries(map);
  };
  return {
    name,
    entries: entries.length,
    tasks: distinctTasks(entries).length,
    scripts: new Set(entries.map((entry) => scriptFingerprint(entry.script.guidelines))).size,
    homes: new Set(entries.flatMap((entry) => entry.home ?? [])).size,
    embedder,
    byTaskType: counts(entries.map((entry) => entry.taskType)),
    byMaker: counts(entries.map((entry) => entry.provenance.maker)),
  };
}

/** The nearest memories of a task, and the reference trajectory. */
export async function query(
  bank: Bank,
  task: string,
  options: RetrieveOptions,
  embedder: Embedder,
  terminal: Terminal,
): Promise<CommandEnd> {
  const same = requireEmbedder(bank.embedder, embedder.identity);
  if (!same.ok) return same;
  const vectors = await embedder.embed([task]);
  if (!vectors.ok) return vectors;
  const vector = vectors.value[0] as Float32Array;
  const index = new SearchIndex(packBank(bank));
  const hits = retrieve(index, vector, options).map(({ position, similarity, ownHome }) => ({
    similarity: Number(similarity.toFixed(4)),
    ownHome,
    entry: bank.entries[position] as Bank['entries'][number],
  }));
  for (const { similarity, ownHome, entry } of hits) {
    terminal.print(`${similarity.toFixed(4)}${ownHome ? ' (own home)' : ''}  ${entry.task}  [${entry.id}]`);
    terminal.print(`        ${entry.script.guidelines}`);
  }
  const reference = referenceTrajectory(index, vector, options);
  return done({
    task,
    hits: hits.map(({ similarity, ownHome, entry }) => ({
      id: entry.id,
      task: entry.task,
      similarity,
      ownHome,
    })),
    reference: reference === undefined ? null : { id: reference.id, steps: reference.steps },
  });
}

/** The embedding model beside its teacher and word overlap, on the stored queries. */
export async function evaluateEmbedding(embedder: Embedder, terminal: Terminal): Promise<CommandEnd> {
  const data = await readParsed(EVALUATION_FILE, parseEvaluation);
  if (!data.ok) return data;
  const sets = await evaluateEmbedder(data.value, embedder);
  if (!sets.ok) return sets;
  for (const line of evaluationLines(sets.value)) terminal.print(line);
  return done({ embedder: embedder.identity, tasks: data.value.bank.length, sets: sets.value });
}

function evaluationLines(sets: readonly SetFigures[]): string[] {
  const names = {
    embedder: 'this embedder',
    teacher: 'teacher encoder',
    wordOverlap: 'word overlap',
  } as const;
  const column = (share: number): string => percent(share).padStart(9);
  return sets.flatMap(({ set, queries, ceiling, systems }) => [
    `${set}: ${queries} queries; at most ${percent(ceiling)} of a top 10 can have both`,
    'top 10            as teacher     type   object     both  first has both',
    ...(Object.keys(names) as (keyof typeof names)[]).map((key) => {
      const { agreement, type, object, both, first } = systems[key];
      return `${names[key].padEnd(17)}${column(agreement)} ${[type, object, both, first].map(column).join('')}`;
    }),
  ]);
}

/** The paper's number of memories: every successful trajectory of its teacher. */
const PAPER_ENTRIES = 11_434;
const SEARCHES = 300;

/** How long a search, an embedding and the reading of the file take. Milliseconds. */
export async function bench(
  bank: Bank,
  embedder: Embedder,
  terminal: Terminal,
  now: () => number,
): Promise<CommandEnd> {
  const timed = timer(now);
  const file = await formatBank(bank);
  const parse = await timed(3, async () => void (await parseBank(file)));
  const packed = packBank(bank);
  const index = await timed(5, async () => void new SearchIndex(packed));
  const sentence = await timed(
    SEARCHES,
    async () => void (await embedder.embed([bank.entries[0]?.task ?? ''])),
  );
  const own = await timeSearches(packed, timed);
  const distinct = await timeSearches(distinctMemories(PAPER_ENTRIES, bank.embedder.dimension), timed);
  const line = (what: string, { median, p95 }: Times): void =>
    terminal.print(`${what.padEnd(58)} median ${median.toFixed(3)} ms, 95th percentile ${p95.toFixed(3)} ms`);
  line(`reading ${file.length} bytes with ${bank.entries.length} memories`, parse);
  line('making the index', index);
  line('embedding one sentence', sentence);
  line(`top 10 of ${bank.entries.length} memories (${packed.vectors.scales.length} distinct tasks)`, own);
  line(`top 10 of ${PAPER_ENTRIES} memories, every task different`, distinct);
  return done({
    bytes: file.length,
    entries: bank.entries.length,
    parse,
    index,
    sentence,
    search: own,
    searchPaper: distinct,
  });
}

interface Times {
  readonly median: number;
  readonly p95: number;
}

type Timed = (repetitions: number, work: (i: number) => Promise<void>) => Promise<Times>;

function timer(now: () => number): Timed {
  return async (repetitions, work) => {
    const times: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const start = now();
      await work(i);
      times.push(now() - start);
    }
    times.sort((a, b) => a - b);
    const quantile = (share: number): number =>
      Number((times[Math.min(times.length - 1, Math.floor(share * times.length))] as number).toFixed(4));
    return { median: quantile(0.5), p95: quantile(0.95) };
  };
}

function timeSearches(bank: PackedBank, timed: Timed): Promise<Times> {
  const index = new SearchIndex(bank);
  const random = new Random('bench');
  const { dimension } = bank.vectors;
  const queries = Array.from({ length: SEARCHES }, () => randomVector(random, dimension));
  return timed(
    SEARCHES,
    async (i) => void retrieve(index, queries[i] as Float32Array, { k: 10, game: 'train/none/none' }),
  );
}
