/**
 * Installs the packages when they are missing or aren't the ones that package-lock.json names, and only then:
 * the second time nothing is fetched.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNpm, stop } from './command.mjs';

const LOCK = join(root, 'package-lock.json');
/** What npm itself notes about a finished installation. */
const INSTALLED = join(root, 'node_modules/.package-lock.json');
/** Which lock file node_modules was last found to match, on which platform. */
const MARKER = join(root, 'node_modules/.duomem-installed');

/** Makes node_modules what the lock file says; ends the process with one sentence where that can't be. */
export async function ensureInstalled() {
  const wanted = fingerprint();
  if (existsSync(MARKER) && existsSync(INSTALLED) && readFileSync(MARKER, 'utf8') === wanted) return;
  if (!isInstalled()) {
    console.log('Installing the packages (npm ci) ...');
    const { code } = await runNpm(['ci', '--no-audit', '--no-fund', '--prefer-offline']);
    if (code !== 0)
      stop(
        'Installing the packages failed: npm ci says why above. The first time needs the package registry.',
      );
  }
  writeFileSync(MARKER, wanted);
}

function fingerprint() {
  const lock = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  return `${lock} ${process.platform} ${process.arch}\n`;
}

/** Whether node_modules, however it came to be, holds exactly the packages of the lock file. */
function isInstalled() {
  // A marker that says another platform: the native packages are the wrong ones.
  const platform = ` ${process.platform} ${process.arch}\n`;
  if (existsSync(MARKER) && !readFileSync(MARKER, 'utf8').endsWith(platform)) return false;
  const wanted = packagesOf(LOCK);
  const present = packagesOf(INSTALLED);
  if (wanted === undefined || present === undefined) return false;
  return matches(wanted, present, (path) => existsSync(join(root, path, 'package.json')));
}

/** @typedef {Record<string, { integrity?: string, optional?: boolean }>} Packages by their path, as in a lock file */

/**
 * Whether the packages present are those wanted. Optional ones may be missing: most are for other platforms.
 * @param {Packages} wanted
 * @param {Packages} present
 * @param {(path: string) => boolean} exists whether a package's folder is really there
 */
export function matches(wanted, present, exists) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    if (found === undefined) {
      if (entry.optional !== true) return false;
    } else if (found.integrity !== entry.integrity || !exists(path)) {
      return false;
    }
  }
  return Object.keys(present).every((path) => path in wanted);
}

/**
 * @param {string} file a lock file of npm
 * @returns {Packages | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
