/**
 * That a game told in the other dialect is the other release's game: recordings of the real engine in one dialect are
 * replayed in files of the other, and the files that exist in both are walked side by side.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseGame, Random } from '../engine/index.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runHere } from '../testing/run-here.ts';
import { sharedPath } from '../testing/shared.ts';
import { openGames } from './files/open-games.ts';
import { RecordedGames } from './files/recorded-games.ts';
import { replayEpisodes } from './playing/replay-episodes.ts';

const current = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
const legacy = sharedPath('alfworld/legacy_0.3_tw-pddl.zip');
const golden = sharedPath('alfworld/conformance');
const both = current !== undefined && legacy !== undefined;

test.skipIf(!both || golden === undefined).each([
  // The games of the older release that the current one doesn't have are replayed in their own files.
  ['legacy.jsonl.gz', [current, legacy], 'put', 120],
  ['valid_seen.jsonl.gz', [legacy], 'move', 240],
] as const)(
  'what the real engine said (%s) is what the other files say',
  async (file, sets, dialect, episodes) => {
    const paths = sets.map((path) => path as string);
    const games = unwrap(await RecordedGames.open(paths, new AbortController().signal, { dialect }));
    const replayed = await replayEpisodes(games, [join(golden as string, file)]);
    await games.close();
    expect(replayed).toMatchObject({ ok: true, value: { episodes, mismatches: 0 } });
  },
);

test.skipIf(!both)('the 140 games that exist in both say the same, walked at random', async () => {
  const sets = [await openGames(current as string), await openGames(legacy as string)] as const;
  const told = [await openGames(legacy as string, { dialect: 'move' })].concat(
    await openGames(current as string, { dialect: 'put' }),
  );
  const [now, then, thenInMove, nowInPut] = [...sets, ...told].map((set) => {
    if (!set.ok) throw new Error(set.error.message);
    return set.value;
  }) as [Games, Games, Games, Games];
  const keys = then.games.filter(({ key }) => now.has(key)).map(({ key }) => key);
  expect(keys.length).toBe(140);
  for (const [i, key] of keys.entries()) {
    const [own, other] = i % 2 === 0 ? [now, thenInMove] : [then, nowInPut];
    expect(await walk(own, key)).toEqual(await walk(other, key));
  }
  for (const set of [now, then, thenInMove, nowInPut]) await set.close();
});

type Games = Extract<Awaited<ReturnType<typeof openGames>>, { ok: true }>['value'];

/** All that a random walk of 20 commands gets to read. */
async function walk(set: Games, key: string): Promise<unknown[]> {
  const text = await set.read(key);
  const world = unwrap(text.ok ? parseGame(text.value) : text);
  const random = new Random(key);
  const episode = world.start();
  const seen: unknown[] = [world.intro, episode.admissible(), world.dialect];
  for (let i = 0; i < 20; i++) {
    const action = random.pick(episode.admissible().filter((command) => command !== 'help'));
    seen.push([action, episode.step(action), episode.admissible(), episode.won]);
  }
  return seen;
}

const folder = temporaryFolder();

test('generated games are written in the other dialect', async () => {
  const out = join(folder, 'generated');
  const words = ['generate', '--homes', '1', '--tasks-per-home', '1', '--seed', '31', '--out', out];
  expect(await runHere([...words, '--dialect', 'put'])).toMatchObject({ exit: 0 });
  const set = unwrap(await openGames(out));
  const text = await set.read(set.games[0]?.key ?? '');
  const world = text.ok ? parseGame(text.value) : text;
  expect(world).toMatchObject({ ok: true, value: { dialect: 'put' } });
  await set.close();
});

test("games told otherwise are evaluated and collected so, don't go on as their files say, and are replayed", async () => {
  const games = join(folder, 'games');
  await runHere(['generate', '--homes', '1', '--tasks-per-home', '2', '--seed', '31', '--out', games]);
  // Words that the teacher knows, and that the files don't say.
  const asked = ['put a handtowel in countertop.', 'put a hot apple in diningtable.'];
  const files = readdirSync(games, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('game.tw-pddl'))
    .sort();
  for (const [i, file] of files.entries()) {
    const trajectory = {
      task_type: 'pick_and_place_simple',
      pddl_params: { object_target: '', parent_target: '', toggle_target: '', mrecep_target: '' },
      turk_annotations: { anns: [{ task_desc: asked[i] }] },
    };
    writeFileSync(join(games, dirname(file), 'traj_data.json'), JSON.stringify(trajectory));
  }
  const out = join(folder, 'run');
  const words = ['eval', '--games', games, '--split', 'homes', '--student', 'scripted', '--jobs', '1'];
  const command = [...words, '--memory', 'none', '--out', out];
  const telling = ['--dialect', 'put', '--goals', 'human'];
  const run = await runHere([...command, ...telling]);
  expect(run).toMatchObject({ exit: 0, result: { episodes: 2, solved: 2 } });
  const traces = readdirSync(join(out, 'traces'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(out, 'traces', name), 'utf8'))
    .join('');
  expect(traces).toContain('You arrive at loc ');
  expect(traces).not.toMatch(/"action":"move /);
  for (const task of asked) expect(traces).toContain(task);
  expect(await runHere(command)).toMatchObject({
    exit: 3,
    message: expect.stringContaining('dialect put'),
  });
  expect(await runHere([...command, ...telling.slice(0, 2)])).toMatchObject({
    exit: 3,
    message: expect.stringContaining('goals human'),
  });
  expect(await runHere(['replay-trace', '--trace', out, '--games', games])).toMatchObject({
    exit: 0,
    result: { traces: 2, mismatches: 0 },
  });
  const collected = join(folder, 'put.jsonl');
  const collect = ['collect', '--games', games, '--split', 'homes', '--threads', '1', '--out', collected];
  expect(await runHere([...collect, ...telling])).toMatchObject({ exit: 0, result: { solved: 2 } });
  expect(readFileSync(collected, 'utf8')).toContain('You arrive at loc ');
  for (const task of asked) expect(readFileSync(collected, 'utf8')).toContain(`"task":"${task}"`);
  expect(await runHere(collect)).toMatchObject({ exit: 3 });
  expect(await runHere(['play', '--goals', 'human'])).toMatchObject({ exit: 2 });
});
