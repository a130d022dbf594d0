import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { type GameSet, importGames } from '../../engine/import/index.ts';
import { temporaryFolder } from '../../testing/folders.ts';
import { rawZip } from '../../testing/raw-zip.ts';
import { sharedPath } from '../../testing/shared.ts';
import { smallGame } from '../../testing/small-game.ts';
import { openGames } from './open-games.ts';

const GAME = smallGame();
const PATHS = ['train/look-Bowl-1/trial_2', 'train/look-Bowl-1/trial_10', 'valid_seen/pick-Mug-1/trial_1'];

const folder = temporaryFolder();

function write(path: string, content: string | Uint8Array = GAME): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function opened(path: string): Promise<GameSet> {
  return unwrap(await openGames(join(folder, path)));
}

test('a folder and a zip of the same games are the same set', async () => {
  for (const path of PATHS) write(`same/json/${path}/game.tw-pddl`);
  write('same/json/README', 'hello');
  const entries = PATHS.map((path) => ({ path: `json/${path}/game.tw-pddl`, data: GAME }));
  write('same.zip', rawZip([...entries, { path: 'json/README', data: 'hello' }]));
  const [fromFolder, fromZip] = [await opened('same'), await opened('same.zip')];
  expect(fromFolder.games.map((game) => game.key)).toEqual([PATHS[1], PATHS[0], PATHS[2]]);
  expect(fromZip.games).toEqual(fromFolder.games);
  expect(fromZip.skipped).toBe(fromFolder.skipped);
  for (const set of [fromFolder, fromZip]) {
    expect(await set.read(PATHS[2] ?? '')).toEqual({ ok: true, value: GAME });
    await set.close();
  }
});

test("symbolic links aren't followed, out of the folder or within it", async () => {
  write('outside/train/t/1/game.tw-pddl', 'a secret');
  write('links/train/t/1/game.tw-pddl');
  symlinkSync(join(folder, 'outside'), join(folder, 'links/more'));
  mkdirSync(join(folder, 'links/train/t/2'));
  symlinkSync(join(folder, 'outside/train/t/1/game.tw-pddl'), join(folder, 'links/train/t/2/game.tw-pddl'));
  symlinkSync('..', join(folder, 'links/loop'));
  const set = await opened('links');
  expect(set.games.map((game) => game.key)).toEqual(['train/t/1', 'train/t/2']);
  expect(set.skipped).toBe(2);
  expect(await set.read('train/t/2')).toMatchObject({ ok: false, error: { code: 'GAME_LINK' } });
});

test('a link to the folder of games itself is what the user named', async () => {
  write('real/train/t/1/game.tw-pddl');
  symlinkSync(join(folder, 'real'), join(folder, 'linked'));
  expect((await opened('linked')).games).toHaveLength(1);
});

test.skipIf(process.platform === 'win32')(
  "a pipe with the name of a game doesn't hang the reader",
  async () => {
    mkdirSync(join(folder, 'pipe/train/t/1'), { recursive: true });
    execFileSync('mkfifo', [join(folder, 'pipe/train/t/1/game.tw-pddl')]);
    expect(await (await opened('pipe')).read('train/t/1')).toMatchObject({
      ok: false,
      error: { code: 'GAME_UNREADABLE' },
    });
  },
);

test('a game that became something else after the listing is refused by itself', async () => {
  for (const trial of ['gone', 'larger', 'link']) write(`changing/train/t/${trial}/game.tw-pddl`);
  const set = await opened('changing');
  rmSync(join(folder, 'changing/train/t/gone/game.tw-pddl'));
  write('changing/train/t/larger/game.tw-pddl', new Uint8Array(5 * 2 ** 20));
  rmSync(join(folder, 'changing/train/t/link/game.tw-pddl'));
  write('elsewhere', 'a secret');
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'changing/train/t/link/game.tw-pddl'));
  for (const [trial, code] of [
    ['gone', 'GAME_UNREADABLE'],
    ['larger', 'GAME_TOO_LARGE'],
    ['link', 'GAME_UNREADABLE'],
  ]) {
    expect(await set.read(`train/t/${trial}`)).toMatchObject({ ok: false, error: { code } });
  }
});

test('a folder with more files than a set may hold is refused while it is listed', async () => {
  for (let i = 0; i < 6; i++) write(`many/${i}/notes`, '');
  const limits = { maxFiles: 5, maxKey: 200, maxGameBytes: 100, maxTotalBytes: 100, maxRatio: 10 };
  expect(await openGames(join(folder, 'many'), {}, { limits })).toMatchObject({
    ok: false,
    error: { code: 'SET_TOO_MANY_FILES' },
  });
});

test("what isn't there, or neither folder nor zip, is refused with its path", async () => {
  const missing = join(folder, 'missing.zip');
  expect(await openGames(missing)).toEqual({
    ok: false,
    error: {
      code: 'GAMES_UNREADABLE',
      message: "The games can't be read: no such file or folder.",
      place: missing,
    },
  });
  write('text.zip', "this isn't a zip archive at all");
  const text = join(folder, 'text.zip');
  expect(await openGames(text)).toMatchObject({ ok: false, error: { code: 'NOT_A_ZIP', place: text } });
});

describe('official games', () => {
  const newer = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
  const older = sharedPath('alfworld/legacy_0.3_tw-pddl.zip');

  test.skipIf(newer === undefined)('one of thousands is read without the others', async () => {
    const set = unwrap(await openGames(newer as string));
    expect(set.splits).toEqual(['train', 'valid_seen']);
    expect(set.ofSplit('valid_seen')).toHaveLength(140);
    const key =
      'valid_seen/pick_cool_then_place_in_recep-Plate-None-CounterTop-1/trial_T20190906_205324_559361';
    const text = await set.read(key);
    expect(text.ok && JSON.parse(text.value)).toMatchObject({ solvable: true });
    await set.close();
  });

  test.each([
    [newer, { train: 3553, valid_seen: 140 }],
    [older, { valid_seen: 140, valid_train: 200 }],
  ])('all of %s import', async (path, bySplit) => {
    if (path === undefined) return;
    const set = unwrap(await openGames(path));
    const report = await importGames(set, { add: () => undefined });
    await set.close();
    expect(report).toMatchObject({ ok: true, value: { bySplit, skipped: 0, refused: [] } });
  });
});
