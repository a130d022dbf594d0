import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Trace } from '../agent/trace.ts';
import { formatTrace, parseTrace } from '../agent/trace-file.ts';
import { unwrap } from '../base/result.ts';
import { generateHome } from '../homes/index.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { writeRandomPocket } from '../testing/random-pocket.ts';
import { runCli } from '../testing/run-cli.ts';
import { runHere } from '../testing/run-here.ts';
import { words } from '../testing/words.ts';

const GAMES = 7;
const folder = temporaryFolder();
const games = join(folder, 'games');

beforeAll(() => writeGames(games, generateHome(31, { split: 'test' }), GAMES));

function evalWords(out: string, more: readonly string[]): string[] {
  return words`eval --games ${games} --split test --memory none --out ${join(folder, out)} ${more}`;
}

const evaluate = (out: string, more: readonly string[]) => runCli(evalWords(out, more));

/** All files of a run by their paths, without what a clock said. */
async function filesOf(out: string): Promise<Record<string, string>> {
  const root = join(folder, out);
  const files: Record<string, string> = {};
  for (const path of (await readdir(root, { recursive: true })).sort()) {
    if (!(await stat(join(root, path))).isFile()) continue;
    const text = await readFile(join(root, path), 'utf8');
    files[path] = text.replace(/"(ms|prefillMs|decodeMs|secondsPerTask)": ?[0-9.e-]+/g, '"$1":0');
  }
  return files;
}

test('plays every game once, and tells how it went', async () => {
  const run = await evaluate('whole', words`--student scripted --jobs 2`);
  expect(run).toMatchObject({ exit: 0 });
  expect(run.result).toMatchObject({
    episodes: GAMES,
    solved: GAMES,
    successRate: 1,
    successInterval: [expect.closeTo(0.6457, 4), 1],
    meanSteps: expect.any(Number),
    nothingHappensRate: expect.any(Number),
    senselessRate: 0,
    secondsPerTask: expect.any(Number),
    byTaskType: expect.any(Object),
  });
  const files = await filesOf('whole');
  expect(Object.keys(files).filter((path) => path.startsWith('traces/test/')).length).toBe(GAMES);
  expect(JSON.parse(files['summary.json'] ?? '')).toMatchObject({ episodes: GAMES, failures: {} });
  expect(files['failures.md']).toContain('None.');
  // The traces play again; the games are made again from their keys.
  const replay = await runCli(['replay-trace', '--trace', join(folder, 'whole')]);
  expect(replay).toMatchObject({ exit: 0, result: { traces: GAMES, won: GAMES, mismatches: 0 } });
});

test('chance solves next to nothing, and the report says what went wrong', async () => {
  const chance = words`--student random --max-steps 10 --seed 5`;
  const run = await evaluate('chance', words`${chance} --jobs 1`);
  expect(run.exit).toBe(0);
  expect((run.result as { solved: number }).solved).toBeLessThan(2);
  const files = await filesOf('chance');
  expect(files['failures.md']).toMatch(/## (never found|not taken|wrong object)/);
  const again = await evaluate('chance2', words`${chance} --jobs 3`);
  expect(again.exit).toBe(0);
  // The number of threads makes no difference.
  expect(await filesOf('chance2')).toEqual(files);
});

test('goes on where an interrupted run stopped, and loses nothing', async () => {
  const random = words`--student random --jobs 1 --max-steps 30`;
  const run = await evaluate('stopped', random);
  expect(run.exit).toBe(0);
  const whole = await filesOf('stopped');
  // What an interruption leaves: some traces, perhaps half of one under another name, no summary.
  const root = join(folder, 'stopped');
  const traces = Object.keys(whole).filter((path) => path.startsWith('traces/'));
  for (const path of traces.slice(2)) await rm(join(root, path));
  await writeFile(join(root, `${traces[4]}.part`), 'half');
  await rm(join(root, 'summary.json'));
  const kept = await stat(join(root, traces[0] as string));
  const rest = await evaluate('stopped', random);
  expect(rest.exit).toBe(0);
  expect((await stat(join(root, traces[0] as string))).mtimeMs).toBe(kept.mtimeMs);
  expect(await filesOf('stopped')).toEqual(whole);
});

test('Ctrl-C keeps what is done and says how to go on', async () => {
  const random = words`--student random --jobs 1 --max-steps 1000`;
  const run = await runCli(evalWords('interrupted', random), {
    started: (child) => {
      child.stderr?.once('data', () => child.kill('SIGINT'));
    },
  });
  expect(run.exit).toBe(130);
  expect(run.stderr).toContain('the same command goes on from here');
  const { episodes } = run.result as { episodes: number };
  expect(episodes).toBeLessThan(GAMES);
  const rest = await evaluate('interrupted', random);
  expect(rest).toMatchObject({ exit: 0, result: { episodes: GAMES } });
});

describe('a student that is a model', () => {
  let model = '';
  beforeAll(async () => {
    model = join(folder, 'model');
    await writeRandomPocket(model, 3);
  });

  test('plays the same on one thread and on several', async () => {
    const pocket = words`--student pocket --model ${model} --max-steps 3`;
    const one = await evaluate('alone', words`${pocket} --jobs 1`);
    const three = await evaluate('together', words`${pocket} --jobs 3`);
    expect([one.exit, three.exit]).toEqual([0, 0]);
    expect((one.result as { tokens: { decoded: number } }).tokens.decoded).toBeGreaterThan(10);
    expect(await filesOf('together')).toEqual(await filesOf('alone'));
  });

  test('stops in the middle of a reply', async () => {
    const pocket = words`--student pocket --model ${model} --max-steps 1000 --jobs 2`;
    const run = await runCli(evalWords('mid', pocket), {
      started: (child) => child.stderr?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300)),
    });
    expect(run).toMatchObject({ exit: 130, stderr: expect.stringContaining('the same command goes on') });
  });
});

