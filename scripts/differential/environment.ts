/**
 * The Python environment with the real ALFWorld engine: .venv-differential at the root of the repository, made once
 * from requirements.txt and made again when that changes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../src/engine/result.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.venv-differential');
const requirements = join(root, 'scripts/differential/requirements.txt');
/** Holds the requirements that were installed; written last, so that half an environment is never taken. */
const stamp = join(folder, 'installed.txt');

/**
 * @param python a Python of 3.11 or newer, to make the environment with
 * @returns the environment's own Python
 */
export function ensureEnvironment(python: string): Result<string> {
  const wanted = readFileSync(requirements, 'utf8');
  const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(own) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return ok(own);

  const missing = missingTool(python);
  if (missing !== undefined) return refuse('TOOL_MISSING', missing);
  console.error(
    'Making .venv-differential with the real engine; it is built from its source, about two minutes.',
  );
  if (!run(python, ['-m', 'venv', '--clear', folder])) {
    return refuse('VENV', `'${python} -m venv' failed; on Debian it needs the package python3-venv.`);
  }
  if (!run(own, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements])) {
    return refuse('PACKAGES', 'The packages could not be installed; what pip said stands above.');
  }
  writeFileSync(stamp, wanted);
  return ok(own);
}

function missingTool(python: string): string | undefined {
  const version = spawnSync(python, ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
    encoding: 'utf8',
  });
  if (version.status !== 0) return `There is no Python at '${python}'; name one with --python.`;
  if (version.stdout.trim() !== 'True') {
    return `The Python at '${python}' is older than 3.11; name another one with --python.`;
  }
  for (const tool of ['cmake', 'make', 'g++']) {
    if (spawnSync(tool, ['--version']).status !== 0) {
      return `The real engine is built from its source, which needs ${tool}; install cmake, make and g++.`;
    }
  }
  return undefined;
}

/** Runs a program with its output on standard error; whether it succeeded. */
function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, [...args], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}
