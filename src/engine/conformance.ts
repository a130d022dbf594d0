/**
 * Plays a recorded episode of the reference engine again and says where this engine differs: intro, observations,
 * admissible commands (as a list, so in their order), won and done. The reference engine is done when it has won.
 */
import type { Transcript } from './transcript.ts';
import type { World } from './world.ts';

export interface Mismatch {
  readonly game: string;
  readonly kind: string;
  /** 0 is the reset, n the n-th command. */
  readonly step: number;
  /** The command before the difference; undefined at the reset. */
  readonly action: string | undefined;
  readonly field: 'intro' | 'observation' | 'admissible' | 'won' | 'done';
  readonly expected: string | boolean | readonly string[];
  readonly actual: string | boolean | readonly string[];
}

/** Every place where an episode in this world differs from the recorded one; empty when it is the same. */
export function compareTranscript(world: World, transcript: Transcript): Mismatch[] {
  const mismatches: Mismatch[] = [];
  const { game, kind } = transcript;
  let step = 0;
  let action: string | undefined;
  const check = (field: Mismatch['field'], expected: string | boolean, actual: string | boolean): void => {
    if (actual !== expected) mismatches.push({ game, kind, step, action, field, expected, actual });
  };
  const checkList = (expected: readonly string[], actual: readonly string[]): void => {
    if (sameList(expected, actual)) return;
    mismatches.push({ game, kind, step, action, field: 'admissible', expected, actual: [...actual] });
  };

  const episode = world.start();
  let admissible = transcript.admissible0;
  check('intro', transcript.intro, world.intro);
  check('won', transcript.won0, episode.won);
  checkList(admissible, episode.admissible());
  for (const recorded of transcript.steps) {
    step++;
    action = recorded.action;
    check('observation', recorded.observation, episode.step(action));
    admissible = recorded.admissible ?? admissible;
    checkList(admissible, episode.admissible());
    check('won', recorded.won, episode.won);
    check('done', recorded.done, episode.won);
  }
  return mismatches;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** A mismatch for a person: where it is, then what was recorded (-) and what this engine does (+). */
export function formatMismatch(mismatch: Mismatch): string {
  const { game, kind, step, action, field, expected, actual } = mismatch;
  const where = action === undefined ? 'at the start' : `after command ${step}, ${visible(action)}`;
  const lines = [`${visible(game).slice(1, -1)} (${visible(kind).slice(1, -1)}), ${where}: ${field}`];
  if (Array.isArray(expected) && Array.isArray(actual)) lines.push(...listDiff(expected, actual));
  else lines.push(...textDiff(visible(expected as string | boolean), visible(actual as string | boolean)));
  return lines.join('\n');
}

/** How much of a difference is shown: a recording may be of any length, and a person reads its start. */
const SHOWN_COMMANDS = 20;
const SHOWN_CHARACTERS = 500;

function textDiff(expected: string, actual: string): string[] {
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same++;
  const from = same > SHOWN_CHARACTERS ? same - 80 : 0;
  const window = (text: string): string => {
    const end = from + 2 * SHOWN_CHARACTERS;
    return `${from > 0 ? '…' : ''}${text.slice(from, end)}${text.length > end ? '…' : ''}`;
  };
  const indent = ' '.repeat(same - from + (from > 0 ? 1 : 0));
  return [`  - ${window(expected)}`, `  + ${window(actual)}`, `    ${indent}^`];
}

function listDiff(expected: readonly string[], actual: readonly string[]): string[] {
  const missing = lacking(expected, actual, '-');
  const added = lacking(actual, expected, '+');
  if (missing.length + added.length > 0) return [...missing, ...added];
  const at = expected.findIndex((item, i) => item !== actual[i]);
  const from = at < 0 ? expected.length : at;
  return [
    `  the same commands, but in another order or number, from command ${from + 1} on`,
    `  - ${shown(expected[from] ?? '(end)')}`,
    `  + ${shown(actual[from] ?? '(end)')}`,
  ];
}

/** What of a list another one lacks, each on a line with its sign. */
function lacking(list: readonly string[], other: readonly string[], sign: string): string[] {
  const there = new Set(other);
  const found = list.filter((item) => !there.has(item));
  const lines = found.slice(0, SHOWN_COMMANDS).map((item) => `  ${sign} ${shown(item)}`);
  const more = found.length - lines.length;
  return more > 0 ? [...lines, `  ${sign} and ${more} more`] : lines;
}

function shown(text: string): string {
  return visible(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

/** A value as JSON, with what a terminal would act on or not show written as escapes. */
function visible(value: string | boolean): string {
  return JSON.stringify(value).replace(/(?! )[\p{C}\p{Z}\p{M}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