describe('shards', () => {
  test('merge to the run that one process makes', async () => {
    const random = words`--student random --jobs 1 --max-steps 5`;
    const [one, two, whole] = await Promise.all([
      evaluate('one', words`${random} --shard 1/2`),
      evaluate('two', words`${random} --shard 2/2`),
      evaluate('both', random),
    ]);
    expect([one, two, whole].map((run) => (run.result as { episodes: number }).episodes)).toEqual([4, 3, 7]);
    const merge = (parts: readonly string[], out: string) =>
      runCli(words`eval --merge ${parts.map((part) => join(folder, part))} --out ${join(folder, out)}`);
    const merged = await merge(['one', 'two'], 'merged');
    expect(merged.exit).toBe(0);
    expect({ ...(merged.result as object), secondsPerTask: 0 }).toEqual({
      ...(whole.result as object),
      secondsPerTask: 0,
    });
    expect(await filesOf('merged')).toEqual(await filesOf('both'));
    const half = await merge(['one'], 'half');
    expect(half).toMatchObject({ exit: 3, stderr: expect.stringContaining('4 of the 7 games') });
    const twice = await merge(['one', 'one'], 'x');
    expect(twice).toMatchObject({ exit: 3, stderr: expect.stringContaining('two of the folders') });
  });

  describe('of strangers', () => {
    /** A copy of the second shard with one trace changed; merged with the first. */
    async function mergeChanged(change: (trace: Trace) => Trace, fileOf = (file: string) => file) {
      const stranger = await mkdtemp(join(folder, 'stranger-'));
      await cp(join(folder, 'two'), join(stranger, 'two'), { recursive: true });
      const root = join(stranger, 'two', 'traces');
      const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
      const [name = ''] = names;
      const trace = unwrap(parseTrace(await readFile(join(root, name), 'utf8')));
      await rm(join(root, name));
      await mkdir(dirname(join(root, fileOf(name))), { recursive: true });
      await writeFile(join(root, fileOf(name)), formatTrace(change(trace)));
      const out = join(stranger, 'out');
      const run = await runHere(
        words`eval --merge ${join(folder, 'one')} ${join(stranger, 'two')} --out ${out}`,
      );
      const written = (await readdir(stranger, { recursive: true })).filter(
        (path) => !path.startsWith('two'),
      );
      return { ...run, written };
    }
    const header = (part: object) => (trace: Trace) =>
      ({ ...trace, header: { ...trace.header, ...part } }) as Trace;
    const game = (part: object) => (trace: Trace) =>
      header({ game: { ...trace.header.game, ...part } })(trace);
    const lastStep = (part: object) => (trace: Trace) =>
      ({ ...trace, steps: trace.steps.map((one, i) => (i === 1 ? { ...one, ...part } : one)) }) as Trace;

    test.each<[string, (trace: Trace) => Trace, string]>([
      ['a key that leads out', game({ key: '../../precious' }), 'leads out'],
      ['a key that leads out of its split', game({ key: 'test/../../x' }), 'leads out'],
      ['an empty key', game({ key: '' }), 'empty part'],
      ['a key that no file can have', game({ key: 'test/a/\ud800' }), 'control character'],
      ['another split', game({ key: 'train/look-a/b' }), 'split test and train'],
      ['another task type', game({ taskType: 'look' }), 'task type'],
      ['another student', header({ student: { kind: 'pocket', name: 'x' } }), 'student random and pocket'],
      [
        'other weights',
        header({ student: { kind: 'random', name: 'random', weights: 'x' } }),
        'of the student',
      ],
      ['another seed', header({ seed: '7/x' }), 'seed 0 and 7/x'],
      [
        'other settings',
        (trace) => header({ settings: { ...trace.header.settings, k: 3 } })(trace),
        'k 10 and 3',
      ],
      [
        "memories that the run hasn't",
        header({ memory: { scripts: [], bank: 'b 0123', dropped: { scripts: 0, trajectory: false } } }),
        'memory bank none',
      ],
      ['an edited observation', lastStep({ observation: 'You win.' }), 'step 2, observation'],
      ['another game file', game({ sha256: 'x' }), "isn't the one that was played"],
      [
        'a win without a step',
        (trace) => ({ ...trace, steps: [], end: { kind: 'end', end: 'won', steps: 0, ms: 0 } }),
        'step 0, won',
      ],
    ])('%s is refused, and nothing is written', async (_, change, sentence) => {
      const run = await mergeChanged(change);
      expect(run).toMatchObject({ exit: 3, message: expect.stringContaining(sentence), written: [] });
    });

    test('a trace under the name of another game is refused', async () => {
      const run = await mergeChanged(
        (trace) => trace,
        (file) => join(dirname(file), 'other.jsonl'),
      );
      expect(run).toMatchObject({
        exit: 3,
        message: expect.stringContaining("isn't of this run"),
        written: [],
      });
    });

    test("a game that the list hasn't is refused", async () => {
      const key = 'test/look-a/b';
      const run = await mergeChanged(
        (trace) => header({ seed: `0/${key}` })(game({ key, taskType: 'look' })(trace)),
        () => `${key}.jsonl`,
      );
      expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('own list'), written: [] });
    });

    test('a shard that calls itself another one is refused', async () => {
      const stranger = await mkdtemp(join(folder, 'stranger-'));
      await cp(join(folder, 'two'), stranger, { recursive: true });
      const plan = await readFile(join(stranger, 'run.json'), 'utf8');
      await writeFile(join(stranger, 'run.json'), plan.replace('"index": 2', '"index": 1'));
      const merge = words`eval --merge ${join(folder, 'one')} ${stranger} --out ${join(stranger, 'out')}`;
      expect(await runHere(merge)).toMatchObject({
        exit: 3,
        message: expect.stringContaining('another shard'),
      });
    });
  });
});

