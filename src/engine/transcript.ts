/**
 * Recorded episodes of the reference engine: what it printed, listed and counted as won, command by command. One
 * JSON object a line:
 * `{"game","kind","intro","won0","admissible0","steps":[{"action","observation","admissible","won","done"}]}`,
 * where `admissible` is the list after the action, null standing for 'the same as before'. Further keys (`seed`,
 * `script`) say how an episode was made and aren't read.
 */

import { readJson, readShape } from '../base/read-json.ts';
import type { Parsed } from '../base/result.ts';
import { either, flag, list, nothing, object, text } from '../base/schema.ts';
import type { World } from './world.ts';

export interface TranscriptStep {
  /** The command as it was given, with any spaces around it. */
  readonly action: string;
  readonly observation: string;
  readonly admissible: readonly string[] | null;
  readonly won: boolean;
  readonly done: boolean;
}

export interface Transcript {
  /** Key of the game: `train/<task>/<trial>`. */
  readonly game: string;
  /** How the commands were chosen: walkthrough, random, messy ... */
  readonly kind: string;
  readonly intro: string;
  readonly won0: boolean;
  readonly admissible0: readonly string[];
  readonly steps: readonly TranscriptStep[];
}

const LONGEST = 10_000_000;
const word = text(LONGEST);
const commands = list(word, 100_000);
const transcript = object({
  game: word,
  kind: word,
  intro: word,
  won0: flag,
  admissible0: commands,
  steps: list(
    object({
      action: word,
      observation: word,
      admissible: either(nothing, commands),
      won: flag,
      done: flag,
    }),
    100_000,
  ),
});

/** Plays the commands in a world and writes down what happens. */
export function recordEpisode(
  world: World,
  game: string,
  kind: string,
  commands: readonly string[],
): Transcript {
  const episode = world.start();
  const won0 = episode.won;
  const admissible0 = episode.admissible();
  let before = admissible0;
  const steps = commands.map((action): TranscriptStep => {
    const observation = episode.step(action);
    const list = episode.admissible();
    const same = list.join('\n') === before.join('\n');
    before = list;
    return { action, observation, admissible: same ? null : list, won: episode.won, done: episode.won };
  });
  return { game, kind, intro: world.intro, won0, admissible0, steps };
}

/** One line of a file of transcripts. */
export function parseTranscript(line: string): Parsed<Transcript, 'TRANSCRIPT_JSON' | 'TRANSCRIPT_SHAPE'> {
  const json = readJson(line, { code: 'TRANSCRIPT_JSON', what: 'The episode', longest: LONGEST });
  if (!json.ok) return json;
  const words = { code: 'TRANSCRIPT_SHAPE', what: 'the episode', whole: 'the line' } as const;
  return readShape(json.value, transcript, words);
}
