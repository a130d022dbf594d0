/**
 * Running other programs from the project's scripts. Needs nothing but Node: it works before anything is installed.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The oldest Node that the build tools run on (package.json, engines). */
const OLDEST_NODE = [20, 19];

/** Ends the process with one sentence where Node is too old to go on. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  stop(
    `DuoMem needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. Get one at https://nodejs.org.`,
  );
}

/**
 * Ends the process with one sentence.
 * @param {string} sentence
 * @param {number} [code]
 * @returns {never}
 */
export function stop(sentence, code = 1) {
  console.error(sentence);
  process.exit(code);
}

/**
 * Runs a program and waits for its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: NodeJS.ProcessEnv, timeout?: number }} [options] quiet: keep what it prints to
 *   itself; timeout in milliseconds, after which it is ended
 * @returns {Promise<{ code: number, output: string }>} the exit code, 127 where the program doesn't start, 128 where a
 *   signal ended it; output only when quiet
 */
export function run(program, args, { quiet = false, env = {}, timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      ...(timeout === undefined ? {} : { timeout }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 128, output }));
  });
}

/**
 * Runs a program that an installed package brings, without a shell and without npx.
 * @param {string} script path below node_modules
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runInstalled(script, args, options) {
  return run(process.execPath, [join(root, 'node_modules', script), ...args], options);
}

/**
 * Runs npm, the one that runs this script where there is one.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNpm(args, options) {
  const script = process.env.npm_execpath;
  if (script !== undefined && /\.c?js$/.test(script))
    return run(process.execPath, [script, ...args], options);
  if (process.platform !== 'win32') return run('npm', args, options);
  const bundled = join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js');
  return run(process.execPath, [bundled, ...args], options);
}
