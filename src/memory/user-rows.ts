/**
 * What a search needs of the memories that the user wrote or deleted: a small row for each, kept beside the record
 * itself, so that a hundred thousand of them are looked through without reading a single trajectory.
 */
import { ok, type Result } from '../base/result.ts';
import { type EmbedderIdentity, requireEmbedder } from './embedder.ts';
import type { Maker } from './entry.ts';
import { gameIdentity, type PackedBank, scriptFingerprint } from './packed-bank.ts';
import type { UserRecord } from './store.ts';

export interface UserRow {
  readonly id: string;
  /** That of the record: the order of writing. */
  readonly sequence: number;
  /** What the record takes in a backup, in UTF-8. */
  readonly bytes: number;
  /** Undefined where the user deleted a shipped memory. */
  readonly found: FoundRow | undefined;
}

/** What the columns of {@link PackedBank} are made of. */
export interface FoundRow {
  readonly task: string;
  readonly taskType: string;
  readonly steps: number;
  /** The game's whole key. */
  readonly game: string;
  readonly home: string;
  readonly maker: Maker;
  readonly script: string;
  readonly embedder: EmbedderIdentity;
  readonly matrix: Int8Array;
  readonly scale: number;
}

/** A row that stands for a memory. */
export type WrittenRow = UserRow & { readonly found: FoundRow };

export function rowOf(record: UserRecord): UserRow {
  const { id, sequence, entry } = record;
  if (entry === undefined) return { id, sequence, bytes: id.length, found: undefined };
  const { task, taskType, trajectory, provenance, script } = entry;
  return {
    id,
    sequence,
    bytes: new TextEncoder().encode(JSON.stringify(entry)).length,
    found: {
      task,
      taskType,
      steps: trajectory.steps.length,
      game: provenance.game,
      home: entry.home ?? '',
      maker: provenance.maker,
      script: scriptFingerprint(script.guidelines),
      embedder: record.embedder,
      matrix: record.vector.matrix,
      scale: record.vector.scales[0] ?? 0,
    },
  };
}

export function isWritten(row: UserRow): row is WrittenRow {
  return row.found !== undefined;
}

/** Rows as a bank, each with a vector of its own. Code BANK_OTHER_EMBEDDER. */
export function packWrittenRows(rows: readonly WrittenRow[], embedder: EmbedderIdentity): Result<PackedBank> {
  const { dimension } = embedder;
  const matrix = new Int8Array(rows.length * dimension);
  const [scales, steps] = [new Float32Array(rows.length), new Uint16Array(rows.length)];
  let known: EmbedderIdentity | undefined;
  for (const [i, { id, found }] of rows.entries()) {
    // Rows that were read together have one object for it.
    const same = found.embedder === known ? undefined : requireEmbedder(found.embedder, embedder, id);
    if (same?.ok === false) return same;
    known = found.embedder;
    matrix.set(found.matrix, i * dimension);
    scales[i] = found.scale;
    steps[i] = found.steps;
  }
  return ok({
    vectors: { dimension, matrix, scales },
    rows: Uint32Array.from(rows.keys()),
    steps,
    ids: rows.map(({ id }) => id),
    games: rows.map(({ found }) => gameIdentity(found.game)),
    homes: rows.map(({ found }) => found.home),
    taskTypes: rows.map(({ found }) => found.taskType),
    makers: rows.map(({ found }) => found.maker),
    scripts: rows.map(({ found }) => found.script),
  });
}
