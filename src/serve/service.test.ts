import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok, refuse } from '../engine/index.ts';
import { smallGame } from '../testing/small-game.ts';
import { words } from '../testing/words.ts';
import { Catalogue, type ServedGames } from './catalogue.ts';
import { type Limits, Service } from './service.ts';

const GAME = smallGame();
const SOLUTION = JSON.parse(GAME).walkthrough as string[];
const KEYS = ['train/pick_heat-Mug-1/a', 'train/pick_heat-Mug-1/b', 'valid_seen/pick_heat-Mug-1/c'];

const source: ServedGames = {
  games: [...KEYS, 'train/broken/d'].map((key) => ({ key, split: key.split('/')[0] as string })),
  has: (key) => KEYS.includes(key) || key === 'train/broken/d',
  read: async (key) =>
    key === 'train/broken/d' ? refuse('GAME_ENCODING', "The file isn't text.") : ok(GAME),
};

function service(limits: Partial<Limits> = {}): Service {
  return new Service(new Catalogue([source]), { version: '1.2.3', limits });
}

// biome-ignore lint/suspicious/noExplicitAny: what a client reads, of whatever shape
type Read = any;

async function ask(to: Service, ...requests: object[]): Promise<Read> {
  let last: unknown;
  for (const request of requests) last = JSON.parse(await to.answer(JSON.stringify(request)));
  return last;
}

test('says what it is and what there is', async () => {
  expect(await ask(service(), { op: 'info', id: 7 })).toEqual({
    id: 7,
    name: 'duomem',
    version: '1.2.3',
    protocol: 1,
    splits: { train: 3, valid_seen: 1 },
    limits: { episodes: 4_096, batch: 4_096, message: 8_388_608, idle: 3_600 },
    open: 0,
  });
  const listed = await ask(service(), { op: 'games', split: 'train', offset: 1, limit: 1 });
  expect(listed).toEqual({ total: 3, games: [KEYS[1]] });
});

test('an episode from reset to its end', async () => {
  const it = service();
  const reset = await ask(it, { op: 'reset', game: KEYS[0], progress: true });
  expect(reset).toMatchObject({
    episode: 'episode-1',
    game: KEYS[0],
    task: 'put a hot mug in cabinet.',
    dialect: 'move',
    score: 0,
    won: false,
    done: false,
    steps: 0,
    progress: expect.arrayContaining([{ text: 'a mug is hot', holds: false }]),
  });
  expect(reset.observation).toContain('Your task is to: put a hot mug in cabinet.');
  expect(reset.admissible).toContain('go to countertop 1');
  let last: Read;
  for (const action of SOLUTION) last = await ask(it, { op: 'step', episode: 'episode-1', action });
  expect(last).toMatchObject({ score: 1, won: true, done: true, steps: SOLUTION.length });
  // As in ALFWorld's batches: what comes after the end changes nothing.
  expect(await ask(it, { op: 'step', episode: 'episode-1', action: 'look' })).toEqual(last);
  const playedOn = await ask(it, { op: 'reset', episode: 'episode-1', playOn: true });
  expect(playedOn.game).toBe(KEYS[0]);
  for (const action of [...SOLUTION, 'look'])
    last = await ask(it, { op: 'step', episode: 'episode-1', action });
  expect(last).toMatchObject({
    steps: SOLUTION.length + 1,
    observation: expect.stringContaining('You are facing'),
  });
});

test('ends after as many steps as were wanted', async () => {
  const it = service();
  await ask(it, { op: 'reset', episode: 'mine', game: KEYS[0], maxSteps: 2 });
  expect(await ask(it, { op: 'step', episode: 'mine', action: 'look' })).toMatchObject({ done: false });
  const end = await ask(it, { op: 'step', episode: 'mine', action: 'inventory' });
  expect(end).toMatchObject({ done: true, won: false, steps: 2 });
  expect(await ask(it, { op: 'step', episode: 'mine', action: 'look' })).toEqual(end);
});

