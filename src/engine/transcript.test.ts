import { describe, expect, test } from 'vitest';
import { parseTranscript } from './transcript.ts';

const step = { action: 'look', observation: 'You see nothing.', admissible: null, won: false, done: false };
const episode = {
  game: 'train/task/trial',
  kind: 'random',
  intro: 'Hello',
  won0: false,
  admissible0: ['look'],
  steps: [step],
};

test('an episode is read as it was written, line separators in commands included, without keys that say how it was made', () => {
  const odd = { ...episode, steps: [{ ...step, action: 'lo\u2028ok \u0000' }] };
  expect(parseTranscript(JSON.stringify({ ...odd, seed: 3 }))).toEqual({ ok: true, value: odd });
});

describe("a line that isn't an episode is refused and says why", () => {
  const lines: readonly [what: string, line: string, code: string, says: string][] = [
    ['nothing', '', 'TRANSCRIPT_JSON', "The episode isn't JSON"],
    ['half a line', JSON.stringify(episode).slice(0, 40), 'TRANSCRIPT_JSON', "The episode isn't JSON"],
    ['deep nesting', '['.repeat(1_000_000), 'TRANSCRIPT_JSON', 'brackets'],
    ['null', 'null', 'TRANSCRIPT_SHAPE', 'must be an object'],
    ['a list', '[]', 'TRANSCRIPT_SHAPE', 'must be an object'],
    ...(
      [
        [{ game: undefined }, ' game '],
        [{ kind: 1 }, ' kind '],
        [{ intro: null }, ' intro '],
        [{ won0: 0 }, ' won0 '],
        [{ admissible0: null }, ' admissible0'],
        [{ admissible0: ['look', 1] }, ' admissible0[1] '],
        [{ steps: { 0: step } }, ' steps '],
        [{ steps: [step, null] }, ' steps[1] '],
        [{ steps: [{ ...step, action: undefined }] }, ' steps[0].action '],
        [{ steps: [{ ...step, observation: 5 }] }, ' steps[0].observation '],
        [{ steps: [{ ...step, admissible: undefined }] }, ' steps[0].admissible '],
        [{ steps: [{ ...step, won: 'no' }] }, ' steps[0].won '],
        [{ steps: [{ ...step, done: null }] }, ' steps[0].done '],
      ] as const
    ).map(
      ([change, says]) =>
        [says, JSON.stringify({ ...episode, ...change }), 'TRANSCRIPT_SHAPE', says] as [
          string,
          string,
          string,
          string,
        ],
    ),
  ];
  test.each(lines)('%s', (_, line, code, says) => {
    const parsed = parseTranscript(line);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.error.code).toBe(code);
    expect(parsed.error.message).toContain(says);
  });
});
