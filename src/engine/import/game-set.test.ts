import { expect, test } from 'vitest';
import { ok, refuse, unwrap } from '../../base/result.ts';
import { openFiles } from './blob-files.ts';
import { GameSet, refusedGame, type SetFile } from './game-set.ts';

const LIMITS = { maxFiles: 10, maxKey: 30, maxGameBytes: 100, maxTotalBytes: 250, maxRatio: 10 };

function file(path: string, content: string | Uint8Array = path, bytes?: number): SetFile {
  const data = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, bytes: bytes ?? data.length, read: async () => ok(data) };
}

function setOf(...files: SetFile[]): GameSet {
  return unwrap(GameSet.of(files, LIMITS));
}

test('games come in order of their keys by code point, wherever they lie', () => {
  const names = ['t-x/ö', 't-x/\u{1f600}', 't-x/\uff5e', 't-x/10', 't-x/2', 't-X/3'];
  const set = setOf(
    ...names.map((name, i) => file(`${i % 2 ? 'z' : 'a/b'}/train/${name}/game.tw-pddl`, 'g')),
  );
  expect(set.games.map((game) => game.key)).toEqual(
    ['t-X/3', 't-x/10', 't-x/2', 't-x/ö', 't-x/\uff5e', 't-x/\u{1f600}'].map((name) => `train/${name}`),
  );
});

test('splits are told apart', () => {
  const set = setOf(
    file('valid_seen/t/1/game.tw-pddl'),
    file('train/t/2/game.tw-pddl'),
    file('train/t/1/game.tw-pddl'),
  );
  expect(set.splits).toEqual(['train', 'valid_seen']);
  expect(set.ofSplit('train').map((game) => game.key)).toEqual(['train/t/1', 'train/t/2']);
  expect(set.ofSplit('test')).toEqual([]);
  expect(set.has('train/t/1')).toBe(true);
  expect(set.has('train/t/3')).toBe(false);
});

test("what isn't a game is counted; what can be no game of this set is listed, by path", () => {
  const set = setOf(
    file('b/train/t/1/game.tw-pddl'),
    file('a/train/t/1/game.tw-pddl'),
    file('t/1/game.tw-pddl'),
    file('train/big/1/game.tw-pddl', 'x', 101),
    file('train/t\n/1/game.tw-pddl'),
    file(`train/u/${'1'.repeat(23)}/game.tw-pddl`),
    file('train/t/1/traj_data.json'),
    file('README'),
  );
  expect(set.games.map((game) => game.path)).toEqual(['a/train/t/1/game.tw-pddl']);
  expect(set.skipped).toBe(2);
  expect(set.refused.map(({ path, code }) => [path, code])).toEqual([
    ['b/train/t/1/game.tw-pddl', 'GAME_DUPLICATE'],
    ['t/1/game.tw-pddl', 'GAME_PATH'],
    ['train/big/1/game.tw-pddl', 'GAME_TOO_LARGE'],
    ['train/t\\x0a/1/game.tw-pddl', 'GAME_PATH'],
    [`train/u/${'1'.repeat(23)}/game.tw-pddl`, 'GAME_PATH'],
  ]);
});

test('only games that are taken count towards the total', () => {
  const games = [1, 2].map((n) => file(`train/t/${n}/game.tw-pddl`, 'x', 100));
  expect(
    setOf(...games, file('video.mp4', 'x', 10 ** 12), file('train/t/3/game.tw-pddl', 'x', 10 ** 12)).bytes,
  ).toBe(200);
  const third = file('train/t/4/game.tw-pddl', 'x', 100);
  expect(GameSet.of([...games, third], LIMITS)).toMatchObject({
    ok: false,
    error: { code: 'SET_TOO_LARGE' },
  });
});

test('the number of files is limited, games or not', () => {
  const files = Array.from({ length: 11 }, (_, i) => file(`notes/${i}`));
  expect(GameSet.of(files, LIMITS)).toMatchObject({ ok: false, error: { code: 'SET_TOO_MANY_FILES' } });
});

test("reading refuses what isn't there, not text, or larger than it was", async () => {
  const set = setOf(
    file('train/t/1/game.tw-pddl', Uint8Array.of(0x66, 0xff)),
    file('train/t/2/game.tw-pddl', 'x'.repeat(101), 5),
    file('train/t/3/game.tw-pddl', 'fine'),
  );
  expect(await set.read('train/t/1')).toMatchObject({ ok: false, error: { code: 'GAME_ENCODING' } });
  expect(await set.read('train/t/2')).toMatchObject({ ok: false, error: { code: 'GAME_TOO_LARGE' } });
  expect(await set.read('train/t/3')).toEqual(ok('fine'));
  expect(await set.read('train/t/4')).toMatchObject({ ok: false, error: { code: 'GAME_UNKNOWN' } });
});

test('picked files are a set too', async () => {
  const gone = Object.assign(new Blob(['x']), {
    arrayBuffer: () => Promise.reject(new Error('it changed on disk')),
  });
  const set = unwrap(
    openFiles([
      { path: 'picked/train/t/1/game.tw-pddl', blob: new Blob(['one']) },
      { path: 'picked/train/t/2/game.tw-pddl', blob: gone },
    ]),
  );
  expect(await set.read('train/t/1')).toEqual(ok('one'));
  expect(await set.read('train/t/2')).toMatchObject({ ok: false, error: { code: 'GAME_UNREADABLE' } });
});

test('the report says where in a game it is wrong', () => {
  expect(refusedGame('a/b', refuse('X', 'This is wrong.', 'pddl_problem, line 3').error).message).toBe(
    'pddl_problem, line 3: This is wrong.',
  );
  expect(refusedGame('a/b', refuse('X', 'This is wrong.', 'a/b').error).message).toBe('This is wrong.');
});
