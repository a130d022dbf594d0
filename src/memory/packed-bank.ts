/**
 * What searching needs of a bank, packed: vectors (one row for each distinct task description, since many games share
 * one) and a column for each fact that a search filters by. A store keeps this as one record and reads it in one go;
 * scripts and trajectories stay where they are until they are found.
 */
import type { MemoryEntry } from './entry.ts';
import { joinVectors, type PackedVectors } from './vectors.ts';

export interface PackedBank {
  readonly vectors: PackedVectors;
  /** For each entry, the row of its task's vector. */
  readonly rows: Uint32Array;
  /** For each entry, the length of its trajectory. */
  readonly steps: Uint16Array;
  readonly ids: readonly string[];
  /** {@link gameIdentity} of each entry's game. */
  readonly games: readonly string[];
  /** Empty for an entry of no home. */
  readonly homes: readonly string[];
  readonly taskTypes: readonly string[];
  readonly makers: readonly string[];
  /** {@link scriptFingerprint} of each entry's script. */
  readonly scripts: readonly string[];
}

/** The distinct task descriptions of entries in the order of their first appearance: the rows of the vectors. */
export function distinctTasks(entries: readonly MemoryEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.task))];
}

/** @param vectors one row for each of {@link distinctTasks}. */
export function packEntries(entries: readonly MemoryEntry[], vectors: PackedVectors): PackedBank {
  const rowOf = new Map(distinctTasks(entries).map((task, row) => [task, row]));
  return {
    vectors,
    rows: Uint32Array.from(entries, (entry) => rowOf.get(entry.task) as number),
    steps: Uint16Array.from(entries, (entry) => entry.trajectory.steps.length),
    ids: entries.map((entry) => entry.id),
    games: entries.map((entry) => gameIdentity(entry.provenance.game)),
    homes: entries.map((entry) => entry.home ?? ''),
    taskTypes: entries.map((entry) => entry.taskType),
    makers: entries.map((entry) => entry.provenance.maker),
    scripts: entries.map((entry) => scriptFingerprint(entry.script.guidelines)),
  };
}

/**
 * Several packs of the same dimension one after the other, without the entries whose id is hidden. None of the last pack
 * is: it is the user's own, which may be a hundred thousand.
 */
export function joinPacked(
  parts: readonly PackedBank[],
  dimension: number,
  hidden: (id: string) => boolean,
): PackedBank {
  const kept = parts.map((part, number) => {
    if (number === parts.length - 1) return undefined;
    const positions = [...part.ids.keys()].filter((i) => !hidden(part.ids[i] as string));
    return positions.length === part.ids.length ? undefined : positions;
  });
  const column = (key: 'ids' | 'games' | 'homes' | 'taskTypes' | 'makers' | 'scripts'): string[] =>
    ([] as string[]).concat(
      ...parts.map((part, number) => kept[number]?.map((i) => part[key][i] as string) ?? part[key]),
    );
  const numbers = (key: 'rows' | 'steps', number: number): Uint32Array | Uint16Array => {
    const all = (parts[number] as PackedBank)[key];
    return kept[number] === undefined ? all : Uint32Array.from(kept[number], (i) => all[i] as number);
  };
  const entries = parts.reduce((sum, { ids }, number) => sum + (kept[number]?.length ?? ids.length), 0);
  const [rows, steps] = [new Uint32Array(entries), new Uint16Array(entries)];
  let [at, firstRow] = [0, 0];
  parts.forEach(({ vectors }, number) => {
    const own = numbers('rows', number);
    for (const [i, row] of own.entries()) rows[at + i] = firstRow + row;
    steps.set(numbers('steps', number), at);
    at += own.length;
    firstRow += vectors.scales.length;
  });
  const vectors = joinVectors(
    parts.map((part) => part.vectors),
    dimension,
  );
  const [ids, games, homes] = [column('ids'), column('games'), column('homes')];
  const [taskTypes, makers, scripts] = [column('taskTypes'), column('makers'), column('scripts')];
  return { vectors, rows, steps, ids, games, homes, taskTypes, makers, scripts };
}

/**
 * The part of a game's key that says which game it is, whatever folder the set was unpacked into and whichever split
 * it stands in: the last two names of the path, without the file's.
 */
export function gameIdentity(key: string): string {
  // Most keys are written so, and there may be a hundred thousand.
  const last = key.lastIndexOf('/');
  const before = key.lastIndexOf('/', last - 1);
  if (
    last - before > 1 &&
    last > 0 &&
    last < key.length - 1 &&
    !key.includes('\\') &&
    !key.includes(GAME_FILE)
  )
    return key.slice(before + 1);
  const names = key.split(/[/\\]/).filter((name) => name !== '' && name !== GAME_FILE);
  return names.slice(-2).join('/');
}

const GAME_FILE = 'game.tw-pddl';

/** Equal for scripts that say the same but for letter case, punctuation and spacing: 64 bits of FNV-1a. */
export function scriptFingerprint(guidelines: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const word of guidelines.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    for (let i = 0; i <= word.length; i++) {
      const unit = i < word.length ? word.charCodeAt(i) : 32;
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x01000193);
    }
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
