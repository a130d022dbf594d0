import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replayTrace } from '../agent/replay.ts';
import { parseTrace } from '../agent/trace-file.ts';
import { unwrap } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { compareRuns } from '../eval/compare-runs.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { readArchive } from '../storage/archive-read.ts';
import { Games } from './games.ts';

test('what comes with the page are two whole runs of the same games and three episodes, and the engine agrees', async () => {
  const file = readFileSync(new URL('../../models/samples/samples.zip', import.meta.url));
  const { runs, episodes, memories, sets } = unwrap(await readArchive(new Blob([new Uint8Array(file)])));
  expect([runs.length, episodes.length, memories.length, sets.length]).toEqual([2, 3, 0, 0]);
  const [without, with_] = runs.map(({ run }) => run);
  expect([without?.settings.memory, with_?.settings.memory]).toEqual(['none', 'memp']);
  for (const { run } of runs) expect(run.results.length).toBe(run.games.length);
  expect(compareRuns(without?.results ?? [], with_?.results ?? []).games).toBe(without?.games.length);
  const games = new Games();
  const texts = [...runs.flatMap(({ traces }) => traces), ...episodes.map(({ trace }) => trace)];
  for (const text of texts) {
    const trace = unwrap(parseTrace(text));
    const { key, sha256 } = trace.header.game;
    const game = unwrap(await games.load(sourceOf(key)));
    expect(sha256Text(game.text), key).toBe(sha256);
    expect(replayTrace(trace, game.world), key).toEqual([]);
  }
});
