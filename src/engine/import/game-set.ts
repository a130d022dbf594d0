/**
 * A set of games that can be read one by one: the official release, a zip, a folder, files picked in a page. Nothing
 * is read before it is asked for.
 */
import { compareCodePoints } from '../../base/order.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { gameFromAlfred } from '../index.ts';
import { DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
import {
  ALFRED_FILES,
  GAME_FILE,
  type GamePlace,
  isAlfredFile,
  isGameFile,
  parseGamePath,
  pathFault,
  printablePath,
} from './path.ts';
import { peoplesWords, type Telling, tell } from './telling.ts';

/** A file of a set, wherever it lies. */
export interface SetFile {
  /** Below the root of the set, folders divided by `/`. */
  readonly path: string;
  readonly bytes: number;
  /**
   * The whole file. A refusal whose code starts with `GAME_` concerns this file alone; any other means that the set
   * as a whole can't be trusted or read.
   */
  read(signal?: AbortSignal): Promise<Result<Uint8Array>>;
}

export interface GameListing extends GamePlace {
  readonly path: string;
  readonly bytes: number;
}

export interface RefusedGame {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The line of a report for a game that isn't taken; a place within the file goes into the message. */
export function refusedGame(path: string, { code, message, place }: Refusal): RefusedGame {
  const shown = printablePath(path);
  return {
    path: shown,
    code,
    message: place === undefined || place === shown ? message : `${place}: ${message}`,
  };
}

export class GameSet {
  /** In order of their keys' code points. */
  readonly games: readonly GameListing[];
  /** Game files that can't be named, or are too large to be games; in order of their paths. */
  readonly refused: readonly RefusedGame[];
  /** Files that aren't games. */
  readonly skipped: number;
  /** How many of these have a name that ALFRED gives its files. */
  readonly alfred: Readonly<Record<(typeof ALFRED_FILES)[number], number>>;
  /** Unpacked bytes of all games. */
  readonly bytes: number;
  readonly #files: ReadonlyMap<string, SetFile>;
  readonly #maxGameBytes: number;
  readonly #close: () => Promise<void>;
  #telling: Telling = {};
  /** traj_data.json beside a game, by the game's key. */
  readonly #trajectories: ReadonlyMap<string, SetFile>;

  private constructor(
    files: ReadonlyMap<string, SetFile>,
    trajectories: ReadonlyMap<string, SetFile>,
    games: readonly GameListing[],
    rest: Pick<GameSet, 'refused' | 'skipped' | 'alfred' | 'bytes'>,
    maxGameBytes: number,
    close: () => Promise<void>,
  ) {
    this.games = games;
    this.refused = rest.refused;
    this.skipped = rest.skipped;
    this.alfred = rest.alfred;
    this.bytes = rest.bytes;
    this.#files = files;
    this.#trajectories = trajectories;
    this.#maxGameBytes = maxGameBytes;
    this.#close = close;
  }

  /**
   * A set of the files that are games. Refuses with SET_TOO_LARGE and SET_TOO_MANY_FILES; a game that can't be
   * named (GAME_PATH), is there twice (GAME_DUPLICATE) or is too large (GAME_TOO_LARGE) is only listed as refused.
   * @param files in any order; the first of two with one key counts
   * @param close frees what the files are read from
   */
  static of(
    files: Iterable<SetFile>,
    limits: ImportLimits = DEFAULT_IMPORT_LIMITS,
    close: () => Promise<void> = async () => {},
  ): Result<GameSet> {
    const byPath = [...files].sort((a, b) => compareCodePoints(a.path, b.path));
    if (byPath.length > limits.maxFiles) {
      return refuse('SET_TOO_MANY_FILES', `The set holds more than ${limits.maxFiles} files.`);
    }
    const taken = new Map<string, SetFile>();
    const games: GameListing[] = [];
    const refused: RefusedGame[] = [];
    let skipped = 0;
    const alfred = { 'traj_data.json': 0, 'initial_state.pddl': 0 };
    let bytes = 0;
    const alfredFiles = new Map(
      byPath.filter(({ path }) => isAlfredFile(path)).map((one) => [one.path, one]),
    );
    for (const file of withMade(byPath, alfredFiles)) {
      if (!isGameFile(file.path)) {
        skipped++;
        for (const name of ALFRED_FILES) if (file.path.split('/').at(-1) === name) alfred[name]++;
        continue;
      }
      const place = placeGame(file, limits, taken);
      if (!place.ok) {
        refused.push(refusedGame(file.path, place.error));
        continue;
      }
      taken.set(place.value.key, file);
      games.push({ ...place.value, path: file.path, bytes: file.bytes });
      bytes += file.bytes;
    }
    if (bytes > limits.maxTotalBytes) {
      const message = `The games unpack to ${bytes} bytes; the limit is ${limits.maxTotalBytes}.`;
      return refuse('SET_TOO_LARGE', message);
    }
    const trajectories = new Map<string, SetFile>();
    for (const { key, path } of games) {
      const beside = alfredFiles.get(inFolderOf(path, 'traj_data.json'));
      if (beside !== undefined) trajectories.set(key, beside);
    }
    games.sort((a, b) => compareCodePoints(a.key, b.key));
    return ok(
      new GameSet(
        taken,
        trajectories,
        games,
        { refused, skipped, alfred, bytes },
        limits.maxGameBytes,
        close,
      ),
    );
  }

  /** From now on reads games so, where reading itself doesn't say. */
  tellIn(telling: Telling): void {
    this.#telling = telling;
  }

  /** The names of the splits, in order of code points. */
  get splits(): readonly string[] {
    return [...new Set(this.games.map((game) => game.split))].sort(compareCodePoints);
  }

  /** The games of one split, in order of their keys. */
  ofSplit(split: string): readonly GameListing[] {
    return this.games.filter((game) => game.split === split);
  }

  has(key: string): boolean {
    return this.#files.has(key);
  }

  /**
   * The text of a game file, ready for parseGame.
   * @returns GAME_UNKNOWN, GAME_TOO_LARGE, GAME_ENCODING, GAME_GOAL_MISSING, or what the file's own reading refuses
   */
  async read(key: string, signal?: AbortSignal, telling: Telling = this.#telling): Promise<Result<string>> {
    const file = this.#files.get(key);
    if (file === undefined) return refuse('GAME_UNKNOWN', 'The set has no such game.', printablePath(key));
    const read = await textOf(file, this.#maxGameBytes, signal);
    if (!read.ok) return read;
    const words = telling.goals === 'human' ? await this.words(key, signal) : ok(undefined);
    return words.ok ? tell(read.value, words.value, telling, printablePath(key)) : words;
  }

  /** People's words for a game's task; undefined where none lie beside it. Codes: those of reading them. */
  async words(key: string, signal?: AbortSignal): Promise<Result<string | undefined>> {
    const beside = this.#trajectories.get(key);
    if (beside === undefined) return ok(undefined);
    const text = await textOf(beside, this.#maxGameBytes, signal);
    return text.ok ? peoplesWords(text.value) : text;
  }

  /** Frees what the set is read from; nothing can be read afterwards. */
  close(): Promise<void> {
    return this.#close();
  }
}

function placeGame(
  file: SetFile,
  limits: ImportLimits,
  taken: ReadonlyMap<string, SetFile>,
): Result<GamePlace> {
  const fault = pathFault(file.path);
  if (fault !== undefined) return refuse('GAME_PATH', `The path ${fault}.`);
  const place = parseGamePath(file.path);
  if (!place.ok) return place;
  if (place.value.key.length > limits.maxKey)
    return refuse(
      'GAME_PATH',
      `The names of the game's folders are longer than ${limits.maxKey} characters.`,
    );
  const first = taken.get(place.value.key);
  if (first !== undefined) return refuse('GAME_DUPLICATE', `The same game lies at ${first.path}.`);
  if (file.bytes > limits.maxGameBytes) return tooLarge(file.bytes, limits.maxGameBytes, file.path);
  return place;
}

function tooLarge(bytes: number, limit: number, path: string): Result<never> {
  return refuse(
    'GAME_TOO_LARGE',
    `The game file has ${bytes} bytes; the limit is ${limit}.`,
    printablePath(path),
  );
}

/** The text of a file of the set. Codes: GAME_TOO_LARGE, GAME_ENCODING, and what its own reading refuses. */
async function textOf(file: SetFile, maxBytes: number, signal?: AbortSignal): Promise<Result<string>> {
  const bytes = await file.read(signal);
  if (!bytes.ok) return bytes;
  if (bytes.value.length > maxBytes) return tooLarge(bytes.value.length, maxBytes, file.path);
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value));
  } catch {
    return refuse('GAME_ENCODING', "The file isn't UTF-8 text.", printablePath(file.path));
  }
}

function inFolderOf(path: string, name: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) + name;
}

/** The files, and where ALFRED's two lie without a game beside them, the game that they make. */
function withMade(files: readonly SetFile[], alfred: ReadonlyMap<string, SetFile>): readonly SetFile[] {
  const there = new Set(files.filter(({ path }) => isGameFile(path)).map(({ path }) => path));
  const made: SetFile[] = [];
  for (const state of alfred.values()) {
    const trajectory = alfred.get(inFolderOf(state.path, 'traj_data.json'));
    const path = inFolderOf(state.path, GAME_FILE);
    if (state === trajectory || trajectory === undefined || there.has(path)) continue;
    made.push({
      path,
      bytes: state.bytes + trajectory.bytes,
      async read(signal) {
        const words = await textOf(trajectory, trajectory.bytes, signal);
        if (!words.ok) return words;
        const start = await textOf(state, state.bytes, signal);
        const game = start.ok ? gameFromAlfred(words.value, start.value) : start;
        return game.ok ? ok(new TextEncoder().encode(game.value)) : game;
      },
    });
  }
  return made.length === 0 ? files : [...files, ...made].sort((a, b) => compareCodePoints(a.path, b.path));
}
