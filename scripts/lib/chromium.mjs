/**
 * Finds a Chromium for the browser tests, or installs one. In this order: the one that DUOMEM_CHROMIUM names,
 * playwright's own, the system's Chromium, Chrome or Edge.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { root, run, runInstalled } from './command.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** @returns {string | undefined} the path of a Chromium that starts */
export function findChromium() {
  const named = process.env.DUOMEM_CHROMIUM;
  if (named) return starts(named) ? named : undefined;
  return candidates().find(starts);
}

function candidates() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [playwrightsOwn(), ...onPath, ...PLACES].filter((path) => path !== undefined);
}

function playwrightsOwn() {
  /** @type {{ chromium: { executablePath(): string } }} */
  const playwright = createRequire(join(root, 'package.json'))('playwright');
  return playwright.chromium.executablePath();
}

/**
 * A browser whose libraries are missing lies there but doesn't run; asking for its version tells.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true; // there it would open a window
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/**
 * Finds a Chromium, or installs one: playwright's, and where that can't be had and this is root on Debian, the
 * distribution's.
 * @returns {Promise<{ path: string } | { missing: string }>} missing: one sentence on what to do
 */
export async function ensureChromium() {
  const present = findChromium();
  if (present !== undefined) return { path: present };
  if (process.env.DUOMEM_CHROMIUM) {
    return { missing: `DUOMEM_CHROMIUM names ${process.env.DUOMEM_CHROMIUM}, and no browser starts there.` };
  }
  console.log('Installing a Chromium for the browser tests (playwright install chromium) ...');
  await runInstalled('playwright/cli.js', ['install', '--no-shell', 'chromium'], {
    quiet: true,
    timeout: 600_000,
  });
  if (findChromium() === undefined && isRootOnDebian()) {
    console.log(
      'That gave none that starts; taking the one of the distribution (apt-get install chromium) ...',
    );
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { quiet: true, env, timeout: 600_000 });
    const { output } = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      quiet: true,
      env,
      timeout: 900_000,
    });
    if (findChromium() === undefined) console.error(output.trim().split('\n').slice(-5).join('\n'));
  }
  const installed = findChromium();
  if (installed !== undefined) return { path: installed };
  return {
    missing:
      'No Chromium was found and none could be installed: install Chromium or Chrome, or name one in DUOMEM_CHROMIUM.',
  };
}

function isRootOnDebian() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}
