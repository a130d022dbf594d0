import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ok, refuse, unwrap } from '../../base/result.ts';
import { type RawEntry, rawZip } from '../../testing/raw-zip.ts';
import { smallGame } from '../../testing/small-game.ts';
import { arrayBytes } from './bytes.ts';
import { GameSet } from './game-set.ts';
import { type GameSink, importGames } from './import-games.ts';
import { openZip } from './zip-set.ts';

const GAME = smallGame();
const at = (name: string): string => `set/train/pick_heat-Mug-1/${name}/game.tw-pddl`;
const good = (name: string): RawEntry => ({ path: at(name), data: GAME });

async function setOf(entries: readonly RawEntry[]): Promise<GameSet> {
  return unwrap(await openZip(arrayBytes(rawZip(entries))));
}

/** A store that shows games only once they are committed. */
function store(over: Partial<GameSink> = {}) {
  const pending: string[] = [];
  const seen = { keys: [] as string[], calls: [] as string[] };
  const sink: GameSink = {
    add(game) {
      pending.push(game.key);
      return undefined;
    },
    commit() {
      seen.calls.push('commit');
      seen.keys.push(...pending);
      return undefined;
    },
    abort() {
      seen.calls.push('abort');
      pending.length = 0;
    },
    ...over,
  };
  return { sink, seen };
}

