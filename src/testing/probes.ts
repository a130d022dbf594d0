/** Subcommands that end in every way a subcommand can, for the tests of the frame; they aren't part of duomem. */
import {
  choiceOf,
  defineSubcommand,
  number,
  type Subcommand,
  shard,
  wholeNumber,
} from '../cli/program/command.ts';
import { badInput, done, failed, interrupted, wrongUsage } from '../cli/program/outcome.ts';
import type { Entry } from '../cli/program/registry.ts';

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

const ways: Record<string, Subcommand> = {
  failed: defineSubcommand({
    options: (command) => command,
    run: () => failed('Two episodes differ.', { mismatches: 2 }),
  }),
  usage: defineSubcommand({
    options: (command) => command,
    run: () => wrongUsage('Give --out or --dry-run.'),
  }),
  input: defineSubcommand({
    options: (command) => command,
    run: () =>
      badInput({ code: 'NOT_A_ZIP', message: "This isn't a zip file.", place: 'a.zip' }, { games: 0 }),
  }),
  throws: defineSubcommand({
    options: (command) => command,
    run: () => {
      throw new Error('the index is 7\nof 5');
    },
  }),
  later: defineSubcommand({
    options: (command) => command,
    run: () =>
      new Promise(() => {
        setTimeout(() => Promise.reject(new Error('nobody waits for me')));
        setInterval(() => {}, 1000);
      }),
  }),
  endless: defineSubcommand({
    options: (command) => command,
    run: async (_, terminal) => {
      for (;;) {
        terminal.print('another line');
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  }),
  patient: defineSubcommand({
    options: (command) => command,
    run: (_, terminal) =>
      new Promise((resolve) => {
        const open = setInterval(() => {}, 1000);
        terminal.signal.addEventListener('abort', () => {
          clearInterval(open);
          resolve(interrupted('Stopped; what was done is kept.', { games: 1 }));
        });
        terminal.note('ready');
      }),
  }),
  where: defineSubcommand({
    options: (command) => command,
    run: () => done({ folder: process.cwd() }),
  }),
  open: defineSubcommand({
    options: (command) => command,
    run: () => {
      setInterval(() => {}, 1000);
      return done({});
    },
  }),
};

export const probes: readonly Entry[] = [
  ...Object.entries({ echo, ...ways }).map(([name, subcommand]) => ({
    name,
    summary: `Ends by way of ${name}`,
    load: async () => ({ subcommand }),
  })),
  {
    name: 'unloadable',
    summary: 'Is never loaded unless it is called',
    load: () => Promise.reject(new Error('loaded')),
  },
];
