/**
 * Installs the packages when they are missing or are not the ones that package-lock.json names, and only then:
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
  // A marker that didn't match and says another platform: the native packages are the wrong ones.
  if (existsSync(MARKER) && !readFileSync(MARKER, 'utf8').endsWith(` ${process.platform} ${process.arch}\n`))
    return false;
  const wanted = packagesOf(LOCK);
  const present = packagesOf(INSTALLED);
  if (wanted === undefined || present === undefined) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    if (found === undefined ? entry.optional !== true : found.integrity !== entry.integrity) return false;
    if (found !== undefined && !existsSync(join(root, path, 'package.json'))) return false;
  }
  return Object.keys(present).every((path) => path in wanted);
}

/**
 * @param {string} file a lock file of npm
 * @returns {Record<string, { integrity?: string, optional?: boolean }> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
