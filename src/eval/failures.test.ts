import { describe, expect, test } from 'vitest';
import { type Said, traceOf } from '../testing/traces.ts';
import { failureOf, formatFailures, reportFailures } from './failures.ts';

const intro =
  'You are in the middle of a room. Looking quickly around you, you see a desk 1, a fridge 1, a microwave 1, a shelf 2, and a shelf 1.\n\nYour task is to: x';
const say = (action: string, observation: string): Said => ({
  reply: `Thought: t\nAction: ${action}`,
  observation,
});
const went = say('go to desk 1', 'You arrive at desk 1. On the desk 1, you see a mug 1, and a pen 1.');
const took = say('take mug 1 from desk 1', 'You pick up the mug 1 from the desk 1.');
const pen = say('take pen 1 from desk 1', 'You pick up the pen 1 from the desk 1.');
const shelf = say('go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see nothing.');
const fridge = say('go to fridge 1', 'You arrive at fridge 1. The fridge 1 is closed.');
const heated = say('heat mug 1 with microwave 1', 'You heat the mug 1 using the microwave 1.');
const put = say('move mug 1 to shelf 1', 'You move the mug 1 to the shelf 1.');
const fly = say('fly', 'Nothing happens.');

function cause(task: string, ...said: readonly Said[]) {
  return failureOf(traceOf({ key: 'v/t/1', intro, task }, said));
}

describe('the cause of a lost episode', () => {
  test.each([
    ['never found', 'put a mug in shelf.', [shelf, fridge], 'No mug was seen in 1 of 5 places'],
    ['not taken', 'put a mug in shelf.', [went, shelf], 'saw a mug'],
    ['wrong object', 'put a mug in shelf.', [went, pen, shelf], 'took pen 1 and no mug'],
    ['wrong place', 'put a mug in shelf.', [went, took, fridge], 'had mug 1'],
    ['wrong tool', 'put a hot mug in shelf.', [went, took, shelf, put], "didn't heat it"],
    ['wrong place', 'put a hot mug in shelf.', [went, took, heated, fridge], "didn't bring it to a shelf"],
    ['lamp not used', 'look at mug under the desklamp.', [went, took, shelf], "didn't use a desklamp"],
    ['not all brought', 'put two mug in shelf.', [went, took, shelf, put], '1 of 2 mug lay in a shelf'],
    ['repeated action', 'put a mug in shelf.', [went, ...Array(8).fill(fly)], "circle of 'fly'"],
    [
      'repeated action',
      'put a mug in shelf.',
      [...Array(4).fill([shelf, fridge]).flat()],
      "'go to shelf 1' and 'go to fridge 1'",
    ],
    [
      'unparsed reply',
      'put a mug in shelf.',
      [{ reply: 'hm', observation: 'Nothing happens.' }, went],
      '1 of 2 replies',
    ],
    ['chore not known', 'put a mug in shelf at sink time.', [went, took, shelf, put, fridge], 'at sink time'],
    ['chore not known', 'take mug at sink time.', [went, took, shelf], 'at sink time'],
    ['wrong place', 'put a mug in shelf at sink time.', [went, took, fridge], 'had mug 1'],
    ['never found', 'put a sliced apple in shelf.', [went, shelf], 'No apple'],
    ['not taken', 'put a mug and a pen in shelf.', [went, took, shelf, put, fridge], 'saw a pen'],
    ['lamp not used', 'turn on the desklamp.', [shelf, fridge], "didn't use a desklamp"],
    ['unknown', 'juggle the mugs.', [went, shelf], ''],
  ] as const)('%s (%s)', (expected, task, said, account) => {
    const failure = cause(task, ...said);
    expect(failure?.cause).toBe(expected);
    expect(failure?.account).toContain(account);
  });

  test("of replies in a form that wasn't read", () => {
    const said = ['Action 1: look', '<action>look</action>', 'hm'];
    const failure = cause(
      'put a mug in shelf.',
      ...said.map((reply) => ({ reply, observation: 'Nothing happens.' })),
    );
    expect(failure).toMatchObject({ cause: 'unparsed reply' });
    expect(failure?.account).toMatch(
      /2 of them hold one in another form \(labels, tags\), which a strict reading/,
    );
  });

  test("of a student that couldn't go on", () => {
    const trace = traceOf({ key: 'v/t/1' }, [went]);
    const refusal = { code: 'DEVICE_LOST', message: 'The device was lost.' };
    const failed = { ...trace, end: { kind: 'end', end: 'failed', steps: 1, ms: 0, refusal } as const };
    expect(failureOf(failed)).toMatchObject({ cause: 'student failed', account: 'The device was lost.' });
  });

  test('none for an episode that was won, stopped or cut off', () => {
    expect(cause('put a mug in shelf.', went, { ...put, won: true })).toBeUndefined();
    const trace = traceOf({ key: 'v/t/1' }, [went]);
    expect(failureOf({ ...trace, end: undefined })).toBeUndefined();
    expect(failureOf({ ...trace, end: { kind: 'end', end: 'stopped', steps: 1, ms: 0 } })).toBeUndefined();
  });
});

test('the report groups by cause and names the games in order', () => {
  const report = reportFailures([
    traceOf({ key: 'v/t/2', intro }, [shelf]),
    traceOf({ key: 'v/t/3', intro }, [went, { ...put, won: true }]),
    traceOf({ key: 'v/t/4', intro }, [went, pen]),
    traceOf({ key: 'v/t/1', intro }, [shelf]),
  ]);
  expect(report.causes).toEqual({ 'wrong object': 1, 'never found': 2 });
  expect(report.failures.map(({ game }) => game)).toEqual(['v/t/4', 'v/t/1', 'v/t/2']);
  const text = formatFailures(report);
  expect(text).toContain('| never found | 2 |');
  expect(text.indexOf('## wrong object')).toBeLessThan(text.indexOf('## never found'));
  expect(formatFailures(reportFailures([]))).toContain('None.');
  // Games and their tasks are strangers'.
  const key = 'v/<img src=//x>\n# t/1';
  expect(formatFailures(reportFailures([traceOf({ key, intro }, [shelf])]))).toContain(
    '\n- v/&lt;img src=//x&gt; \\# t/1: ',
  );
});
