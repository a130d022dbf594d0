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

function textDiff(expected: string, actual: string): string[] {
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same++;
  return [`  - ${expected}`, `  + ${actual}`, `    ${' '.repeat(same)}^`];
}

function listDiff(expected: readonly string[], actual: readonly string[]): string[] {
  const lines = [
    ...expected.filter((item) => !actual.includes(item)).map((item) => `  - ${visible(item)}`),
    ...actual.filter((item) => !expected.includes(item)).map((item) => `  + ${visible(item)}`),
  ];
  if (lines.length > 0) return lines;
  const at = expected.findIndex((item, i) => item !== actual[i]);
  const from = at < 0 ? expected.length : at;
  return [
    `  the same commands, but in another order or number, from command ${from + 1} on`,
    `  - ${visible(expected[from] ?? '(end)')}`,
    `  + ${visible(actual[from] ?? '(end)')}`,
  ];
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
