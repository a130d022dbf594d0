import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { type RawEntry, rawZip } from '../testing/raw-zip.ts';
import { runCli } from '../testing/run-cli.ts';
import { runHere } from '../testing/run-here.ts';
import { smallGame } from '../testing/small-game.ts';

const GAME = smallGame();
const game = (trial: string, over: Partial<RawEntry> = {}): RawEntry => ({
  path: `train/pick_heat-Mug-1/${trial}/game.tw-pddl`,
  data: GAME,
  ...over,
});

const folder = temporaryFolder();

function games(name: string, entries: readonly RawEntry[]) {
  const path = join(folder, name);
  writeFileSync(path, rawZip(entries));
  return runCli(['games', '--games', path]);
}

test("says what a set holds; games that can't be played don't spoil the others", async () => {
  const bad = game('2', { data: '{}' });
  const { exit, result } = await games('mixed.zip', [game('1'), bad, { path: 'notes' }]);
  expect(result).toEqual({
    games: 1,
    bySplit: { train: 1 },
    byTaskType: { pick_heat: 1 },
    skipped: 1,
    refused: [{ path: bad.path, code: 'GAME_KEY_MISSING', message: expect.stringContaining('pddl_domain') }],
  });
  expect(exit).toBe(0);
});

test('ends with 3 where no game can be played, and says why', async () => {
  const { exit, stderr, result } = await games('bad.zip', [game('1', { data: '{}' })]);
  expect(result).toMatchObject({ games: 0, bySplit: {}, refused: [{ code: 'GAME_KEY_MISSING' }] });
  expect(stderr).toContain('None of its games can be played');
  expect(exit).toBe(3);
  expect(await games('none.zip', [{ path: 'notes' }])).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('It holds no game.'),
    result: { games: 0, skipped: 1, refused: [] },
  });
});

test('a hostile archive gives nothing, one sentence, and the code in the result', async () => {
  const { exit, stderr, result } = await games('hostile.zip', [
    game('1'),
    game('2', { declared: { crc: 1 } }),
  ]);
  expect(result).toMatchObject({
    games: 0,
    bySplit: {},
    byTaskType: {},
    refused: [{ path: 'train/pick_heat-Mug-1/2/game.tw-pddl', code: 'ZIP_CHECKSUM' }],
  });
  expect(stderr.trim().split('\n')).toHaveLength(2); // progress, and the sentence
  expect(exit).toBe(3);
});

test.each([
  ['traj_data.json', 'json_2.1.1_json.zip'],
  ['initial_state.pddl', 'json_2.1.1_pddl.zip'],
])("the zip of ALFWorld's release that holds %s is named, and the right one", async (file, zip) => {
  const path = `json_2.1.1/train/pick_heat-Mug-1/trial/${file}`;
  const wrong = join(folder, 'wrong.zip');
  writeFileSync(wrong, rawZip([{ path, data: '{}' }]));
  const { exit, message } = await runHere(['games', '--games', wrong]);
  expect(exit).toBe(3);
  expect(message).toContain(zip);
  expect(message).toContain('json_2.1.3_tw-pddl.zip');
});

test('says which dialect a prompt was written for, and where it mixes them', async () => {
  const ask = async (text: string) => {
    const path = join(folder, 'prompt.txt');
    writeFileSync(path, text);
    return runHere(['games', '--which-dialect', path]);
  };
  const put = { count: 1, first: [{ line: 2, text: 'put mug 1 in/on desk 1' }] };
  expect(await ask('> look\n> put mug 1 in/on desk 1\n')).toMatchObject({
    exit: 0,
    result: { dialect: 'put', put },
  });
  const mixed = await ask('> put mug 1 in/on desk 1\n> move mug 1 to desk 1\n');
  expect(mixed).toMatchObject({ exit: 1, message: expect.stringContaining('line 2 "move mug 1 to desk 1"') });
  expect(await ask('> look')).toMatchObject({ exit: 1, result: { dialect: null } });
  expect(await runHere(['games'])).toMatchObject({ exit: 2 });
});
