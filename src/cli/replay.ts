/** `duomem replay`: replays recorded episodes of the reference engine and compares every text, list and win. */
import { formatMismatch } from '../engine/conformance.ts';
import { RecordedGames } from './files/recorded-games.ts';
import { listTranscriptFiles } from './files/transcript-file.ts';
import { replayEpisodes } from './playing/replay-episodes.ts';
import { defineSubcommand, wholeNumber } from './program/command.ts';
import { done, failed, interrupted } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(command.requiredOption('--games <path...>', 'folders or zips with the games of the episodes'))
      .requiredOption('--episodes <path...>', 'files of episodes (.jsonl, .jsonl.gz), or folders of them')
      .option('--show <n>', 'how many differing episodes to print, with a diff', wholeNumber(0), 5)
      .addHelpText(
        'after',
        `
An episode is a line {"game","kind","intro","won0","admissible0","steps":[{"action","observation","admissible",
"won","done"}]} with admissible null where the list is the same as before; games of the older dialect are named
legacy/<split>/<task>/<trial>. Compared byte for byte: intro, observations, admissible commands, won, done.
Result: {"episodes","steps","mismatches","stepsPerSecond"}. Ends with 1 when anything differs, with 3 when a line isn't an episode or names a game that isn't there.`,
      ),
  run: async (options, terminal) => {
    const { signal } = terminal;
    const files: string[] = [];
    for (const path of options.episodes) {
      const listed = await listTranscriptFiles(path);
      if (!listed.ok) return listed;
      files.push(...listed.value);
    }
    const games = await RecordedGames.open(options.games, signal, tellingOf(options));
    if (!games.ok) return games;
    let left = options.show;
    let differs = false;
    const count = await replayEpisodes(games.value, files, {
      signal,
      onEpisode: ({ episodes, steps }) => {
        differs = false;
        terminal.progress(`${episodes} episodes, ${steps} steps`);
      },
      onMismatch: (mismatch) => {
        // What follows a difference within an episode mostly follows from it.
        if (!differs && left-- > 0) terminal.print(formatMismatch(mismatch));
        differs = true;
      },
    });
    await games.value.close();
    if (!count.ok) return count;
    const { episodes, steps, mismatches, seconds } = count.value;
    const result = {
      episodes,
      steps,
      mismatches,
      stepsPerSecond: Math.round(steps / Math.max(seconds, 1e-9)),
    };
    if (signal.aborted) return interrupted('Stopped before the end.', result);
    if (mismatches === 0) return done(result);
    return failed(`The engine differs from the recording in ${mismatches} places.`, result);
  },
});
