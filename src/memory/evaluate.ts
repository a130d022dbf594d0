/**
 * How good an embedding is at finding memories: its top 10 among the distinct task descriptions of the training games,
 * beside the teacher encoder's (stored rankings, models/embedder/evaluation.json) and plain word overlap, for official
 * sentences and for paraphrases whose templates and names the training never saw.
 */
import { asFields, isObject } from '../base/json-fields.ts';
import { readJson } from '../base/read-json.ts';
import { ok, type Parsed, type Result, refuse } from '../base/result.ts';
import { packBank } from './bank.ts';
import type { Embedder } from './embedder.ts';
import type { PackedBank } from './packed-bank.ts';
import { SearchIndex } from './search-index.ts';
import { packVectors } from './vectors.ts';
import { WordOverlap } from './word-overlap.ts';

export interface EvaluationData {
  /** Distinct task descriptions with what they ask for. */
  readonly bank: readonly Meaning[];
  readonly queries: readonly Query[];
}

export interface Meaning {
  readonly text: string;
  readonly taskType: string;
  readonly object: string;
}

export interface Query extends Meaning {
  /** `official` or `paraphrase`. */
  readonly set: string;
  /** The teacher encoder's top 10, as indices into the bank. */
  readonly teacher: readonly number[];
}

/** All are shares from 0 to 1, means over the queries. */
export interface Figures {
  /** Of the teacher encoder's top 10 that is in this one's. */
  readonly agreement: number;
  /** Of the top 10 that has the right task type, the right object, both. */
  readonly type: number;
  readonly object: number;
  readonly both: number;
  /** Of the queries whose first hit has both. */
  readonly first: number;
}

export interface SetFigures {
  readonly set: string;
  readonly queries: number;
  /** The largest `both` that any ranking could have: some tasks have fewer than 10 fellows. */
  readonly ceiling: number;
  readonly systems: Readonly<Record<'embedder' | 'teacher' | 'wordOverlap', Figures>>;
}

const TOP = 10;

/** Reads the stored data. */
export function parseEvaluation(text: string): Parsed<EvaluationData, 'EVALUATION_SHAPE'> {
  const json = readJson(text, { code: 'EVALUATION_SHAPE', what: 'The file', longest: 100_000_000 });
  if (!json.ok) return json;
  const { bank, queries } = asFields(json.value);
  const isMeaning = (value: unknown): boolean =>
    isObject(value) && ['text', 'taskType', 'object'].every((key) => typeof value[key] === 'string');
  const isRanking = (value: unknown): boolean =>
    Array.isArray(value) &&
    Array.isArray(bank) &&
    value.length > 0 &&
    value.every((index) => Number.isInteger(index) && index >= 0 && index < bank.length);
  const isQuery = (value: unknown): boolean =>
    isMeaning(value) && isObject(value) && typeof value.set === 'string' && isRanking(value.teacher);
  if (!Array.isArray(bank) || !bank.every(isMeaning) || !Array.isArray(queries) || !queries.every(isQuery)) {
    return refuse('EVALUATION_SHAPE', "These aren't the stored queries and rankings of models/embedder.");
  }
  return ok({ bank: bank as Meaning[], queries: queries as Query[] });
}

/** Figures for each set of queries. Code EMBEDDER_FAILED. */
export async function evaluateEmbedder(
  data: EvaluationData,
  embedder: Embedder,
): Promise<Result<SetFigures[]>> {
  const vectors = await embedder.embed(data.bank.map(({ text }) => text));
  if (!vectors.ok) return vectors;
  const index = new SearchIndex(packed(data, vectors.value, embedder));
  const words = new WordOverlap(data.bank.map(({ text }) => text));
  const results: SetFigures[] = [];
  for (const set of new Set(data.queries.map((query) => query.set))) {
    const queries = data.queries.filter((query) => query.set === set);
    const asked = await embedder.embed(queries.map(({ text }) => text));
    if (!asked.ok) return asked;
    const found = asked.value.map((vector) => [...firstOf(index.compare(vector).nearest(), TOP)]);
    const figures = (rankings: readonly (readonly number[])[]): Figures =>
      figuresOf(data.bank, queries, rankings);
    results.push({
      set,
      queries: queries.length,
      ceiling: mean(
        queries.map((query) => Math.min(TOP, data.bank.filter((task) => isBoth(task, query)).length) / TOP),
      ),
      systems: {
        embedder: figures(found),
        teacher: figures(queries.map((query) => query.teacher)),
        wordOverlap: figures(queries.map(({ text }) => words.top(text, TOP))),
      },
    });
  }
  return ok(results);
}

function packed(data: EvaluationData, vectors: readonly Float32Array[], { identity }: Embedder): PackedBank {
  const entries = data.bank.map(({ text, taskType }, i) => ({
    id: String(i),
    task: text,
    taskType,
    script: { taskName: text, guidelines: text },
    trajectory: { intro: '', steps: [] },
    provenance: { maker: 'teacher' as const, name: '', game: '', seed: 0 },
  }));
  return packBank({
    name: 'evaluation',
    embedder: identity,
    entries,
    vectors: packVectors(vectors, identity.dimension),
  });
}

function figuresOf(
  bank: readonly Meaning[],
  queries: readonly Query[],
  rankings: readonly (readonly number[])[],
): Figures {
  const share = (holds: (task: Meaning, query: Query) => boolean): number =>
    mean(
      queries.map((query, i) =>
        mean((rankings[i] ?? []).map((at) => Number(holds(bank[at] as Meaning, query)))),
      ),
    );
  return {
    agreement: mean(
      queries.map(({ teacher }, i) => mean(teacher.map((at) => Number(rankings[i]?.includes(at))))),
    ),
    type: share((task, query) => task.taskType === query.taskType),
    object: share((task, query) => task.object === query.object),
    both: share(isBoth),
    first: mean(queries.map((query, i) => Number(isBoth(bank[rankings[i]?.[0] ?? 0] as Meaning, query)))),
  };
}

function isBoth(task: Meaning, query: Meaning): boolean {
  return task.taskType === query.taskType && task.object === query.object;
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}

function* firstOf<T>(items: Iterable<T>, n: number): Generator<T> {
  let i = 0;
  for (const item of items) {
    if (i++ >= n) return;
    yield item;
  }
}
