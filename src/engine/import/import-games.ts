/**
 * Takes a whole set of games in: reads and parses each, hands the good ones to a sink, lists the bad ones. A game
 * that is malformed never stops the others; an archive that turns out damaged or hostile on the way ends the import,
 * and the sink drops what it had.
 */

import { nextTask } from '../../base/next-task.ts';
import { compareCodePoints } from '../../base/order.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { parseGame, type World } from '../index.ts';
import { cancelled } from './cancelled.ts';
import { type GameListing, type GameSet, type RefusedGame, refusedGame } from './game-set.ts';

export interface ImportedGame extends GameListing {
  /** The game file as it is. */
  readonly text: string;
  readonly world: World;
  /** People's words for its task, where they lie beside it. */
  readonly words?: string;
}

type SinkAnswer = Refusal | undefined | Promise<Refusal | undefined>;

/**
 * Where games go. A refusal that it returns (no space left) ends the import with that refusal; what it throws is
 * passed on. Once the first game was added, exactly one of `commit` and `abort` is called.
 */
export interface GameSink {
  /** Takes a game; nobody may see it before `commit`. */
  add(game: ImportedGame): SinkAnswer;
  /** All games were added, at least one: make them visible. */
  commit?(report: ImportReport): SinkAnswer;
  /** Forget every game that was added. */
  abort?(): void | Promise<void>;
}

export interface ImportProgress {
  /** Game files read so far, refused ones too. */
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ImportOptions {
  readonly signal?: AbortSignal;
  /** Called after every game. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportReport {
  /** Games taken. */
  readonly games: number;
  /** Games taken of each split and of each task type; names in order of code points. */
  readonly bySplit: Readonly<Record<string, number>>;
  readonly byTaskType: Readonly<Record<string, number>>;
  /** Files that aren't games. */
  readonly skipped: number;
  /** Games that can't be played, in order of their paths. */
  readonly refused: readonly RefusedGame[];
}

/** Why nothing was taken out of a set; undefined where something was. Code GAMES_NONE. */
export function noGames(set: GameSet, { games, refused }: ImportReport, place: string): Refusal | undefined {
  if (games > 0) return undefined;
  const [first] = refused;
  const message =
    first === undefined ? whatElse(set) : `None of its games can be played; ${first.path}: ${first.message}`;
  return { code: 'GAMES_NONE', message, place };
}

/** What a set without a game is: ALFWorld's download has three zips, and two of them hold no game. */
function whatElse({ alfred }: GameSet): string {
  const trajectories = alfred['traj_data.json'];
  const states = alfred['initial_state.pddl'];
  if (trajectories === 0 && states === 0) return 'It holds no game.';
  const what =
    trajectories > 0
      ? `${trajectories} of ALFRED's trajectories (traj_data.json, as json_2.1.1_json.zip has them)`
      : `${states} of ALFRED's initial states (initial_state.pddl, as json_2.1.1_pddl.zip has them)`;
  return `It holds no game but ${what}; the games are in the release's zip whose name ends in tw-pddl (json_2.1.3_tw-pddl.zip).`;
}

/**
 * Imports every game of a set, in order of keys, one in memory at a time.
 * @returns what was taken (perhaps nothing: look at `games`), or why nothing was: what the set's reading refuses
 *   (ZIP_CHECKSUM, ZIP_SIZE, SOURCE_UNREADABLE …), what the sink refuses, CANCELLED
 */
export async function importGames(
  set: GameSet,
  sink: GameSink,
  options: ImportOptions = {},
): Promise<Result<ImportReport>> {
  try {
    const report = await addAll(set, sink, options);
    if (!report.ok || report.value.games === 0) {
      await sink.abort?.();
      return report;
    }
    const refusal = await sink.commit?.(report.value);
    if (refusal === undefined) return report;
    await sink.abort?.();
    return { ok: false, error: refusal };
  } catch (fault) {
    await sink.abort?.();
    throw fault;
  }
}

async function addAll(
  set: GameSet,
  sink: GameSink,
  { signal, onProgress }: ImportOptions,
): Promise<Result<ImportReport>> {
  const bySplit = new Map<string, number>();
  const byTaskType = new Map<string, number>();
  const refused = [...set.refused];
  const total = set.games.length;
  let done = 0;
  let bytes = 0;
  for (const listing of set.games) {
    await nextTask();
    if (signal?.aborted) return cancelled();
    const game = await load(set, listing, signal);
    if (game.ok) {
      const refusal = await sink.add(game.value);
      if (refusal !== undefined) return { ok: false, error: refusal };
      count(bySplit, listing.split);
      count(byTaskType, listing.taskType);
    } else if (game.error.concernsSet) {
      return { ok: false, error: game.error.refusal };
    } else {
      refused.push(refusedGame(listing.path, game.error.refusal));
    }
    bytes += listing.bytes;
    onProgress?.({ done: ++done, total, bytes, totalBytes: set.bytes });
  }
  return ok({
    games: [...bySplit.values()].reduce((sum, n) => sum + n, 0),
    bySplit: inOrder(bySplit),
    byTaskType: inOrder(byTaskType),
    skipped: set.skipped,
    refused: refused.sort((a, b) => compareCodePoints(a.path, b.path)),
  });
}

type LoadFailure = { readonly refusal: Refusal; readonly concernsSet: boolean };

async function load(
  set: GameSet,
  listing: GameListing,
  signal: AbortSignal | undefined,
): Promise<Result<ImportedGame, LoadFailure>> {
  const text = await set.read(listing.key, signal);
  if (!text.ok) {
    const concernsSet = !text.error.code.startsWith('GAME_');
    return { ok: false, error: { refusal: text.error, concernsSet } };
  }
  const world = parseGame(text.value);
  if (!world.ok) return { ok: false, error: { refusal: world.error, concernsSet: false } };
  // Words that can't be read are none: the game can be played without.
  const words = await set.words(listing.key, signal);
  const said = words.ok ? words.value : undefined;
  return ok({ ...listing, text: text.value, world: world.value, ...(said !== undefined && { words: said }) });
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Names come from a stranger's paths: fromEntries makes even `__proto__` an ordinary property. */
function inOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => compareCodePoints(a, b)));
}
