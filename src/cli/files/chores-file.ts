/** `chores.json` (src/teacher/instructions-file.ts) beside a set of games: in its folder, or next to its zip. */
import { join } from 'node:path';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { type Instructions, NO_INSTRUCTIONS } from '../../player/goal.ts';
import { parseInstructions } from '../../teacher/instructions-file.ts';
import { readPlain } from './plain-file.ts';
import { readFailure } from './read-failure.ts';

const ZIP = /\.zip$/i;

/** `GAMES/chores.json` for a folder, `GAMES.chores.json` for `GAMES.zip`. */
export function choresFileOf(games: string): string {
  return ZIP.test(games) ? games.replace(ZIP, '.chores.json') : join(games, 'chores.json');
}

/** What the file says; nothing where there is none. Codes: CHORES_UNREADABLE, those of parseInstructions. */
export async function readChores(games: string): Promise<Result<Instructions>> {
  const path = choresFileOf(games);
  let text: string;
  try {
    text = (await readPlain(path)).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? ok(NO_INSTRUCTIONS)
      : refuse('CHORES_UNREADABLE', `The file can't be read: ${readFailure(error)}.`, path);
  }
  return placedIn(path, parseInstructions(text));
}