test('good games come in with their worlds, in order; bad ones are listed, each with its code', async () => {
  const deep = `{"pddl_domain":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const worlds: string[] = [];
  const { sink, seen } = store();
  const { refused, ...counts } = unwrap(
    await importGames(
      await setOf([
        good('3'),
        { path: at('deep'), data: deep, method: 0 },
        { path: at('cut'), data: GAME.slice(0, -100) },
        { path: at('not-text'), data: Uint8Array.of(0xff, 0xfe) },
        { path: at('link'), data: '../1/game.tw-pddl', mode: 0o120777 },
        {
          path: at('parentheses'),
          data: JSON.stringify({ ...JSON.parse(GAME), pddl_problem: '('.repeat(50_000) }),
          method: 0,
        },
        { path: 'set/valid/look-Bowl/1/game.tw-pddl', data: GAME },
        { path: 'game.tw-pddl', data: GAME },
        { path: 'set/README', data: 'hello' },
        good('10'),
      ]),
      {
        ...sink,
        add(game) {
          worlds.push(game.world.task);
          expect(game.text).toBe(GAME);
          return sink.add(game);
        },
      },
    ),
  );
  expect(counts).toEqual({
    games: 3,
    bySplit: { train: 2, valid: 1 },
    byTaskType: { look: 1, pick_heat: 2 },
    skipped: 1,
  });
  expect(refused.map(({ path, code }) => [path, code])).toEqual([
    ['game.tw-pddl', 'GAME_PATH'],
    [at('cut'), 'NOT_JSON'],
    [at('deep'), 'NOT_JSON'],
    [at('link'), 'GAME_LINK'],
    [at('not-text'), 'GAME_ENCODING'],
    [at('parentheses'), expect.stringMatching(/^[A-Z_]+$/)],
  ]);
  expect(seen).toEqual({
    keys: ['train/pick_heat-Mug-1/10', 'train/pick_heat-Mug-1/3', 'valid/look-Bowl/1'],
    calls: ['commit'],
  });
  expect(worlds).toHaveLength(3);
});

test.each([
  ['a wrong checksum', 'ZIP_CHECKSUM', { declared: { crc: 1 } }],
  ['more bytes than it says', 'ZIP_SIZE', { declared: { size: 10 } }],
  ['another path at its bytes', 'ZIP_AMBIGUOUS', { local: { path: at('x') } }],
])('an archive that turns out bad on the way (%s) leaves nothing behind', async (_, code, lie) => {
  const { sink, seen } = store();
  const report = await importGames(await setOf([good('1'), good('2'), { ...good('3'), ...lie }]), sink);
  expect(report).toMatchObject({ ok: false, error: { code, place: at('3') } });
  expect(seen).toEqual({ keys: [], calls: ['abort'] });
});

/** Files that are read at once, whatever the signal says. */
function plainSet(names: readonly string[]): GameSet {
  const read = async () => ok(new TextEncoder().encode(GAME));
  return unwrap(GameSet.of(names.map((name) => ({ path: at(name), bytes: GAME.length, read }))));
}

test.each([
  ['a zip', () => setOf(['1', '2', '3'].map(good))],
  ['a folder', async () => plainSet(['1', '2', '3'])],
])('cancelling %s is an ordinary answer, and leaves nothing behind', async (_, open) => {
  const stop = new AbortController();
  const { sink, seen } = store();
  const report = await importGames(await open(), sink, {
    signal: stop.signal,
    onProgress: ({ done }) => done === 2 && stop.abort(),
  });
  expect(report).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  expect(seen).toEqual({ keys: [], calls: ['abort'] });
});

test('progress runs from the first game to all of them, refused ones too', async () => {
  const steps: number[][] = [];
  const set = await setOf([good('1'), { path: at('2'), data: 'not a game' }, good('3')]);
  await importGames(set, store().sink, {
    onProgress: ({ done, total, bytes, totalBytes }) => steps.push([done, total, bytes, totalBytes]),
  });
  const n = GAME.length;
  expect(steps).toEqual([
    [1, 3, n, 2 * n + 10],
    [2, 3, n + 10, 2 * n + 10],
    [3, 3, 2 * n + 10, 2 * n + 10],
  ]);
});

test('a store that has no room ends the import with its own words', async () => {
  const full = refuse('NO_SPACE', 'There is no space left.').error;
  const onAdd = store({ add: () => full });
  expect(await importGames(await setOf([good('1')]), onAdd.sink)).toEqual({ ok: false, error: full });
  expect(onAdd.seen.calls).toEqual(['abort']);
  const onCommit = store({ commit: async () => full });
  expect(await importGames(await setOf([good('1')]), onCommit.sink)).toEqual({ ok: false, error: full });
  expect(onCommit.seen).toEqual({ keys: [], calls: ['abort'] });
});

test('a fault in the store is passed on, after cleaning up', async () => {
  const { sink, seen } = store({ add: () => Promise.reject(new Error('a bug')) });
  await expect(importGames(await setOf([good('1')]), sink)).rejects.toThrow('a bug');
  expect(seen.calls).toEqual(['abort']);
});

test('a set without a playable game is reported, not committed', async () => {
  const { sink, seen } = store();
  const report = await importGames(await setOf([{ path: at('1'), data: '{}' }]), sink);
  expect(report).toMatchObject({ ok: true, value: { games: 0, refused: [{ path: at('1') }] } });
  expect(seen.calls).toEqual(['abort']);
});

test('names from a stranger are only names', async () => {
  const path = '__proto__/constructor-1/toString/game.tw-pddl';
  const report = unwrap(await importGames(await setOf([{ path, data: GAME }]), store().sink));
  expect(JSON.stringify(report)).toBe(
    '{"games":1,"bySplit":{"__proto__":1},"byTaskType":{"constructor":1},"skipped":0,"refused":[]}',
  );
});

test('whatever text stands where a game should be, the others come in', async () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.json(),
    fc
      .tuple(fc.nat(GAME.length), fc.string({ maxLength: 5 }))
      .map(([i, s]) => GAME.slice(0, i) + s + GAME.slice(i + 3)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { sink, seen } = store();
      const set = await setOf([good('1'), { path: at('2'), data: text, method: 0 }, good('3')]);
      const report = unwrap(await importGames(set, sink));
      expect(report.games + report.refused.length).toBe(3);
      expect(seen.keys).toEqual(
        expect.arrayContaining(['train/pick_heat-Mug-1/1', 'train/pick_heat-Mug-1/3']),
      );
    }),
  );
});

test('Cancel is heard between any two games, though nothing of them waits for a disk', async () => {
  const stopping = new AbortController();
  const set = await setOf(Array.from({ length: 50 }, (_, i) => ({ path: at(`${i}`), data: 'no game' })));
  let done = 0;
  const report = await importGames(set, store().sink, {
    signal: stopping.signal,
    onProgress: (progress) => {
      done = progress.done;
      // What a page does with a click: a message, which is heard only when it has its turn.
      if (done === 1) setTimeout(() => stopping.abort());
    },
  });
  expect(report).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  expect(done).toBeLessThan(50);
});

test('a game that calls itself for ever or asks for everything is refused by name, and the others come in', async () => {
  const game = JSON.parse(GAME);
  const endless = {
    ...game,
    grammar: game.grammar.replace('"You close the {r.name}."', '"#CloseObject.feedback#"'),
  };
  const goal = '(:goal (exists (?a ?b ?c ?d ?e ?f - object) (and (openable ?f) (ishot ?a) (ishot ?b))))';
  const everything = { ...game, pddl_problem: game.pddl_problem.replace(/\(:goal .*\)/, goal) };
  const report = await importGames(
    await setOf([
      good('1'),
      { path: at('endless'), data: JSON.stringify(endless) },
      { path: at('everything'), data: JSON.stringify(everything) },
      good('2'),
    ]),
    store().sink,
  );
  expect(report).toMatchObject({
    ok: true,
    value: {
      games: 2,
      refused: [
        { path: at('endless'), code: 'GRAMMAR_TOO_DEEP' },
        { path: at('everything'), code: 'GOAL_TOO_LARGE' },
      ],
    },
  });
});
