/** `duomem games`: what a set of games holds, and what of it can't be played and why. */

import type { Refusal } from '../base/result.ts';
import { type GameSet, importGames } from '../engine/import/index.ts';
import { openGames } from './files/open-games.ts';
import { defineSubcommand } from './program/command.ts';
import { badInput, done, interrupted, type Outcome } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';

const NOTHING = { games: 0, bySplit: {}, byTaskType: {} };

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption(
        '--games <path>',
        'folder or zip with <split>/<task>/<trial>/game.tw-pddl below its root',
      )
      .addHelpText(
        'after',
        `
Reads every game. Result: {"games","bySplit","byTaskType","skipped","refused":[{"path","code","message"}]};
"skipped" counts files that are no games. Ends with 3 when no game can be played.`,
      ),
  run: async ({ games }, terminal) => {
    const { signal } = terminal;
    const set = await openGames(games, { signal });
    if (!set.ok) return refusedWhole(games, set.error);
    try {
      return await takeStock(games, set.value, terminal);
    } finally {
      await set.value.close();
    }
  },
});

async function takeStock(path: string, set: GameSet, terminal: Terminal): Promise<Outcome> {
  const { signal } = terminal;
  const report = await importGames(
    set,
    { add: () => undefined },
    { signal, onProgress: ({ done, total }) => terminal.progress(`${done} of ${total} games read`) },
  );
  if (!report.ok) return refusedWhole(path, report.error);
  const { games, bySplit, byTaskType, skipped, refused } = report.value;
  const result = { games, bySplit, byTaskType, skipped, refused };
  if (games > 0) return done(result);
  const first = refused[0];
  const why =
    first === undefined
      ? 'It holds no game.'
      : `None of its games can be played; ${first.path}: ${first.message}`;
  return badInput({ code: 'GAMES_NONE', message: why, place: path }, result);
}

/** A set that is refused as a whole appears in the result as well, so that a script finds the code there. */
function refusedWhole(path: string, refusal: Refusal): Outcome {
  if (refusal.code === 'CANCELLED') return interrupted();
  const { code, message, place = path } = refusal;
  return badInput(refusal, { ...NOTHING, skipped: 0, refused: [{ path: place, code, message }] });
}
