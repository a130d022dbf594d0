import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isGameFile, parseGamePath, pathFault, printablePath } from './path.ts';

const OFFICIAL =
  'json_2.1.1/train/pick_two_obj_and_place-Newspaper-None-Drawer-224/trial_T20190911_101248_326533/game.tw-pddl';

test('the last three folders name a game, however deep the set lies', () => {
  const place = {
    key: 'train/pick_two_obj_and_place-Newspaper-None-Drawer-224/trial_T20190911_101248_326533',
    split: 'train',
    task: 'pick_two_obj_and_place-Newspaper-None-Drawer-224',
    trial: 'trial_T20190911_101248_326533',
    taskType: 'pick_two_obj_and_place',
  };
  for (const path of [OFFICIAL, `a/b/${OFFICIAL}`, OFFICIAL.replace('json_2.1.1/', '')]) {
    expect(parseGamePath(path)).toEqual({ ok: true, value: place });
  }
});

test.each(['game.tw-pddl', 'trial/game.tw-pddl', 'task/trial/game.tw-pddl'])('%s lacks a split', (path) => {
  expect(parseGamePath(path)).toMatchObject({ ok: false, error: { code: 'GAME_PATH', place: path } });
});

test.each([
  ['a/b/c/game.tw-pddl', true],
  ['game.tw-pddl', true],
  ['a/b/c/traj_data.json', false],
  ['a/b/c/._game.tw-pddl', false],
  ['a/b/c/mygame.tw-pddl', false],
  ['a/b/c/game.tw-pddl/notes', false],
])('%s: a game is told by its name (%s)', (path, expected) => {
  expect(isGameFile(path)).toBe(expected);
});

test.each([
  ['../a', 'leads out of the archive'],
  ['a/../../b', 'leads out of the archive'],
  ['a/..', 'leads out of the archive'],
  ['/etc/passwd', 'is absolute'],
  ['//host/share', 'is absolute'],
  ['C:/a', 'starts with a drive letter'],
  ['c:a', 'starts with a drive letter'],
  ['a\\b', 'has a backslash where a slash should be'],
  ['..\\a', 'has a backslash where a slash should be'],
  ['a\0b', 'has a control character'],
  ['a\nb', 'has a control character'],
  ['a\u009bb', 'has a control character'],
  ['a/./b', 'has an empty part'],
  ['a//b', 'has an empty part'],
  ['', 'has an empty part'],
  ['a'.repeat(1101), 'is longer than 1100 characters'],
])('the path %j %s', (path, fault) => {
  expect(pathFault(path)).toBe(fault);
});

test.each([OFFICIAL, 'a/b/', 'Größe/日本/😀', '...', 'a..b/c', '__MACOSX/._x', 'a b'])(
  '%j is honest',
  (path) => {
    expect(pathFault(path)).toBeUndefined();
  },
);

test('a path is shown without what a terminal would obey, and not at any length', () => {
  expect(printablePath('a\x1b[2J\n')).toBe('a\\x1b[2J\\x0a');
  fc.assert(
    fc.property(fc.array(fc.nat(0x10ffff), { maxLength: 300 }), (codePoints) => {
      const shown = printablePath(String.fromCodePoint(...codePoints));
      expect(shown).not.toMatch(/\p{Cc}/u);
      expect(shown.length).toBeLessThanOrEqual(4 * 201);
    }),
  );
});
