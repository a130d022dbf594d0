/** Builds the page when what is built is older than what it is built from. */
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runInstalled } from './command.mjs';

const SOURCES = [
  'src',
  'workers',
  'public',
  'models',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];
const PASSED_OVER = /^(node_modules|dist|out|__pycache__|\..*)$/;
const PAGE = join(root, 'dist/index.html');
/** Written after a finished build, with the time at which it began. */
const STAMP = join(root, 'node_modules/.cache/duomem/built');

/** @returns whether dist holds a finished build of the sources as they are now */
export function isBuilt() {
  if (!existsSync(PAGE) || !existsSync(STAMP)) return false;
  const built = statSync(STAMP).mtimeMs;
  return SOURCES.every((source) => newest(join(root, source)) < built);
}

/**
 * Builds the page, whatever there is.
 * @returns {Promise<boolean>} whether it worked; vite says on standard error why not
 */
export async function build() {
  const began = new Date();
  const { code } = await runInstalled('vite/bin/vite.js', ['build', '--logLevel', 'warn']);
  if (code !== 0) return false;
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, '');
  utimesSync(STAMP, began, began);
  return true;
}

/**
 * When the newest file or folder below a path was changed, in milliseconds. Folders count: a file that was removed
 * or renamed shows only there.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  let time = status.mtimeMs;
  for (const name of readdirSync(path)) {
    if (!PASSED_OVER.test(name)) time = Math.max(time, newest(join(path, name)));
  }
  return time;
}
