/** What every command with an output promises: never its input, never somebody else's file, alone, and all or nothing. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { generateHome } from '../homes/index.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { runHere } from '../testing/run-here.ts';
import { words } from '../testing/words.ts';
import { claimOutput } from './files/claim.ts';

const folder = temporaryFolder();
const [games, trajectories, scripts, bank] = ['games', 't.jsonl', 's.jsonl', 'b.bank'].map((name) =>
  join(folder, name),
) as [string, string, string, string];

beforeAll(async () => {
  writeGames(games, generateHome(31, { split: 'test' }), 3);
  for (const line of [
    words`collect --games ${games} --split test --threads 1 --out ${trajectories}`,
    words`extract --trajectories ${trajectories} --out ${scripts}`,
    words`bank --scripts ${scripts} --trajectories ${trajectories} --out ${bank}`,
  ]) {
    const run = await runHere(line);
    if (run.exit !== 0) throw new Error(run.message);
  }
});

test.skipIf(process.platform === 'win32')(
  "a link to a folder in a stranger's run isn't written through, and the folder that one names may be a link",
  async () => {
    const [run, mine, name] = ['linked', 'mine', 'name'].map((one) => join(folder, one)) as [
      string,
      string,
      string,
    ];
    const play = words`eval --games ${games} --split test --student scripted --memory none`;
    await mkdir(mine);
    await symlink(mine, name);
    expect(await runHere([...play, '--out', name])).toMatchObject({ exit: 0 });
    const before = await readdir(mine, { recursive: true });
    await mkdir(run);
    await writeFile(join(run, 'run.json'), await readFile(join(mine, 'run.json')));
    await symlink(join(mine, 'traces'), join(run, 'traces'));
    const refused = { exit: 3, message: expect.stringContaining(`${join(run, 'traces')}: This is a link`) };
    expect(await runHere([...play, '--out', run])).toMatchObject(refused);
    expect(await runHere(['eval', '--merge', name, '--out', run])).toMatchObject(refused);
    expect(await readdir(run)).toEqual(['run.json', 'traces']);
    expect(await readdir(mine, { recursive: true })).toEqual(before);
  },
);

/** Each command that writes one file, without its --out. */
const WRITERS: readonly (readonly [name: string, flag: string, line: string[]])[] = [
  ['extract', '--out', words`extract --trajectories ${trajectories}`],
  ['conversations', '--out', words`conversations --trajectories ${trajectories}`],
  ['bank', '--out', words`bank --scripts ${scripts} --trajectories ${trajectories}`],
  ['bank --export', '--export', words`bank --bank ${bank}`],
  ['collect', '--out', words`collect --games ${games} --split test --threads 1`],
  ['play', '--out', words`play --student scripted`],
];

describe.each(WRITERS)('%s %s', (name, flag, line) => {
  test("doesn't write over a file that isn't its own", async () => {
    const precious = join(folder, `precious ${name}`);
    for (const content of ['my notes', 'my notes\n', '{"kind":"other","version":1}\n']) {
      await writeFile(precious, content);
      expect(await runHere([...line, flag, precious])).toMatchObject({ exit: 3 });
      expect(await readFile(precious, 'utf8')).toBe(content);
    }
  });

  test('refuses an empty path', async () => {
    const before = await readdir('.');
    expect(await runHere([...line, flag, ''])).toMatchObject({
      exit: 2,
      message: `${flag} is empty; name a path.`,
    });
    expect(await readdir('.')).toEqual(before);
  });

  test('refuses while another one writes there, whatever its path is called', async () => {
    const out = join(folder, `busy ${name}`);
    await mkdir(join(folder, 'way'), { recursive: true });
    const claim = unwrap(claimOutput(out));
    const run = await runHere([...line, flag, join(folder, 'way', '..', `busy ${name}`)]);
    expect(run).toMatchObject({ exit: 3, message: expect.stringContaining(`process ${process.pid}`) });
    expect(existsSync(out)).toBe(false);
    claim.release();
    expect(await runHere([...line, flag, out])).toMatchObject({ exit: 0 });
  });

  test.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const run = await runHere([...line, flag, '/dev/full']);
    expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('disk is full') });
  });
});

