import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseTrace } from '../../agent/trace-file.ts';
import { temporaryFolder } from '../../testing/folders.ts';
import { runHere } from '../../testing/run-here.ts';
import { smallGame } from '../../testing/small-game.ts';
import { words } from '../../testing/words.ts';

const folder = temporaryFolder();
beforeAll(() => {
  for (const trial of ['trial_1', 'trial_2']) {
    const place = join(folder, 'games/valid_seen/pick_heat_then_place_in_recep-Mug-None-Cabinet-1', trial);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'game.tw-pddl'), smallGame({}));
  }
  const lines = [
    { wording: 'Warm up a coffee cup and leave it in the cupboard.', part: 'train' },
    { wording: 'Do what you always do with the thing.', part: 'held-out' },
    { wording: 'hot mug -> cabinet', part: 'held-out' },
  ].map((one) => JSON.stringify({ task: 'put a hot mug in cabinet.', ...one }));
  writeFileSync(join(folder, 'set.jsonl'), lines.join('\n'));
});

function evaluate(out: string, ...more: string[]) {
  const games = words`--games ${join(folder, 'games')} --split valid_seen --jobs 1 --memory none`;
  const set = words`--student scripted --wordings-file ${join(folder, 'set.jsonl')}`;
  return runHere(words`eval ${games} ${set} --out ${join(folder, out)} ${more}`);
}

test('plays each wording in a game of its task, and says what became of it', async () => {
  const run = await evaluate('all', '--wordings', 'all');
  expect(run).toMatchObject({
    exit: 1,
    message: expect.stringContaining('The task sentence is none that the scripted teacher understands'),
  });
});

test('played by who takes any task, the wordings and the sentences are runs side by side', async () => {
  const random = words`--student random --max-steps 3`;
  const run = await evaluate('random', '--wordings', 'all', ...random);
  expect(run).toMatchObject({ exit: 0, result: { wordings: 3, byPart: { 'held-out': { wordings: 2 } } } });
  const runs = join(folder, 'random');
  expect(readdirSync(runs).sort()).toEqual([
    'round-1',
    'round-2',
    'templates',
    'wordings.json',
    'wordings.md',
  ]);
  const told = (round: string): string[] =>
    readdirSync(join(runs, round, 'traces'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => {
        const trace = parseTrace(readFileSync(join(runs, round, 'traces', name), 'utf8'));
        return trace.ok ? `${trace.value.header.task} ${trace.value.header.game.words ?? ''}` : 'broken';
      });
  expect(told('templates')).toEqual(['put a hot mug in cabinet. ', 'put a hot mug in cabinet. ']);
  const hot = 'hot mug -> cabinet';
  expect(told('round-2')).toEqual([`${hot} ${hot}`]);
  // The same again plays nothing; other words are another run.
  expect((await evaluate('random', '--wordings', 'all', ...random)).result).toEqual(run.result);
  const other = await evaluate('random', '--wordings', 'held-out', ...random);
  expect([other.exit, other.message]).toEqual([3, expect.stringContaining('a different run (said')]);
  // Its traces are played again from the game and the words.
  const again = words`replay-trace --games ${join(folder, 'games')} --trace ${join(runs, 'round-1')}`;
  expect(await runHere(again)).toMatchObject({ exit: 0, result: { mismatches: 0 } });
});

test('the scripted teacher solves what it is told right', async () => {
  const lines = readFileSync(join(folder, 'set.jsonl'), 'utf8')
    .split('\n')
    .filter((_, i) => i !== 1);
  writeFileSync(join(folder, 'understood.jsonl'), lines.join('\n'));
  const file = ['--wordings-file', join(folder, 'understood.jsonl')];
  const run = await evaluate('scripted', '--wordings', 'all', ...file);
  const reading = { right: 2, wrong: 0, notUnderstood: 0 };
  expect(run).toMatchObject({ exit: 0, result: { wordings: 2, asked: 2, solved: 2, share: 1, reading } });
});

test('says plainly what it can’t do', async () => {
  const shard = await evaluate('x', '--wordings', 'all', '--shard', '1/2');
  expect(shard).toMatchObject({ exit: 2, message: expect.stringContaining('--shard') });
  const missing = await evaluate('y', '--wordings', 'all', '--wordings-file', join(folder, 'nothing.jsonl'));
  expect(missing).toMatchObject({ exit: 3, message: expect.stringContaining("can't be read") });
  writeFileSync(
    join(folder, 'other.jsonl'),
    '{"task":"put a pen in desk.","wording":"pen","part":"train"}\n',
  );
  const none = await evaluate('z', '--wordings', 'all', '--wordings-file', join(folder, 'other.jsonl'));
  expect(none).toMatchObject({ exit: 3, message: expect.stringContaining('None of the games') });
});
