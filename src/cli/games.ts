/** `duomem games`: what a set of games holds, and what of it can't be played and why. */

import { readFile, stat } from 'node:fs/promises';
import { type Refusal, refuse } from '../base/result.ts';
import { type GameSet, importGames, noGames } from '../engine/import/index.ts';
import { whichDialect } from '../engine/index.ts';
import { openGames } from './files/open-games.ts';
import { readFailure } from './files/read-failure.ts';
import { defineSubcommand } from './program/command.ts';
import {
  badInput,
  type CommandEnd,
  done,
  failed,
  interrupted,
  type Outcome,
  wrongUsage,
} from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';

/** The longest text that a dialect is looked for in. */
const MAX_TEXT_BYTES = 2 ** 28;
const NOTHING = { games: 0, bySplit: {}, byTaskType: {} };

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .option('--games <path>', 'folder or zip with <split>/<task>/<trial>/game.tw-pddl below its root')
      .option(
        '--which-dialect <file>',
        'say which dialect a log, a prompt or a list of commands was written for',
      )
      .addHelpText(
        'after',
        `
Reads every game. Result: {"games","bySplit","byTaskType","skipped","refused":[{"path","code","message"}]};
"skipped" counts files that aren't games. Ends with 3 when no game can be played.
--which-dialect reads a text instead. Result: {"dialect":"move"|"put"|"both"|null,"put","move"}, how often each
dialect's own words occur, with the first lines. Ends with 1 where it mixes both or shows neither.`,
      ),
  run: async ({ games, whichDialect: file }, terminal) => {
    if ((games === undefined) === (file === undefined)) return wrongUsage('Give --games or --which-dialect.');
    if (games === undefined) return tellDialect(file as string);
    const { signal } = terminal;
    const set = await openGames(games, {}, { signal });
    if (!set.ok) return refusedWhole(games, set.error);
    try {
      return await takeStock(games, set.value, terminal);
    } finally {
      await set.value.close();
    }
  },
});

async function takeStock(path: string, set: GameSet, terminal: Terminal): Promise<CommandEnd> {
  const { signal } = terminal;
  const report = await importGames(
    set,
    { add: () => undefined },
    { signal, onProgress: ({ done, total }) => terminal.progress(`${done} of ${total} games read`) },
  );
  if (!report.ok) return refusedWhole(path, report.error);
  const { games, bySplit, byTaskType, skipped, refused } = report.value;
  const result = { games, bySplit, byTaskType, skipped, refused };
  const nothing = noGames(set, report.value, path);
  return nothing === undefined ? done(result) : badInput(nothing, result);
}

/** Which dialect a text was written for. */
async function tellDialect(path: string): Promise<CommandEnd> {
  let text: string;
  try {
    if ((await stat(path)).size > MAX_TEXT_BYTES) {
      return refuse('TEXT_TOO_LARGE', `The file has more than ${MAX_TEXT_BYTES} bytes.`, path);
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    return refuse('TEXT_UNREADABLE', `It can't be read: ${readFailure(error)}.`, path);
  }
  const { dialect = null, put, move } = whichDialect(text);
  const result = { dialect, put, move };
  if (dialect === 'put' || dialect === 'move') return done(result);
  if (dialect === null)
    return failed('Nothing in it is said in one dialect only: no put … in/on, no move … to.', result);
  const [a, b] = [put.first[0], move.first[0]];
  return failed(
    `It mixes the dialects: line ${a?.line} says ${JSON.stringify(a?.text)}, line ${b?.line} ${JSON.stringify(b?.text)}.`,
    result,
  );
}

/** A set that is refused as a whole appears in the result as well, so that a script finds the code there. */
function refusedWhole(path: string, refusal: Refusal): Outcome {
  if (refusal.code === 'CANCELLED') return interrupted();
  const { code, message, place = path } = refusal;
  return badInput(refusal, { ...NOTHING, skipped: 0, refused: [{ path: place, code, message }] });
}
