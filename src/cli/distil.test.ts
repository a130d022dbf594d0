import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseGame } from '../engine/index.ts';
import { familiesOf, generateHome, proceduresOf } from '../homes/index.ts';
import { collectGame } from '../teacher/collect.ts';
import { scriptedTeacher } from '../teacher/scripted.ts';
import { type CollectedTrajectory, formatTrajectoryRecord } from '../teacher/trajectory.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { parseSafetensorsHeader } from '../weights/safetensors.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const distil = (...words: string[]) => runCli(['distil', ...words]);
const SMALL = ['--rank', '2', '--targets', 'q_proj,v_proj,down_proj', '--rate', '0.01', '--batch', '1'];

beforeAll(async () => {
  // A chore that the student was never taught.
  const families = familiesOf('teddybear_time') ?? [];
  const instructions = proceduresOf(families);
  const { key, text, taskType } = generateHome(31, { families }).game(0);
  const world = unwrap(parseGame(text));
  const game = { key, taskType, world };
  const options = { tries: 1, successes: 1, maxSteps: 30, seed: 1, instructions };
  const played = await collectGame(scriptedTeacher, game, options);
  const [won] = played.ok ? played.value.trajectories : [];
  const lost = { ...(won as CollectedTrajectory), won: false };
  writeFileSync(
    at('t.jsonl'),
    formatTrajectoryRecord(won as CollectedTrajectory) + formatTrajectoryRecord(lost),
  );
  writeFileSync(at('lost.jsonl'), formatTrajectoryRecord(lost));
});

test('distils won trajectories into an adapter that merges, the same one twice', async () => {
  const words = ['--trajectories', at('t.jsonl'), '--steps', '4', '--old', '1', ...SMALL];
  const run = await distil(...words, '--out', at('a'));
  // Queries 2 (192 + 192), values 2 (192 + 64), down 2 (512 + 192), in four layers.
  expect(run).toMatchObject({ exit: 0, result: { episodes: 1, steps: 4, parameters: 4 * 2 * 1344 } });
  const { lossAtFirst, lossAtLast } = run.result as { lossAtFirst: number; lossAtLast: number };
  expect(lossAtLast).toBeLessThan(lossAtFirst);
  // Nothing is gone on with, so an adapter that is there is somebody's.
  const over = await distil(...words, '--out', at('a'));
  expect(over).toMatchObject({ exit: 3 });
  expect(over.stderr).toContain('--force');
  const again = await distil(...words, '--out', at('b'));
  expect(again.exit).toBe(0);
  const [a, b] = ['a', 'b'].map((name) => readFileSync(at(join(name, 'adapter_model.safetensors'))));
  expect(a?.equals(b as Buffer)).toBe(true);
  const header = parseSafetensorsHeader(a as Buffer, (a as Buffer).length);
  expect(header.ok && header.value.tensors.size).toBe(4 * 3 * 2);
  const merge = ['--base', 'models/pocket', '--adapter', at('a'), '--out', at('merged'), '--jobs', '1'];
  expect(await runCli(['merge', ...merge])).toMatchObject({ exit: 0 });
});

test("refuses what can't be learnt from, and matrices that there are none of", async () => {
  const lost = await distil('--trajectories', at('lost.jsonl'), '--out', at('c'));
  expect(lost).toMatchObject({ exit: 3 });
  expect(lost.stderr).toContain('no successful trajectories');
  const words = ['--trajectories', at('t.jsonl'), '--out', at('c')];
  expect(await distil(...words, '--targets', 'q_proj,q_proj')).toMatchObject({ exit: 2 });
  expect(await distil(...words, '--targets', 'lm_head')).toMatchObject({ exit: 2 });
  expect(await distil(...words, '--base', folder)).toMatchObject({ exit: 3 });
});
