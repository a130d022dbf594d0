/**
 * What others install, as they get it: built once, then the npm package in a folder of its own (its example, its types)
 * and the Python package in a fresh virtual environment (the example of its README) and by its own tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../src/testing/folders.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const candidates = [process.env.DUOMEM_PYTHON, join(root, '.venv/bin/python'), 'python3', 'python'];
const python = pythonWith('sys', 'venv', 'ensurepip');
if (python === undefined)
  console.warn('skipped: no Python 3.8 or newer that makes virtual environments (set DUOMEM_PYTHON to one)');

/** A Python that has these modules. */
function pythonWith(...modules: string[]): string | undefined {
  const script = `import importlib.util as u, sys; sys.exit(sys.version_info < (3, 8) or not all(map(u.find_spec, ${JSON.stringify(modules)})))`;
  return candidates.find((name) => name !== undefined && spawnSync(name, ['-c', script]).status === 0);
}

const folder = temporaryFolder();
beforeAll(() => {
  run(process.execPath, ['--import', 'tsx', 'scripts/packages.ts'], root);
}, 600_000);

/** Runs a program that has to succeed; what it printed. */
function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stdout + stderr}`);
  return stdout;
}

test('the npm package plays by its example, has types, and imports nothing', () => {
  const installed = join(folder, 'node_modules/duomem-engine');
  mkdirSync(installed, { recursive: true });
  const packed = run(
    'npm',
    ['pack', '--silent', '--pack-destination', folder],
    join(root, 'packages/engine'),
  );
  run('tar', ['xzf', join(folder, packed.trim()), '--strip-components=1', '-C', installed], folder);
  expect(run(process.execPath, [join(installed, 'examples/play.mjs')], folder)).toContain('\nwon ');
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(dependencies).toBeUndefined();
  const bundles = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
  const libraries = bundles.filter((name) => name.endsWith('.mjs') && name !== 'serve.mjs');
  expect(libraries.length).toBeGreaterThan(3);
  for (const name of libraries) {
    const imported = readFileSync(join(installed, 'dist', name), 'utf8').matchAll(
      /^import .* from ["'](.*)["'];$/gm,
    );
    for (const [, from] of imported) expect(from).toMatch(/^\./);
  }
  writeFileSync(
    join(folder, 'use.ts'),
    `import { inDialect, parseGame, type Result, type World } from 'duomem-engine';
import { blobBytes, openZip } from 'duomem-engine/games';
import { Catalogue, Service } from 'duomem-engine/environments';
import { generateHome } from 'duomem-engine/homes';
const world: Result<World> = parseGame(generateHome(1).game(0).text);
export const text: string = world.ok ? world.value.start().step('look') : world.error.message;
export const answer: Promise<string> = new Service(new Catalogue([]), { version: '1' }).answer('{}');
// @ts-expect-error a game is a text
parseGame(5);
export default [inDialect, openZip, blobBytes];
`,
  );
  const options = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: [],
    lib: ['es2023', 'dom'],
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: ['use.ts'] }),
  );
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', folder], folder);
});

describe.skipIf(python === undefined)('the Python package, in a fresh virtual environment', () => {
  let own = '';
  beforeAll(() => {
    const venv = join(folder, 'venv');
    run(python as string, ['-m', 'venv', venv], folder);
    own = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
    run(own, ['-m', 'pip', 'install', '--quiet', '--no-index', join(root, 'python')], folder);
  }, 600_000);

  /** The example of a document that starts with this line, without its indentation. */
  function example(document: string, first: string): string {
    const text = readFileSync(join(root, document), 'utf8').split('\n');
    const from = text.indexOf(`    ${first}`);
    const length = text.slice(from).findIndex((line) => line !== '' && !line.startsWith('    '));
    const lines = text.slice(from, from + length);
    if (from < 0 || length < 5) throw new Error(`${document} has no example that starts with ${first}`);
    return lines.map((line) => `${line.slice(4)}\n`).join('');
  }

  test("plays the README's example", () => {
    const script = example('python/README.md', 'from duomem.gym import Env');
    const printed = run(own, ['-c', `${script}print(truncated, env.render() == observation)`], folder);
    expect(printed.trim()).toBe('True True');
  });

  test('plays the loop for ALFWorld that docs/alfworld.md has, with its one changed import', () => {
    const first =
      'from duomem.alfworld import get_environment   # was: from alfworld.agents.environment import get_environment';
    const games = [
      'generate',
      '--homes',
      '2',
      '--tasks-per-home',
      '3',
      '--split',
      'train',
      '--out',
      join(folder, 'games'),
    ];
    run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...games], root);
    const config = {
      dataset: { data_path: join(folder, 'games', 'train'), num_train_games: -1 },
      env: {
        type: 'AlfredTWEnv',
        task_types: [1, 2, 3, 4, 5, 6],
        domain_randomization: false,
        expert_type: 'handcoded',
      },
      general: { training_method: 'dqn' },
      rl: { training: { max_nb_steps_per_episode: 12 } },
    };
    const given = `import json\nconfig = json.loads(${JSON.stringify(JSON.stringify(config))})\n`;
    const script = `${given}${example('docs/alfworld.md', first)}env.close()\nprint(len(observations), dones)`;
    expect(run(own, ['-c', script], folder).trim()).toBe('4 (True, True, True, True)');
  });

  test("passes its own tests, and gymnasium's check", (context) => {
    const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '0', 'pytest', 'gymnasium'];
    const installed = spawnSync(own, pip, { encoding: 'utf8' });
    if (installed.status !== 0)
      context.skip(
        `pip can't install pytest and gymnasium here: ${installed.stderr.trim().split('\n').at(-1)}`,
      );
    run(own, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tests'], join(root, 'python'));
  });
});
