/**
 * Reads the words of a command line, runs the subcommand that they name, and says how it ended. It is given
 * the streams, so that tests run it without a process.
 */

import { Command, CommanderError } from '@commander-js/extra-typings';
import { inert } from '../../base/plain-text.ts';
import { EXIT } from './exit.ts';
import { endedAs, type Outcome } from './outcome.ts';
import type { Entry } from './registry.ts';
import type { Terminal, TextOutput } from './terminal.ts';

interface Streams {
  readonly out: TextOutput;
  readonly err: TextOutput;
  readonly terminal: Terminal;
}

/**
 * Runs one command line.
 * @param words what follows `duomem`
 * @returns how it ended; undefined where help or the version was asked for and printed. Throws only on a fault.
 */
export async function runProgram(
  words: readonly string[],
  entries: readonly Entry[],
  version: string,
  streams: Streams,
): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  let usage = '';
  const program = new Command('duomem')
    .description(
      'A household agent that remembers: games, students, memories and measurements from the command line.',
    )
    .usage('<subcommand> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.out.write(inert(text)),
      writeErr: (text) => streams.err.write(inert(text)),
      outputError: (text) => {
        usage = asSentence(text);
      },
    })
    .addHelpText('after', AFTER);

  const chosen = words.find((word) => !word.startsWith('-') && word !== 'help');
  for (const entry of entries) {
    const command = program.command(entry.name).description(entry.summary).usage('[options]').exitOverride();
    if (entry.name !== chosen) continue;
    const { subcommand } = await entry.load();
    subcommand.attach(
      command,
      () => streams.terminal,
      (end) => {
        outcome = endedAs(end);
      },
    );
  }
  if (words.length === 0) {
    return { exit: EXIT.usage, message: "Name a subcommand; 'duomem --help' lists them." };
  }

  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const known = entries.some((entry) => entry.name === chosen);
    const help = known ? `duomem ${chosen} --help` : 'duomem --help';
    return { exit: EXIT.usage, message: `${usage} See '${help}'.` };
  }
  return outcome ?? { exit: EXIT.usage, message: "Name a subcommand; 'duomem --help' lists them." };
}

/** commander says `error: unknown option '--x'` and, on a line of its own, `(Did you mean --y?)`. */
function asSentence(text: string): string {
  const [first = '', ...rest] = text
    .replace(/^error: /, '')
    .replace(/\((Did you mean .*)\)/, '$1')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/[.?]$/.test(line) ? line : `${line}.`));
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}

const AFTER = `
The result is one line of JSON, the last on standard output; progress goes to standard error.
Exit codes: 0 done, 1 the check failed, 2 wrong usage, 3 bad input, 70 a fault in duomem
(DUOMEM_DEBUG=1 shows where), 130 stopped by Ctrl-C.`;