describe("a file that can't be there is told before anything is done", () => {
  const play = words`play --student pocket --model ${join(folder, 'no student')}`;
  test.each([
    ['play', play, '--out'],
    ['bank', words`bank --scripts no.jsonl --trajectories no.jsonl`, '--out'],
    ['bank --export', words`bank --bank no.bank`, '--export'],
    ['conversations', words`conversations --trajectories no.jsonl`, '--out'],
    ['archive', words`archive --runs no`, '--out'],
  ])('%s', async (_, line, flag) => {
    const nowhere = join(folder, 'nowhere');
    for (const [path, sentence] of [
      [folder, "It's a folder; name a file in it."],
      [join(nowhere, 'a', 'b'), `There is no folder ${join(nowhere, 'a')}; make it`],
      [join(trajectories, 'b'), `There is no folder ${trajectories}; make it`],
      [`${nowhere}/`, 'This is the name of a folder'],
    ] as const) {
      for (const force of [[], ['--force']])
        expect(await runHere([...line, ...force, flag, path])).toMatchObject({
          exit: 3,
          message: expect.stringContaining(`${path}: ${sentence}`),
        });
    }
    expect(existsSync(nowhere)).toBe(false);
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'nor where nobody may write',
    async () => {
      const locked = join(folder, 'locked');
      await mkdir(locked, { mode: 0o500 });
      expect(await runHere([...play, '--out', join(locked, 'a')])).toMatchObject({
        exit: 3,
        message: expect.stringContaining('permission was denied'),
      });
    },
  );
});

describe('an input', () => {
  test.each([
    ['extract', words`extract --trajectories ${trajectories} --out`, trajectories],
    ['conversations', words`conversations --trajectories ${trajectories} --force --out`, trajectories],
    ['bank', words`bank --scripts ${scripts} --trajectories ${trajectories} --force --out`, scripts],
    ['bank --export', words`bank --bank ${bank} --force --export`, bank],
    ['bank --reembed', words`bank --bank ${bank} --reembed --force --out`, bank],
  ])('of %s is never written over, by whatever name', async (name, line, input) => {
    const before = await readFile(input);
    const [hard, soft] = [join(folder, `hard ${name}`), join(folder, `soft ${name}`)];
    await link(input, hard);
    await symlink(input, soft);
    for (const out of [input, join(folder, 'games', '..', input.slice(folder.length)), hard, soft]) {
      const run = await runHere([...line, out]);
      expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('read by the command') });
      expect(await readFile(input)).toEqual(before);
    }
  });

  test("in a folder isn't written over either", async () => {
    const [game = ''] = (await readdir(games, { recursive: true })).filter((path) =>
      path.endsWith('.tw-pddl'),
    );
    const out = join(games, game);
    const run = await runHere(['play', '--games', games, '--student', 'scripted', '--force', '--out', out]);
    expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('read by the command') });
  });
});

test('with --force a file is replaced, and a link stays a link', async () => {
  const [old, through] = [join(folder, 'old.bank'), join(folder, 'through.bank')];
  await writeFile(old, 'old');
  await symlink(old, through);
  const build = words`bank --scripts ${scripts} --trajectories ${trajectories} --force --out ${through}`;
  expect(await runHere(build)).toMatchObject({ exit: 0 });
  expect(await readFile(old)).toEqual(await readFile(bank));
});

test.each([
  ['eval', ['--student', 'scripted'], ['summary.json']],
  ['eval', ['--student', 'scripted'], ['summary.json', 'with']],
  ['tables', ['--limit', '1'], ['runs', 'tables.md']],
  ['tables', ['--limit', '1'], ['runs', 'tables.json']],
])("%s %j doesn't begin among somebody's files: %j", async (command, more, names) => {
  const out = await mkdtemp(join(folder, 'somebody-'));
  for (const name of names)
    await (name.includes('.') ? writeFile(join(out, name), 'mine') : mkdir(join(out, name)));
  const run = await runHere([command, '--games', games, '--split', 'test', ...more, '--out', out]);
  expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('something else already') });
  expect(await readdir(out)).toEqual(names);
});