describe('which game', () => {
  const keyOf = async (request: object) => (await ask(service(), { op: 'reset', ...request })).game;
  test('by index, of all or of a split', async () => {
    expect(await keyOf({ index: 2 })).toBe(KEYS[2]);
    expect(await keyOf({ split: 'valid_seen', index: 0 })).toBe(KEYS[2]);
  });
  test('by seed: the same seed, the same game', async () => {
    const drawn = await Promise.all(
      Array.from({ length: 20 }, (_, seed) => keyOf({ split: 'valid_seen', seed })),
    );
    expect(new Set(drawn)).toEqual(new Set([KEYS[2]]));
    expect(await keyOf({ home: 4, task: 1 })).toBe(await keyOf({ home: 4, task: 1 }));
  });
  test('a home by its key, though no set holds it', async () => {
    const key = await keyOf({ home: 4, task: 1 });
    expect(key).toMatch(/^homes\//);
    expect(await keyOf({ game: key })).toBe(key);
  });
  test('one after the other where nobody says', async () => {
    const it = service();
    const games = [];
    for (let i = 0; i < 3; i++) games.push((await ask(it, { op: 'reset', split: 'train' })).game);
    expect(games.slice(0, 2)).toEqual(KEYS.slice(0, 2));
  });
  test('without sets, homes', async () => {
    const it = new Service(new Catalogue([]), { version: '1' });
    const [first, second] = [
      await ask(it, { op: 'reset', index: 0 }),
      await ask(it, { op: 'reset', seed: 5 }),
    ];
    expect(first.game).toMatch(/-1\/trial_/);
    expect(second.game).toMatch(/^homes\//);
  });
});

test('a batch carries out what it can, each answer in its place', async () => {
  const it = service();
  const answers = await ask(it, [
    { op: 'reset', episode: 'a', game: KEYS[0] },
    { op: 'reset', episode: 'b', game: 'nowhere/at/all' },
    { op: 'step', episode: 'a', action: 'go to fridge 1' },
    5,
  ] as Read);
  expect(answers).toMatchObject([
    { episode: 'a' },
    { error: { code: 'GAME_UNKNOWN', place: 'game' } },
    { observation: 'You arrive at fridge 1. The fridge 1 is closed.' },
    { error: { code: 'REQUEST_SHAPE' } },
  ]);
});

test('lists come only when they change, for who wants it so', async () => {
  const it = service();
  const changes = true;
  const reset = await ask(it, { op: 'reset', episode: 'a', game: KEYS[0], changes });
  expect(reset.admissible.length).toBeGreaterThan(5);
  expect(await ask(it, { op: 'step', episode: 'a', action: 'look', changes })).toMatchObject({
    admissible: null,
  });
  const gone = await ask(it, { op: 'step', episode: 'a', action: 'go to fridge 1', changes });
  expect(gone.admissible).toContain('open fridge 1');
  const bare = await ask(it, { op: 'step', episode: 'a', action: 'look', admissible: false });
  expect(bare).not.toHaveProperty('admissible');
});

test("the teacher's next action wins, from the start and from the middle of anyone's episode", async () => {
  const it = service();
  let last = await ask(it, { op: 'reset', episode: 'a', game: KEYS[0] });
  for (const action of ['go to shelf 1', 'nonsense']) await ask(it, { op: 'step', episode: 'a', action });
  last = await ask(it, { op: 'state', episode: 'a', expert: 'action' });
  while (!last.done && last.steps < 40)
    last = await ask(it, { op: 'step', episode: 'a', action: last.expert[0], expert: 'action' });
  expect(last.won).toBe(true);
});

test('a plan wins from where the episode is, and leaves it there', async () => {
  const it = service();
  await ask(it, { op: 'reset', episode: 'a', game: KEYS[0] });
  const before = await ask(it, { op: 'step', episode: 'a', action: 'go to countertop 1' });
  const { expert, observation, admissible } = await ask(it, { op: 'state', episode: 'a', expert: 'plan' });
  expect([observation, admissible]).toEqual([before.observation, before.admissible]);
  let last: Read;
  for (const action of expert) last = await ask(it, { op: 'step', episode: 'a', action });
  expect(last.won).toBe(true);
});

test('steps many at once, or none of them', async () => {
  const it = service();
  for (const episode of ['a', 'b']) await ask(it, { op: 'reset', episode, game: KEYS[0] });
  const both = { op: 'steps', episodes: ['a', 'b'], actions: ['go to fridge 1', 'look'], changes: true };
  const told = await ask(it, both);
  expect(told).toMatchObject({
    observation: [
      expect.stringContaining('You arrive at fridge 1.'),
      expect.stringContaining('middle of a room'),
    ],
    steps: [1, 1],
    won: [false, false],
    score: [0, 0],
    done: [false, false],
  });
  expect(told.admissible[0]).toContain('open fridge 1');
  const absent = { ...both, episodes: ['a', 'nobody'] };
  expect(await ask(it, absent)).toMatchObject({ error: { code: 'EPISODE_UNKNOWN' } });
  expect(await ask(it, { op: 'state', episode: 'a' })).toMatchObject({ steps: 1 });
  expect(await ask(it, { ...both, actions: ['look'] })).toMatchObject({ error: { place: 'actions' } });
});

test('hands out a game file, in either dialect', async () => {
  expect(await ask(service(), { op: 'file', game: KEYS[0] })).toEqual({ game: KEYS[0], text: GAME });
  const { text } = await ask(service(), { op: 'file', game: KEYS[0], dialect: 'put' });
  expect(JSON.parse(text).walkthrough).toContain('put mug 1 in/on cabinet 1');
});

test('a snapshot goes on elsewhere, after another client and another process', async () => {
  const it = service();
  await ask(it, { op: 'reset', episode: 'a', game: KEYS[0], maxSteps: 50, dialect: 'put' });
  for (const action of SOLUTION.slice(0, 4)) await ask(it, { op: 'step', episode: 'a', action });
  const { snapshot } = await ask(it, { op: 'snapshot', episode: 'a' });
  const there = service();
  const restored = await ask(there, { op: 'restore', episode: 'b', snapshot });
  const state = await ask(it, { op: 'state', episode: 'a' });
  expect({ ...restored, episode: 'a' }).toEqual(state);
  expect(restored).toMatchObject({ steps: 4, maxSteps: 50, dialect: 'put' });
});

describe("what can't be done is refused with a code and the place", () => {
  test.each<[object, string, string | undefined]>([
    [{ op: 'fly' }, 'OP_UNKNOWN', 'op'],
    [{ op: 'reset', max_steps: 30 }, 'REQUEST_SHAPE', 'max_steps'],
    [{ op: 'reset', maxSteps: 0 }, 'REQUEST_SHAPE', 'maxSteps'],
    [{ op: 'reset', game: 'a', seed: 1 }, 'REQUEST_SHAPE', 'seed'],
    [{ op: 'reset', task: 1 }, 'REQUEST_SHAPE', 'task'],
    [{ op: 'reset', dialect: 'pull' }, 'REQUEST_SHAPE', 'dialect'],
    [{ op: 'reset', split: 'test', index: 0 }, 'SPLIT_UNKNOWN', 'split'],
    [{ op: 'reset', split: 'train', index: 99 }, 'INDEX_RANGE', 'index'],
    [{ op: 'reset', game: 'train/broken/d' }, 'GAME_ENCODING', undefined],
    [{ op: 'step', episode: 'x', action: 'look' }, 'EPISODE_UNKNOWN', 'episode'],
    [{ op: 'step', episode: 'x' }, 'REQUEST_SHAPE', 'action'],
    [{ op: 'step', action: 'look' }, 'REQUEST_SHAPE', 'episode'],
    [{ op: 'restore', snapshot: { game: 'a', actions: [1] } }, 'REQUEST_SHAPE', 'snapshot.actions'],
    [{ op: 'restore', snapshot: { game: 'a', actions: [], seed: 1 } }, 'REQUEST_SHAPE', 'snapshot.seed'],
  ])('%j', async (request, code, place) => {
    const { error } = await ask(service(), { ...request, id: 'q' });
    expect([error.code, error.place]).toEqual([code, place]);
  });

  test("a message that isn't JSON, too long, or holds too much", async () => {
    const it = service({ message: 200, batch: 2 });
    expect(JSON.parse(await it.answer('{'))).toMatchObject({ error: { code: 'REQUEST_NOT_JSON' } });
    expect(JSON.parse(await it.answer(' '.repeat(201)))).toMatchObject({
      error: { code: 'REQUEST_TOO_LARGE' },
    });
    expect(JSON.parse(await it.answer('[1,2,3]'))).toMatchObject({ error: { code: 'BATCH_TOO_LARGE' } });
  });

  test('more episodes than there may be, until one is closed', async () => {
    const it = service({ episodes: 2 });
    for (const episode of ['a', 'b']) await ask(it, { op: 'reset', episode, index: 0 });
    expect(await ask(it, { op: 'reset', index: 0 })).toMatchObject({ error: { code: 'EPISODES_FULL' } });
    expect(await ask(it, { op: 'reset', episode: 'a', index: 1 })).toMatchObject({ game: KEYS[1] });
    expect(await ask(it, { op: 'close', episode: 'a' })).toEqual({ episode: 'a', closed: true });
    expect(await ask(it, { op: 'reset', index: 0 })).toMatchObject({ episode: 'episode-1' });
  });

  test('what a client that was killed left open makes room after a while, and only where it must', async () => {
    let now = 0;
    const it = new Service(new Catalogue([source]), {
      version: '1',
      limits: { episodes: 2 },
      now: () => now,
    });
    for (const episode of ['left', 'kept']) await ask(it, { op: 'reset', episode, index: 0 });
    now = 3_600_001;
    expect(await ask(it, { op: 'step', episode: 'kept', action: 'look' })).toMatchObject({ steps: 1 });
    expect(await ask(it, { op: 'reset', episode: 'next', index: 0 })).toMatchObject({ episode: 'next' });
    const gone = { error: { code: 'EPISODE_UNKNOWN' } };
    expect(await ask(it, { op: 'state', episode: 'left' })).toMatchObject(gone);
    expect(await ask(it, { op: 'state', episode: 'kept' })).toMatchObject({ steps: 1 });
    expect(await ask(it, { op: 'reset', index: 0 })).toMatchObject({ error: { code: 'EPISODES_FULL' } });
  });
});

test('whatever comes, there is one answer of JSON and the episodes beside it go on', async () => {
  const it = service({ episodes: 50 });
  await ask(it, { op: 'reset', episode: 'steady', game: KEYS[0] });
  const ops = fc.constantFrom(...words`reset step state snapshot restore close games info __proto__`);
  const keys = words`id op episode action game split index seed maxSteps snapshot expert`;
  const request = fc.dictionary(fc.constantFrom(...keys), fc.oneof(ops, fc.jsonValue()), { maxKeys: 6 });
  const message = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    request.map((value) => JSON.stringify(value)),
    fc.tuple(ops, request).map(([op, rest]) => JSON.stringify({ ...rest, op })),
  );
  await fc.assert(
    fc.asyncProperty(message, async (text) => {
      const answer = JSON.parse(await it.answer(text));
      for (const one of Array.isArray(answer) ? answer : [answer]) {
        if (one.error !== undefined)
          expect(one.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
      }
    }),
    { numRuns: 200 },
  );
  expect(await ask(it, { op: 'step', episode: 'steady', action: 'go to fridge 1' })).toMatchObject({
    steps: 1,
  });
});
