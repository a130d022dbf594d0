/**
 * The Python environment with the real ALFWorld engine: .venv-differential at the root of the repository, made once
 * from requirements.txt and made again when that changes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../src/base/result.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.venv-differential');
const requirements = join(root, 'scripts/differential/requirements.txt');
/** Holds the requirements that were installed; written last, so that half an environment is never taken. */
const stamp = join(folder, 'installed.txt');

/** What the pinned packages run on: older ones they don't install on, and from 3.13 on textworld's texts break. */
const VERSIONS = ['3.11', '3.12'];

/**
 * @param python the Python to make the environment with; undefined: one that is on the path
 * @returns the environment's own Python
 */
export function ensureEnvironment(python: string | undefined): Result<string> {
  const wanted = packages(requirements);
  const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(own) && existsSync(stamp) && packages(stamp) === wanted) return ok(own);

  const candidates = python === undefined ? ['python3', ...VERSIONS.map((v) => `python${v}`)] : [python];
  const maker = candidates.find((candidate) => VERSIONS.includes(versionOf(candidate)));
  if (maker === undefined) {
    const wrong = candidates.map((name) => `${name}: ${versionOf(name) || 'not found'}`).join(', ');
    const message = `The real engine needs Python ${VERSIONS.join(' or ')} (${wrong}); name one with --python.`;
    return refuse('TOOL_MISSING', message);
  }
  const tool = ['cmake', 'make', 'g++'].find((name) => spawnSync(name, ['--version']).status !== 0);
  if (tool !== undefined) {
    const message = `The real engine is built from its source, which needs ${tool}; install cmake, make and g++.`;
    return refuse('TOOL_MISSING', message);
  }
  console.error(
    'Making .venv-differential with the real engine; it is built from its source, about two minutes.',
  );
  if (!run(maker, ['-m', 'venv', '--clear', folder])) {
    return refuse('VENV', `'${maker} -m venv' failed; on Debian it needs the package python3-venv.`);
  }
  if (!run(own, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements])) {
    return refuse('PACKAGES', "The packages couldn't be installed; what pip said stands above.");
  }
  writeFileSync(stamp, wanted);
  return ok(own);
}

/** The lines of a requirements file that name packages. */
function packages(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n');
}

/** `3.11`, or nothing where there is no such Python. */
function versionOf(python: string): string {
  const words = ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];
  const { status, stdout } = spawnSync(python, words, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** Runs a program with its output on standard error; whether it succeeded. */
function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, [...args], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}
