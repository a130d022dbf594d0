/**
 * The shape of a subcommand, in the words of the argument parser (commander).
 *
 * A subcommand is a file that exports one {@link Subcommand}, and a line in registry.ts. It says which options it
 * takes, and runs: it may print readable lines on the way, reports progress on standard error, and returns an
 * {@link Outcome} whose result process.ts prints as the last line of standard output, or the refusal of its input. It
 * never exits by itself and never prints a stack trace.
 *
 *     export const subcommand = defineSubcommand({
 *       options: (command) => command.requiredOption('--games <path>', 'folder or zip of games'),
 *       run: async ({ games }, { progress }) => {
 *         const set = await importGames(games, progress);
 *         return set.ok ? done({ games: set.value.length }) : set;
 *       },
 *     });
 */
import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { Shard } from '../../eval/run.ts';
import { type OutputKind, openOutputs } from '../files/output.ts';
import { isDiskFull, writeRefusal } from '../files/read-failure.ts';
import { type CommandEnd, wrongUsage } from './outcome.ts';
import type { Terminal } from './terminal.ts';

export interface Subcommand {
  /** Adds the options to a command, and what to do when it was chosen. */
  attach(command: Command, context: () => Terminal, finish: (end: CommandEnd) => void): void;
}

/** Ties options to the function that gets them, so that their types are known there. */
export function defineSubcommand<Args extends unknown[], Options extends Record<string, unknown>>(spec: {
  /** Adds options and arguments; commander's own words. */
  options: (command: Command) => Command<Args, Options>;
  /** The options that name what is written, and how; these are checked and claimed before anything is done. */
  outputs?: Readonly<Partial<Record<keyof Options, OutputKind>>>;
  /** Does the work. Arguments, where there are any, come as the third parameter. */
  run: (options: Options, terminal: Terminal, args: Args) => CommandEnd | Promise<CommandEnd>;
}): Subcommand {
  const outputs = new Map(Object.entries<OutputKind | undefined>(spec.outputs ?? {}));
  const forced = [...outputs.values()].some((kind) => kind !== 'resumed');
  return {
    attach(command, context, finish) {
      const configured = spec.options(command);
      if (forced) configured.option('--force', 'overwrite what exists');
      configured.action(async () => {
        const options = configured.opts() as Options;
        const paths = pathsOf(configured.options, options);
        const empty = paths.find(({ path }) => path === '');
        if (empty !== undefined) return finish(wrongUsage(`${empty.flag} is empty; name a path.`));
        const written = paths.flatMap(({ name, path }) => {
          const kind = outputs.get(name);
          return kind === undefined ? [] : [{ path, kind }];
        });
        const read = paths.flatMap(({ name, path }) => (outputs.has(name) ? [] : [path]));
        // The name of a server's model, or a folder.
        if (typeof options.model === 'string') read.push(options.model);
        const claim = await openOutputs(written, read, options.force === true);
        if (!claim.ok) return finish(claim);
        try {
          finish(await spec.run(options, context(), configured.processedArgs as Args));
        } catch (error) {
          if (!isDiskFull(error)) throw error;
          finish(writeRefusal(error, error.path ?? written[0]?.path ?? 'standard output'));
        } finally {
          claim.value.release();
        }
      });
    },
  };
}

/** The paths among the options, each with its option: those whose value is called file, dir, folder, path or json. */
function pathsOf(
  known: readonly { readonly flags: string; attributeName(): string }[],
  options: Readonly<Record<string, unknown>>,
): { flag: string; name: string; path: string }[] {
  return known
    .filter(({ flags }) => /<(file|dir|folder|path|json)(\.\.\.)?>/.test(flags))
    .flatMap((option) => {
      const name = option.attributeName();
      const flag = option.flags.split(' ')[0] ?? option.flags;
      return [options[name]]
        .flat()
        .flatMap((path) => (typeof path === 'string' ? [{ flag, name, path }] : []));
    });
}

/** A parser for a whole number from min to max. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) {
      // The largest is worth a word only to who came near it.
      const range =
        max === Number.MAX_SAFE_INTEGER && !(value > max) ? `at least ${min}` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

/** A parser for a number from min to max. */
export function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A parser for one of a few words. */
export function choiceOf<const Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}

/** A parser for `i/n`: part i, from 1, of a run that is split over n processes. */
export function shard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (!(index >= 1 && index <= count)) throw new InvalidArgumentError('It must be i/n with i from 1 to n.');
  return { index, count };
}
