/** Subcommands that end in every way a subcommand can, for the tests of the frame; they aren't part of duomem. */
import {
  choiceOf,
  defineSubcommand,
  number,
  type Subcommand,
  shard,
  wholeNumber,
} from '../cli/program/command.ts';
import { badInput, done, failed, interrupted, type Outcome, wrongUsage } from '../cli/program/outcome.ts';
import type { Entry } from '../cli/program/registry.ts';
import type { Terminal } from '../cli/program/terminal.ts';

const echo = defineSubcommand({
  options: (command) =>
    command
      .argument('[word]', 'a word')
      .requiredOption('--count <n>', 'how many', wholeNumber(1, 9))
      .option('--rate <p>', 'how likely', number(0, 1), 0.5)
      .option('--memory <kind>', 'which memory', choiceOf('none', 'script'))
      .option('--shard <i/n>', 'which part', shard),
  run: (options, terminal, [word]) => {
    terminal.progress('working');
    terminal.print('a readable line');
    return done({ ...options, word: word ?? null });
  },
});

const ways: Record<string, (terminal: Terminal) => Outcome | Promise<Outcome>> = {
  failed: () => failed('Two episodes differ.', { mismatches: 2 }),
  usage: () => wrongUsage('Give --out or --dry-run.'),
  input: () =>
    badInput({ code: 'NOT_A_ZIP', message: "This isn't a zip file.", place: 'a.zip' }, { games: 0 }),
  throws: () => {
    throw new Error('the index is 7\nof 5');
  },
  later: () =>
    new Promise(() => {
      setTimeout(() => Promise.reject(new Error('nobody waits for me')));
      setInterval(() => {}, 1000);
    }),
  endless: async (terminal) => {
    for (;;) {
      terminal.print('another line');
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  patient: (terminal) =>
    new Promise((resolve) => {
      const open = setInterval(() => {}, 1000);
      terminal.signal.addEventListener('abort', () => {
        clearInterval(open);
        resolve(interrupted('Stopped; what was done is kept.', { games: 1 }));
      });
      terminal.note('ready');
    }),
  where: () => done({ folder: process.cwd() }),
  open: () => {
    setInterval(() => {}, 1000);
    return done({});
  },
};

const entry = (name: string, subcommand: Subcommand): Entry => ({
  name,
  summary: `Ends by way of ${name}`,
  load: async () => ({ subcommand }),
});

export const probes: readonly Entry[] = [
  entry('echo', echo),
  ...Object.entries(ways).map(([name, run]) =>
    entry(name, defineSubcommand({ options: (command) => command, run: (_, terminal) => run(terminal) })),
  ),
  {
    name: 'unloadable',
    summary: 'Is never loaded unless it is called',
    load: () => Promise.reject(new Error('loaded')),
  },
];
