import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseGame, type Transcript, type World } from '../engine/index.ts';
import { recordEpisode } from '../engine/transcript.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { sharedPath } from '../testing/shared.ts';
import { smallGame } from '../testing/small-game.ts';
import { RecordedGames } from './files/recorded-games.ts';
import { listTranscriptFiles, readTranscripts } from './files/transcript-file.ts';
import { replayEpisodes } from './playing/replay-episodes.ts';

const KEY = 'train/pick_heat_then_place_in_recep-Mug-None-Cabinet-1/trial_1';
const folder = temporaryFolder();
const move = join(folder, 'move');
const put = join(folder, 'put');
let recorded: Transcript;
let older: Transcript;

async function writeGame(root: string, dialect: 'move' | 'put'): Promise<World> {
  const text = smallGame({ dialect });
  await mkdir(join(root, KEY), { recursive: true });
  await writeFile(join(root, KEY, 'game.tw-pddl'), text);
  return unwrap(parseGame(text));
}

beforeAll(async () => {
  const world = await writeGame(move, 'move');
  const heated = (world.walkthrough ?? []).slice(0, -1);
  older = recordEpisode(await writeGame(put, 'put'), KEY, 'walkthrough', [
    ...heated,
    'put mug 1 in/on cabinet 1',
  ]);
  recorded = recordEpisode(world, KEY, 'walkthrough', [
    ...(world.walkthrough ?? []),
    'look\u2028at',
    '\u2029look\x1f',
  ]);
});

async function write(name: string, data: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, data);
  return path;
}

async function replay(games: readonly string[], episodes: string) {
  const opened = unwrap(await RecordedGames.open(games, new AbortController().signal));
  const result = await replayEpisodes(opened, [episodes]);
  await opened.close();
  return result;
}

const line = (transcript: Transcript): string => `${JSON.stringify(transcript)}\n`;

describe('a file of episodes', () => {
  test('is read plain and packed, whatever it is called, line separators in commands included', async () => {
    const text = line(recorded) + line(recorded).trimEnd();
    for (const path of [await write('a.jsonl', text), await write('b.jsonl', gzipSync(text))]) {
      const found: Transcript[] = [];
      for await (const read of readTranscripts(path)) if (read.ok) found.push(read.value.transcript);
      expect(found).toEqual([recorded, recorded]);
    }
  });

  test('lies in a folder with others', async () => {
    await mkdir(join(folder, 'episodes'));
    for (const name of ['episodes/b.jsonl', 'episodes/a.jsonl.gz', 'episodes/README.md'])
      await write(name, '');
    expect(await listTranscriptFiles(join(folder, 'episodes'))).toEqual({
      ok: true,
      value: ['a.jsonl.gz', 'b.jsonl'].map((name) => join(folder, 'episodes', name)),
    });
  });

  test.each<[string, () => string | Uint8Array, string, string]>([
    ['nothing', () => '\n\n', 'EPISODES_NONE', 'x.jsonl'],
    [
      'half an episode',
      () => `${line(recorded)}${line(recorded).slice(0, 99)}`,
      'TRANSCRIPT_JSON',
      'x.jsonl, line 2',
    ],
    ['another shape', () => '{"game":1}', 'TRANSCRIPT_SHAPE', 'x.jsonl, line 1'],
    ['other bytes', () => Uint8Array.of(0x7b, 0xff), 'EPISODES_ENCODING', 'x.jsonl, line 1'],
    ['half a packed file', () => gzipSync(line(recorded)).subarray(0, 60), 'EPISODES_UNREADABLE', 'x.jsonl'],
    [
      'one endless line',
      () => gzipSync(Buffer.alloc(2 ** 26 + 1, ' ')),
      'EPISODES_LINE_TOO_LONG',
      'x.jsonl, line 1',
    ],
    [
      "a game that isn't there",
      () => line({ ...recorded, game: '../../etc/passwd' }),
      'GAME_UNKNOWN',
      'x.jsonl, line 1',
    ],
  ])('with %s is refused', async (_, data, code, place) => {
    const result = await replay([move], await write('x.jsonl', data()));
    expect(result).toMatchObject({ ok: false, error: { code, place: join(folder, place) } });
  });
});

describe('replaying', () => {
  test('counts episodes, steps and every field that differs', async () => {
    const spoilt = { ...recorded, intro: 'Hello', won0: true };
    const path = await write('two.jsonl', line(recorded) + line(spoilt));
    expect(await replay([move], path)).toMatchObject({
      ok: true,
      value: { games: 1, episodes: 2, steps: 2 * recorded.steps.length, mismatches: 2 },
    });
  });

  test('finds a game of the older dialect by its prefix, among others of the same key', async () => {
    const path = await write('legacy.jsonl', line({ ...older, game: `legacy/${KEY}` }));
    expect(older.steps.at(-1)).toMatchObject({ observation: 'You put the mug 1 in/on the cabinet 1.' });
    expect(await replay([move, put], path)).toMatchObject({ ok: true, value: { mismatches: 0 } });
    expect(await replay([move], path)).toMatchObject({ ok: false, error: { code: 'GAME_UNKNOWN' } });
  });

  test("ends with 0 where nothing differs, 1 and a diff where something does, 3 where it isn't an episode", async () => {
    const good = await write('good.jsonl', line(recorded));
    const bad = await write('bad.jsonl', line({ ...recorded, intro: 'Hello' }));
    const none = await write('none.jsonl', 'hello');
    const [first, second, third] = await Promise.all(
      [good, bad, none].map((episodes) => runCli(['replay', '--games', move, '--episodes', episodes])),
    );
    const steps = recorded.steps.length;
    expect(first).toMatchObject({ exit: 0, result: { episodes: 1, steps, mismatches: 0 } });
    expect(second).toMatchObject({ exit: 1, result: { episodes: 1, steps, mismatches: 1 } });
    expect(second?.stdout).toContain('  - "Hello"\n  + "-= Welcome');
    expect(third?.exit).toBe(3);
    expect(third?.stderr).toContain("none.jsonl, line 1: The episode isn't JSON");
  });
});

const goldens = sharedPath('alfworld/conformance');
test.skipIf(goldens === undefined)(
  'the recordings of the real engine are replayed without a difference',
  async () => {
    const games = ['alfworld/json_2.1.1_tw-pddl.zip', 'alfworld/legacy_0.3_tw-pddl.zip'].map(sharedPath);
    const opened = unwrap(await RecordedGames.open(games as string[], new AbortController().signal));
    const files = unwrap(await listTranscriptFiles(goldens as string));
    const result = await replayEpisodes(opened, files);
    await opened.close();
    expect(result).toMatchObject({
      ok: true,
      value: { games: 210, episodes: 1409, steps: 45271, mismatches: 0 },
    });
  },
);