describe('wrong input ends with one sentence', () => {
  test.each([
    ['another setting in the folder', 'whole --student scripted --max-steps 9', 3, 'maxSteps 30 and 9'],
    ['another student in the folder', 'whole --student random', 3, 'student scripted and random'],
    ["a split that isn't there", 'new --student scripted --split train', 3, 'its splits: test'],
    ['a student for the browser', 'mlc --student mlc', 3, "can't play here"],
    ["a model that isn't there", 'none --student pocket --model /nowhere', 3, 'holds no config.json'],
    ["a bank that isn't there", 'bank --memory memp --bank /nowhere', 3, 'no such file'],
    ['an unknown student', 'new --student parrot', 2, 'one of pocket, '],
    ["a shard that can't be", 'new --shard 3/2', 2, 'i from 1 to n'],
    ['a file of wordings that nothing asks for', 'new --wordings-file /nowhere', 2, 'goes with --wordings'],
  ])('%s', async (_, line, exit, sentence) => {
    const [out = '', ...more] = line.split(' ');
    const run = await evaluate(out, more);
    expect(run.exit).toBe(exit);
    expect(run.stderr.trim().split('\n').at(-1)).toContain(sentence);
  });

  test.each([['--lifelong'], ['--earlier', '1']])(
    'wordings of homes that are lived in: %s',
    async (...lived) => {
      const wordings = words`--wordings all --wordings-file ${join(folder, 'nowhere')}`;
      const line = evalWords('lived', words`--student scripted --memory memp ${lived} ${wordings}`);
      expect(await runHere(line)).toMatchObject({
        exit: 2,
        message: expect.stringContaining('leave out --wordings'),
      });
    },
  );

  test('no games and nothing to merge', async () => {
    const run = await runCli(['eval', '--out', join(folder, 'new')]);
    expect(run).toMatchObject({ exit: 2, stderr: expect.stringContaining('--games and --split') });
  });

  test('a damaged trace is told, not played over', async () => {
    const root = join(folder, 'whole', 'traces');
    const [path] = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
    const file = join(root, path ?? '');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -10));
    const run = await evaluate('whole', words`--student scripted`);
    expect(run).toMatchObject({ exit: 3, stderr: expect.stringContaining('The last line is cut off') });
    const replay = await runCli(['replay-trace', '--trace', file]);
    expect(replay).toMatchObject({ exit: 3, stderr: expect.stringContaining('The last line is cut off') });
    await writeFile(file, text.replace('You ', 'I '));
    const other = await runCli(['replay-trace', '--trace', file]);
    expect(other.exit).toBe(1);
    expect(other.stdout).toContain('+ ');
    await writeFile(file, text);
  });
});
