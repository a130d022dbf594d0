/** `--dialect` and `--goals`: how games are told, by the same words wherever they're played. */
import type { Command } from '@commander-js/extra-typings';
import type { Telling } from '../../engine/import/index.ts';
import { DIALECTS, type Dialect } from '../../engine/index.ts';
import { choiceOf } from './command.ts';

export const DIALECT_OPTION = [
  '--dialect <name>',
  "tell every game in it: move, or put as ALFWorld's releases before 0.4 (without: as its file does)",
  choiceOf(...DIALECTS),
] as const;

/** Adds --dialect and --goals. */
export function withTelling<Args extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Args, Options>,
) {
  return command
    .option(...DIALECT_OPTION)
    .option(
      '--goals <words>',
      "template, or human: the task in the words of ALFRED's annotators (traj_data.json beside the games)",
      choiceOf('template', 'human'),
    );
}

/** What the two options ask for; what changes nothing stays out, so that it describes no other run. */
export function tellingOf({
  dialect,
  goals,
}: {
  readonly dialect?: Dialect | undefined;
  readonly goals?: 'template' | 'human' | undefined;
}): Telling {
  return { ...(dialect && { dialect }), ...(goals === 'human' && { goals }) };
}
