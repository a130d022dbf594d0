import { beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import type { Trace } from '../agent/trace.ts';
import { ok, type Result, refuse, unwrap } from '../base/result.ts';
import { generateHome, parseHomeKey } from '../homes/index.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import { createRandomStudent } from '../students/random.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import type { Student } from '../students/student.ts';
import { scriptedExtractor } from '../teacher/script.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { byTask, type Lessons, type Life, type LifeOptions, live, livesOf } from './life.ts';
import type { GameToPlay } from './play-game.ts';

const TASKS = 5;
const games = new Map<string, GameToPlay>();
let life: Life;

beforeAll(() => {
  for (const seed of [41, 42]) {
    const home = generateHome(seed, { habits: 1, routine: 1, rooms: ['kitchen'] });
    for (let i = 0; i < TASKS; i++) {
      const { key, text, taskType } = home.game(i);
      games.set(key, { key, taskType, text });
    }
  }
  life = livesOf([...games.keys()].reverse())[0] as Life;
});

function options(lessons: Lessons, more: Partial<LifeOptions> = {}): LifeOptions {
  return {
    student: createScriptedStudent(() => 0),
    settings: { ...DEFAULT_SETTINGS, memory: 'script' },
    seed: 0,
    program: 'test',
    lessons,
    openStore: async () => ok(createInMemoryStore()),
    embedder: sampleEmbedder(),
    read: async (key) => ok(games.get(key) as GameToPlay),
    known: new Map(),
    signal: new AbortController().signal,
    ...more,
  };
}

async function all(lived: AsyncGenerator<Result<Trace>>): Promise<Trace[]> {
  const traces: Trace[] = [];
  for await (const trace of lived) {
    if (!trace.ok) throw new Error(trace.error.message);
    traces.push(trace.value);
  }
  return traces;
}

const indexOf = (key: string): number => parseHomeKey(key)?.index ?? -1;
/** For each trace: the indices of the tasks whose memories its prompt showed. */
const remembered = (traces: readonly Trace[]): number[][] =>
  traces.map(({ header }) =>
    header.memory.scripts.map(({ id }) => indexOf(id.slice(id.indexOf(':') + 1))).sort((a, b) => a - b),
  );

const OWN: Lessons = { kind: 'own', extractor: scriptedExtractor, limit: 60 };

test('homes are told apart and their tasks come in order', () => {
  const lives = livesOf(
    [...games.keys(), 'train/pick_and_place_simple-Mug-None-Shelf-1/trial_T2019'].reverse(),
  );
  expect(lives.map(({ tasks }) => tasks.map(({ index }) => index))).toEqual([
    [0, 1, 2, 3, 4],
    [0, 1, 2, 3, 4],
  ]);
  expect(new Set(lives.map(({ home }) => home)).size).toBe(2);
});

test("a student that can't go on ends the life with its reason, and isn't taken for stopped", async () => {
  const scripted = createScriptedStudent(() => 0);
  const student: Student = {
    ...scripted,
    open: () => ({
      reply: async () => refuse('SERVER_DENIED', 'The server refused the key.'),
      dispose: async () => {},
    }),
  };
  const lived = live(life, options({ kind: 'none' }, { student }));
  expect(await lived.next()).toMatchObject({ value: { ok: false, error: { code: 'SERVER_DENIED' } } });
  expect((await lived.next()).done).toBe(true);
});

test('what was solved is remembered in the tasks after it, and only there', async () => {
  const traces = await all(live(life, options(OWN)));
  expect(traces.map(({ header }) => indexOf(header.game.key))).toEqual([0, 1, 2, 3, 4]);
  const shown = remembered(traces);
  expect(shown[0]).toEqual([]);
  shown.forEach((indices, i) => {
    expect(indices.every((index) => index < i)).toBe(true);
  });
  expect(shown[4]?.length).toBeGreaterThan(1);
  expect(traces[4]?.header.memory.scripts.every(({ ownHome }) => ownHome)).toBe(true);
});

test('a student that solves nothing learns nothing', async () => {
  const student = createRandomStudent(() => 0);
  const settings = { ...DEFAULT_SETTINGS, memory: 'script' as const, maxSteps: 2 };
  const traces = await all(live(life, options(OWN, { student, settings })));
  expect(traces.some(({ end }) => end?.end === 'won')).toBe(false);
  expect(remembered(traces).flat()).toEqual([]);
});

test('of lost tasks is remembered where one looked', async () => {
  const settings = { ...DEFAULT_SETTINGS, memory: 'script', maxSteps: 2 } as const;

  const traces = await all(live(life, options(OWN, { settings })));
  expect(traces.every(({ end, header }) => end?.end === 'limit' && header.memory.scripts.length === 0)).toBe(
    true,
  );
  const looks = traces.map(({ header }) =>
    Math.max(0, ...(header.memory.searched ?? []).flatMap(({ places }) => places.map((one) => one.looks))),
  );
  expect(looks[0]).toBe(0);
  expect(looks.at(-1)).toBeGreaterThan(0);
  // The student goes elsewhere than where it looked before.
  const first = traces.map(({ steps }) => steps[0]?.action);
  expect(new Set(first).size).toBeGreaterThan(1);
});

test('what was played before is learnt from and not played again', async () => {
  const whole = await all(live(life, options(OWN)));
  const known = new Map(whole.slice(0, 3).map((trace) => [trace.header.game.key, trace]));
  expect(await all(live(life, options(OWN, { known })))).toEqual(whole.slice(3));
});

test("after M tasks the teacher's memories are those of the M tasks before", async () => {
  const lessons = (count: number): Lessons => ({
    kind: 'earlier',
    teacher: createScriptedStudent(() => 0),
    extractor: scriptedExtractor,
    count,
    from: 3,
  });
  const two = await all(live(life, options(lessons(2))));
  expect(two.map(({ header }) => indexOf(header.game.key))).toEqual([3, 4]);
  expect(remembered(two)).toEqual([
    [1, 2],
    [2, 3],
  ]);
  expect(remembered(await all(live(life, options(lessons(0)))))).toEqual([[], []]);
});

test('without a store nothing is remembered, and the figures count lost tasks in full', async () => {
  const traces = await all(live(life, options({ kind: 'none' }, { openStore: undefined })));
  expect(traces.every(({ header }) => header.settings.memory === 'none')).toBe(true);
  const figures = unwrap(byTask(traces));
  expect(figures.map(({ task, episodes, meanSteps }) => [task, episodes, meanSteps])).toEqual(
    traces.map(({ steps }, i) => [i + 1, 1, steps.length]),
  );
  expect(byTask([])).toMatchObject({ ok: false, error: { code: 'NO_HOMES' } });
});
