/** `duomem replay-trace`: plays traces again through the engine, without a model, and compares. */
import type { Trace } from '../agent/trace.ts';
import { ok, placedIn } from '../base/result.ts';
import { openGames } from './files/open-games.ts';
import { listTraces, readTrace } from './files/trace-files.ts';
import { checkTrace, describeDifference } from './playing/check-trace.ts';
import { defineSubcommand, wholeNumber } from './program/command.ts';
import { badInput, done, failed, interrupted } from './program/outcome.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--trace <path...>', 'traces (.jsonl), or folders of them, such as the folder of a run')
      .option(
        '--games <path>',
        'folder or zip with the games; games of homes of our own are made again without',
      )
      .option('--show <n>', 'how many differences to print', wholeNumber(0), 10)
      .option('--print', 'print the episodes')
      .addHelpText(
        'after',
        `
Compared: the game file's SHA-256, the intro, and for each step what is read from the reply, the observation, and
whether it was won. Result: {"traces","steps","mismatches","won"}. Ends with 1 when anything differs, with 3 when a
file isn't a trace or its game isn't there.`,
      ),
  run: async ({ trace: paths, games, show, print }, terminal) => {
    const { signal } = terminal;
    const files = await listTraces(paths);
    if (!files.ok) return files;
    const set = games === undefined ? ok(undefined) : await openGames(games, {}, { signal });
    if (!set.ok) return set;
    const count = { traces: 0, steps: 0, mismatches: 0, won: 0 };
    try {
      for (const file of files.value) {
        if (signal.aborted) return interrupted('Stopped before the end.', count);
        const read = await readTrace(file);
        if (!read.ok) return badInput(read.error, count);
        const trace = read.value;
        const differences = placedIn(file, await checkTrace(trace, set.value));
        if (!differences.ok) return badInput(differences.error, count);
        if (print) for (const line of readable(trace)) terminal.print(line);
        for (const one of differences.value.slice(0, Math.max(0, show - count.mismatches))) {
          terminal.print(describeDifference(file, one));
        }
        count.traces++;
        count.steps += trace.steps.length;
        count.mismatches += differences.value.length;
        if (trace.end?.end === 'won' || trace.steps.at(-1)?.won === true) count.won++;
        terminal.progress(`${count.traces} of ${files.value.length} traces replayed`);
      }
    } finally {
      await set.value?.close();
    }
    return count.mismatches === 0
      ? done(count)
      : failed(`The engine differs from the traces in ${count.mismatches} places.`, count);
  },
});

function readable({ header, steps, end }: Trace): string[] {
  const { scripts, trajectory } = header.memory;
  const memories = [...scripts, ...(trajectory === undefined ? [] : [trajectory])];
  return [
    `${header.game.key}: ${header.task}`,
    `played by ${header.student.name}, memory ${header.settings.memory}`,
    ...memories.map(({ id, similarity }) => `  remembered ${similarity.toFixed(3)} ${id}`),
    ...steps.flatMap(({ step, thought, action, outcome, observation }) => [
      `${String(step).padStart(3)} ${thought}`,
      `    > ${action}${outcome === 'ok' ? '' : `   [${outcome}]`}`,
      `    ${observation}`,
    ]),
    `${end?.end ?? 'cut off'} after ${steps.length} steps`,
    '',
  ];
}
