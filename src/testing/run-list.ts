/**
 * Runs the command lines that it reads as JSON on standard input, one after the other, in one process: for tests of what
 * only a process can be given, such as a limit on the size of files. Prints how each ended, as JSON.
 */
import { text } from 'node:stream/consumers';
import { runHere } from './run-here.ts';

// As the command itself does (src/cli/program/process.ts).
process.on('SIGXFSZ', () => undefined);

const outcomes = [];
for (const words of JSON.parse(await text(process.stdin)) as string[][]) {
  const { exit, message } = await runHere(words).catch((error: unknown) => ({
    exit: 70,
    message: String(error),
  }));
  outcomes.push({ exit, message });
}
console.log(JSON.stringify(outcomes));
process.exit(0);
