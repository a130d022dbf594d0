import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { traceOf } from '../testing/traces.ts';
import { describeRun, difference, episodeSeed, formatRun, notOfRun, parseRun, shardOf } from './run.ts';

const KEYS = Array.from({ length: 23 }, (_, i) => `split/type-${i}/trial`);
const rest = { split: 'split', student: 'pocket', settings: DEFAULT_SETTINGS, bank: 'b 12', seed: 7 };

test('shards take every game once, whatever order they are listed in', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.shuffledSubarray(KEYS, { minLength: KEYS.length }),
      (count, keys) => {
        const shards = Array.from({ length: count }, (_, i) => shardOf(keys, { index: i + 1, count }));
        expect(shards.flat().sort()).toEqual([...KEYS].sort());
        expect(shards).toEqual(
          Array.from({ length: count }, (_, i) => shardOf(KEYS, { index: i + 1, count })),
        );
      },
    ),
  );
});

test('the description of a run is read as it was written', async () => {
  const run = await describeRun(KEYS, rest, { index: 2, count: 3 });
  expect(parseRun(formatRun(run))).toEqual({ ok: true, value: run });
  expect(run).toMatchObject({ games: 23, shards: [{ index: 2, count: 3 }] });
});

test.each([
  ['no JSON', '{', 'RUN_JSON'],
  ['a list', '[]', 'RUN_SHAPE'],
  ['nothing in it', '{}', 'RUN_SHAPE'],
])('%s is refused', (_, text, code) => {
  expect(parseRun(text)).toMatchObject({ ok: false, error: { code } });
});

test('says what two runs differ in', async () => {
  const run = await describeRun(KEYS, rest);
  expect(
    difference(run, await describeRun([...KEYS].reverse(), rest, { index: 1, count: 2 })),
  ).toBeUndefined();
  expect(difference(run, await describeRun(KEYS, { ...rest, seed: 8 }))).toBe('seed 7 and 8');
  const settings = { ...DEFAULT_SETTINGS, k: 3 };
  expect(difference(run, await describeRun(KEYS, { ...rest, settings }))).toBe('k 10 and 3');
  const thinking = await describeRun(KEYS, { ...rest, settings: { ...DEFAULT_SETTINGS, thinking: true } });
  expect(difference(run, thinking)).toBe('thinking undefined and true');
  expect(parseRun(formatRun(thinking))).toEqual({ ok: true, value: thinking });
  expect(difference(run, await describeRun(KEYS.slice(1), rest))).toBe('games 23 and 22');
});

test('keeps what was asked of a server: other fields are another run, another address or an older run is none', async () => {
  const served = (body: Record<string, unknown>, baseUrl = 'http://a/v1') =>
    describeRun(KEYS, { ...rest, server: { baseUrl, body } });
  const run = await served({ top_p: 1, stop: [{ b: 1, a: 2 }] });
  expect(parseRun(formatRun(run))).toEqual({ ok: true, value: run });
  expect(difference(run, await served({ stop: [{ a: 2, b: 1 }], top_p: 1 }, 'http://b/v1'))).toBeUndefined();
  expect(difference(run, await describeRun(KEYS, rest))).toBeUndefined();
  expect(difference(await served({}), await served({ top_p: 1 }))).toBe('--body {} and {"top_p":1}');
  expect(parseRun(formatRun(run).replace('"body": {', '"body": 1, "rest": {'))).toMatchObject({
    ok: false,
    error: { code: 'RUN_SHAPE' },
  });
});

test("a run whose replies were to be held to what can be takes traces of players that couldn't be held", async () => {
  const settings = { ...DEFAULT_SETTINGS, memory: 'none', grounded: true } as const;
  const key = 'split/look-a/b';
  const run = await describeRun([key], { ...rest, student: 'human', settings, bank: '' });
  expect(parseRun(formatRun(run))).toEqual({ ok: true, value: run });
  const trace = (said: object) => {
    const { header, ...others } = traceOf({ key, taskType: 'look' }, []);
    const played = { ...DEFAULT_SETTINGS, memory: 'none' as const, ...said };
    return { ...others, header: { ...header, settings: played, seed: episodeSeed(run.seed, key) } };
  };
  expect(notOfRun(run, trace({}))).toBeUndefined();
  expect(notOfRun(run, trace({ grounded: true }))).toBeUndefined();
  expect(notOfRun(run, trace({ grounded: false }))).toBe('grounded true and false');
});

test('goes on with a run of a base, whose traces tell its kind', async () => {
  const key = 'split/look-a/b';
  const settings = { ...DEFAULT_SETTINGS, memory: 'none' } as const;
  const run = await describeRun([key], { ...rest, student: 'smollm2-base', settings, bank: '' });
  const { header, ...others } = traceOf({ key, taskType: 'look' }, []);
  const of = (kind: 'smollm2' | 'pocket') =>
    notOfRun(run, {
      ...others,
      header: { ...header, settings, seed: episodeSeed(run.seed, key), student: { kind, name: 'a' } },
    });
  expect(of('smollm2')).toBeUndefined();
  expect(of('pocket')).toBe('student smollm2-base and pocket a');
});

test("tells a trace that saw other memories than the run's, or that somebody else began", async () => {
  const key = 'split/look-a/b';
  const bank = 'official.bank 0123456789ab, mine.bank abcdef012345';
  const script = { id: 'a', similarity: 1, ownHome: false, script: { taskName: 'a', guidelines: 'b' } };
  const asked = async (settings: object, memory: object, header: object = {}, of = bank) => {
    const run = await describeRun([key], {
      ...rest,
      settings: { ...DEFAULT_SETTINGS, ...settings },
      bank: of,
    });
    const trace = traceOf({ key, taskType: 'look' }, []);
    const told = { scripts: [], dropped: { scripts: 0, trajectory: false }, ...memory };
    return notOfRun(run, {
      ...trace,
      header: {
        ...trace.header,
        ...header,
        student: { kind: run.student.split(' ')[0] as 'scripted', name: 'a' },
        settings: run.settings,
        seed: episodeSeed(run.seed, key),
        memory: told,
      },
    });
  };
  const both = { bank: 'official 0123456789ab, mine abcdef012345' };
  expect(await asked({}, both)).toBeUndefined();
  expect(await asked({}, { bank: 'mine abcdef012345' })).toBeUndefined();
  for (const other of ['', 'b', 'official 0123456789ac', 'other 111111111111, mine abcdef012345'])
    expect(await asked({}, { bank: other })).toMatch(/^memory bank/);
  expect(await asked({ memory: 'none' }, {}, {}, '')).toBeUndefined();
  expect(await asked({ memory: 'none' }, { scripts: [script] }, {}, '')).toMatch(/^memory none/);
  expect(await asked({ k: 1 }, { ...both, scripts: [script, script] })).toMatch(/^memory memp/);
  expect(await asked({ memory: 'script', k: 1 }, { ...both, scripts: [script] })).toBeUndefined();
  const trajectory = { id: 'a', similarity: 1, ownHome: false, trajectory: { intro: '', steps: [] } };
  expect(await asked({ memory: 'script' }, { ...both, trajectory })).toMatch(/^memory script/);
  const branch = { steps: 1, student: { kind: 'human', name: 'me' } };
  expect(await asked({}, both, { branch })).toContain('whose first steps me played');
});
