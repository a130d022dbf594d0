/**
 * What the path of a file in a set says: is it a game, which one, and is the path one that a person would write.
 *
 * A game lies at `<split>/<task>/<trial>/game.tw-pddl` somewhere below the root of its set; `task` starts with the
 * task type, as in `pick_and_place_simple-Mug-None-Shelf-301` (layout of the official ALFWorld releases).
 */
import { ok, type Parsed, refuse } from '../../base/result.ts';

export interface GamePlace {
  /** `<split>/<task>/<trial>`: names the game within its set, whatever folder the set lies in. */
  readonly key: string;
  readonly split: string;
  readonly task: string;
  readonly trial: string;
  /** What `task` starts with, up to the first hyphen. */
  readonly taskType: string;
}

export const GAME_FILE = 'game.tw-pddl';
/** What ALFRED's own releases hold in place of a game, each in a zip of its own. */
export const ALFRED_FILES = ['traj_data.json', 'initial_state.pddl'] as const;
const MAX_PATH = 1_100;
/** The longest key of a game that is read, in UTF-16 code units; new sets have shorter ones (limits.ts). */
const MAX_KEY = 1_024;
const CONTROL = /[\p{Cc}\p{Cs}]/u;

export function isGameFile(path: string): boolean {
  return path === GAME_FILE || path.endsWith(`/${GAME_FILE}`);
}

export function isAlfredFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return ALFRED_FILES.some((one) => one === name);
}

/** Names the game at a path that ends in game.tw-pddl; refuses with GAME_PATH where folders are missing. */
export function parseGamePath(path: string): Parsed<GamePlace, 'GAME_PATH'> {
  const [trial, task, split] = path.split('/').slice(0, -1).reverse();
  if (trial === undefined || task === undefined || split === undefined) {
    const message = `A game lies in <split>/<task>/<trial>/${GAME_FILE}; take the folder that holds the splits.`;
    return refuse('GAME_PATH', message, printablePath(path));
  }
  return parseGameKey(`${split}/${task}/${trial}`);
}

/**
 * What a game's key says. A key may come from a stranger's trace and files are named by it, so one that could name
 * anything else than a file below its folder is refused. Code GAME_PATH.
 */
export function parseGameKey(key: string): Parsed<GamePlace, 'GAME_PATH'> {
  const fault = key.length > MAX_KEY ? `is longer than ${MAX_KEY} characters` : pathFault(key);
  if (fault !== undefined) return refuse('GAME_PATH', `The game's key ${fault}.`, printablePath(key));
  const [split, task, trial, ...more] = key.split('/');
  if (split === undefined || task === undefined || !trial || more.length > 0) {
    return refuse('GAME_PATH', "The game's key isn't <split>/<task>/<trial>.", printablePath(key));
  }
  return ok({ key, split, task, trial, taskType: task.split('-', 1)[0] ?? task });
}

/**
 * What is wrong with a path, as the end of a sentence that starts with "the path"; undefined for an honest one.
 * Nothing is ever written to such a path, but who writes one is up to something, or two readers disagree on it.
 */
export function pathFault(path: string): string | undefined {
  if (path.length > MAX_PATH) return `is longer than ${MAX_PATH} characters`;
  if (CONTROL.test(path)) return 'has a control character';
  if (path.includes('\\')) return 'has a backslash where a slash should be';
  if (path.startsWith('/')) return 'is absolute';
  if (/^[a-z]:/i.test(path)) return 'starts with a drive letter';
  const folders = path.replace(/\/$/, '').split('/');
  if (folders.includes('..')) return 'leads out of the archive';
  if (folders.includes('.') || folders.includes('')) return 'has an empty part';
  return undefined;
}

/** A path that is safe to show: control characters escaped, cut where it gets long. */
export function printablePath(path: string): string {
  const cut = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return cut.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
