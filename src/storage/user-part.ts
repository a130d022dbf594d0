/**
 * Rows of what the user did to memories (src/memory/user-rows.ts) as the database keeps them: some hundreds in a part, a
 * column for each fact. A browser takes every object and every array apart when it reads them, so that a hundred thousand
 * rows as objects take seconds; texts in one JSON, and numbers and vectors in arrays of their own, take a fraction.
 */
import { readOwn } from '../base/read-json.ts';
import type { EmbedderIdentity } from '../memory/embedder.ts';
import type { Maker } from '../memory/entry.ts';
import type { UserRow } from '../memory/user-rows.ts';

export interface UserPart {
  /** Of the rows, in their order; an id stands in one part. */
  readonly ids: readonly string[];
  /** Distinct; the empty one is that of memories of no home. */
  readonly homes: readonly string[];
  /** {@link Totals} of this part: an index has them, so that counting reads no part. */
  readonly totals: Totals;
  /** {@link Texts} as JSON. */
  readonly texts: string;
  readonly sequences: Float64Array;
  readonly bytes: Float64Array;
  readonly steps: Uint16Array;
  readonly scales: Float32Array;
  /** The vectors of the rows that have one, one after the other. */
  readonly matrix: Int8Array;
}

/** How many memories were written, how many shipped ones were deleted, and what all of it takes in a backup. */
export type Totals = [written: number, deleted: number, bytes: number];

interface Texts {
  readonly embedders: readonly EmbedderIdentity[];
  /** For each row the number of its embedder, or -1 where a shipped memory was deleted: then the other facts are empty. */
  readonly embedder: readonly number[];
  readonly home: readonly number[];
  readonly task: readonly string[];
  readonly taskType: readonly string[];
  readonly game: readonly string[];
  readonly maker: readonly (Maker | '')[];
  readonly script: readonly string[];
}

export function packPart(rows: readonly UserRow[]): UserPart {
  const found = rows.map((row) => row.found);
  const homes = [...new Set(found.map((one) => one?.home ?? ''))];
  const numbers = new Map(homes.map((home, number) => [home, number]));
  const embedders = new Map<string, [number, EmbedderIdentity]>();
  const embedder = found.map((one) => {
    if (one === undefined) return -1;
    const key = JSON.stringify(one.embedder);
    const known = embedders.get(key) ?? [embedders.size, one.embedder];
    embedders.set(key, known);
    return known[0];
  });
  const texts: Texts = {
    embedders: [...embedders.values()].map(([, identity]) => identity),
    embedder,
    home: found.map((one) => numbers.get(one?.home ?? '') ?? 0),
    task: found.map((one) => one?.task ?? ''),
    taskType: found.map((one) => one?.taskType ?? ''),
    game: found.map((one) => one?.game ?? ''),
    maker: found.map((one) => one?.maker ?? ''),
    script: found.map((one) => one?.script ?? ''),
  };
  const matrix = new Int8Array(found.reduce((sum, one) => sum + (one?.matrix.length ?? 0), 0));
  let at = 0;
  for (const one of found) {
    if (one === undefined) continue;
    matrix.set(one.matrix, at);
    at += one.matrix.length;
  }
  const written = found.filter((one) => one !== undefined).length;
  return {
    ids: rows.map(({ id }) => id),
    homes,
    totals: [written, rows.length - written, rows.reduce((sum, { bytes }) => sum + bytes, 0)],
    texts: JSON.stringify(texts),
    sequences: Float64Array.from(rows, ({ sequence }) => sequence),
    bytes: Float64Array.from(rows, ({ bytes }) => bytes),
    steps: Uint16Array.from(found, (one) => one?.steps ?? 0),
    scales: Float32Array.from(found, (one) => one?.scale ?? 0),
    matrix,
  };
}

export function unpackPart({
  ids,
  homes,
  texts,
  sequences,
  bytes,
  steps,
  scales,
  matrix,
}: UserPart): UserRow[] {
  const { embedders, embedder, home, task, taskType, game, maker, script } = readOwn<Texts>(texts);
  let at = 0;
  return ids.map((id, i) => {
    const row = { id, sequence: sequences[i] as number, bytes: bytes[i] as number };
    const by = embedders[embedder[i] as number];
    if (by === undefined) return { ...row, found: undefined };
    const from = at;
    at += by.dimension;
    return {
      ...row,
      found: {
        task: task[i] as string,
        taskType: taskType[i] as string,
        steps: steps[i] as number,
        game: game[i] as string,
        home: homes[home[i] as number] as string,
        maker: maker[i] as Maker,
        script: script[i] as string,
        embedder: by,
        matrix: matrix.subarray(from, at),
        scale: scales[i] as number,
      },
    };
  });
}