test("a student's own file isn't written over, forced or not", async () => {
  const model = join(folder, 'model');
  await mkdir(model);
  await writeFile(join(model, 'config.json'), '{}');
  const play = words`play --student pocket --model ${model} --force --out`;
  const run = await runHere([...play, join(model, 'config.json')]);
  expect(run).toMatchObject({ exit: 3, message: expect.stringContaining('read by the command') });
  expect(await readFile(join(model, 'config.json'), 'utf8')).toBe('{}');
});

test('the claim of a killed process holds nobody up', async () => {
  const out = join(folder, 'killed');
  const script = `import { claimOutput } from './src/cli/files/claim.ts';
    console.log(claimOutput(${JSON.stringify(out)}).ok); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const said = await new Promise((resolve) =>
    child.stdout.once('data', (text) => resolve(String(text).trim())),
  );
  expect(said).toBe('true');
  expect(claimOutput(out)).toMatchObject({ ok: false, error: { code: 'OUT_BUSY' } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  const claim = claimOutput(out);
  expect(claim.ok).toBe(true);
  if (claim.ok) claim.value.release();
});

describe.skipIf(process.platform === 'win32')('where a file may only become so large (ulimit -f)', () => {
  test('an older bank is as it was, and nothing lies beside it', async () => {
    const own = join(folder, 'limited');
    await mkdir(own);
    const old = join(own, 'old.bank');
    await writeFile(old, 'old');
    const build = words`bank --scripts ${scripts} --trajectories ${trajectories} --force --out ${old}`;
    const run = await runCli(build, { limitBlocks: 1 });
    expect(run).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('larger than the file system or a limit allows'),
    });
    expect(await readdir(own)).toEqual(['old.bank']);
    expect(await readFile(old, 'utf8')).toBe('old');
  });

  test('a result that nobody can take ends with a sentence', async () => {
    const run = await runCli(['games', '--games', games], { stdoutTo: '/dev/full' });
    expect(run).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('standard output: The disk is full.'),
    });
  });
});

test('collect goes on after damage at its end, and tells damage before it', async () => {
  const out = join(folder, 'damaged.jsonl');
  const collect = words`collect --games ${games} --split test --threads 1 --out ${out}`;
  const whole = await readFile(trajectories);
  // Cut in the middle of a character of several bytes.
  await writeFile(
    out,
    Buffer.concat([whole, Buffer.from('{"kind":"trajectory","task":"caf'), Buffer.of(0xc3)]),
  );
  expect(await runHere(collect)).toMatchObject({ exit: 0 });
  expect(await readFile(out)).toEqual(whole);
  const at = whole.indexOf(10, whole.indexOf(10) + 1) - 20;
  const damaged = Buffer.concat([whole.subarray(0, at), Buffer.of(0xff), whole.subarray(at + 1)]);
  await writeFile(out, damaged);
  expect(await runHere(collect)).toMatchObject({
    exit: 3,
    message: expect.stringContaining("line 2 isn't UTF-8"),
  });
  expect(await readFile(out)).toEqual(damaged);
});

test.skipIf(process.platform === 'win32').each([
  ['verify', 'manifest.json', (path: string) => ['verify', '--model', path]],
  [
    'convert',
    'config.json',
    (path: string) => words`convert --base ${path} --quantization q0f32 --out ${`${path}-out`}`,
  ],
  ['replay-trace', 'a.jsonl', (path: string) => ['replay-trace', '--trace', path]],
  ['eval --merge', 'run.json', (path: string) => ['eval', '--merge', path, '--out', `${path}-out`]],
])("%s doesn't wait for the other end of a pipe", async (name, file, line) => {
  const own = join(folder, `pipe ${name}`);
  await mkdir(own);
  execFileSync('mkfifo', [join(own, file)]);
  expect(await runHere(line(own))).toMatchObject({
    exit: 3,
    message: expect.stringContaining("isn't an ordinary file"),
  });
});

test('generate writes no set that is too large to be read', async () => {
  const generate = words`generate --homes 100000 --tasks-per-home 3 --out ${join(folder, 'huge')}`;
  expect(await runHere(generate)).toMatchObject({
    exit: 2,
    message: expect.stringContaining('200000 games'),
  });
});
