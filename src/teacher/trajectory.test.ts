import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatScriptRecord, parseScriptRecords, scriptRecord } from './script-file.ts';
import {
  type Collected,
  type CollectedTrajectory,
  type Collection,
  formatTrajectoryRecord,
  parseTrajectories,
} from './trajectory.ts';

const collection: Collection = {
  kind: 'collection',
  version: 1,
  teacher: 'scripted',
  split: 'train',
  tries: 5,
  successes: 1,
  maxSteps: 30,
  seed: 1,
};
const trajectory: CollectedTrajectory = {
  kind: 'trajectory',
  version: 1,
  game: 'train/a/trial_1',
  task: 'put a pen in drawer.',
  taskType: 'pick_and_place_simple',
  home: 'home_1',
  teacher: 'scripted',
  try: 1,
  seed: 0,
  intro: 'You are in the middle of a room.',
  steps: [{ thought: 'I look.', action: 'look', observation: 'Nothing happens.' }],
  won: true,
};
const collected: Collected = {
  kind: 'collected',
  version: 1,
  game: 'train/a/trial_1',
  taskType: 'pick_and_place_simple',
  tries: [{ seed: 0, won: true, steps: 1 }],
};
const whole = [collection, trajectory, collected].map(formatTrajectoryRecord).join('');

test('what is written is read back', () => {
  const file = parseTrajectories(whole);
  const complete = whole.length;
  expect(file).toEqual({
    ok: true,
    value: { collection, trajectories: [trajectory], collected: [collected], spent: [], complete },
  });
});

test('what a server was asked is read back, and what was asked in vain is kept by a run that goes on', () => {
  const usage = { requests: 3, retries: 1, unmetered: 0, tokensIn: 900, tokensOut: 60, seconds: 2.5 };
  const spent = { kind: 'spent', version: 1, usage } as const;
  const served = [collection, { ...collected, usage }, spent].map(formatTrajectoryRecord).join('');
  expect(parseTrajectories(served)).toMatchObject({
    ok: true,
    value: { collected: [{ usage }], spent: [spent], complete: served.length },
  });
  expect(parseTrajectories(served.replaceAll('"tokensIn":900', '"tokensIn":"many"'))).toMatchObject({
    ok: false,
    error: { code: 'TRAJECTORY_SHAPE', place: 'line 2' },
  });
});

test('an interrupted file is complete up to its last finished game', () => {
  const second = formatTrajectoryRecord({ ...trajectory, game: 'train/b/trial_1' });
  for (const rest of [second, second.slice(0, 40), second + second.slice(0, 3)]) {
    const file = parseTrajectories(whole + rest);
    expect(file.ok && file.value.complete).toBe(whole.length);
  }
});

test.each([
  ['not JSON', '{"kind":\n', 'LINE_JSON'],
  ['not an object', '[]\n', 'LINE_JSON'],
  [
    'a later version',
    formatTrajectoryRecord(trajectory).replace('"version":1', '"version":2'),
    'LINE_VERSION',
  ],
  ['no task', formatTrajectoryRecord(trajectory).replace('"task":', '"t":'), 'TRAJECTORY_SHAPE'],
  [
    'a step without a thought',
    formatTrajectoryRecord(trajectory).replace('"thought":', '"t":'),
    'TRAJECTORY_SHAPE',
  ],
  [
    'tries that are no list',
    formatTrajectoryRecord(collected).replace(/"tries":\[.*\]/, '"tries":1'),
    'TRAJECTORY_SHAPE',
  ],
])('refuses %s and says on which line', (_, text, code) => {
  expect(parseTrajectories(formatTrajectoryRecord(collection) + text)).toMatchObject({
    ok: false,
    error: { code, place: 'line 2' },
  });
});

test('records of kinds not known are passed over', () => {
  const file = parseTrajectories(`${whole}{"kind":"note","version":1}\n`);
  expect(file.ok && file.value.trajectories).toHaveLength(1);
});

test('any text gives a value', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseTrajectories(`${text}\n`).ok).toBeTypeOf('boolean');
      expect(parseScriptRecords(`${text}\n`).ok).toBeTypeOf('boolean');
    }),
  );
});

test('scripts are read back, and refused where a part is missing', () => {
  const record = scriptRecord(trajectory, 'scripted', {
    taskName: 'put a pen in drawer',
    guidelines: 'Look.',
  });
  const line = formatScriptRecord(record);
  expect(parseScriptRecords(line)).toEqual({ ok: true, value: [record] });
  expect(record).toMatchObject({ game: trajectory.game, home: 'home_1', seed: 0 });
  expect(parseScriptRecords(line.replace('guidelines', 'x'))).toMatchObject({
    ok: false,
    error: { code: 'SCRIPT_SHAPE', place: 'line 1' },
  });
});
