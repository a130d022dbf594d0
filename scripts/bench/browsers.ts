/** The browsers of this machine, and whether they have a GPU that isn't software. */

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';
import type { PowerPreference } from '../../src/bench/bench-file.ts';
import { QUIET, SOFTWARE } from '../lib/browser-args.ts';
import { findChromium } from '../lib/chromium.mjs';

/** Names of programs on the path, and places where installers put them. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  chrome: [
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
  edge: [
    'microsoft-edge',
    'microsoft-edge-stable',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  chromium: ['chromium', 'chromium-browser', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
};

interface FoundBrowser {
  readonly name: string;
  readonly path: string;
}

/** @param wanted names of {@link KNOWN}, or paths; empty for the first that is found */
export function findBrowsers(wanted: readonly string[]): { found: FoundBrowser[]; missing: string[] } {
  const found: FoundBrowser[] = [];
  const missing: string[] = [];
  for (const name of wanted.length === 0 ? Object.keys(KNOWN) : wanted) {
    const path = name in KNOWN ? pathOf(name) : existsSync(name) ? name : undefined;
    if (path !== undefined) found.push({ name: name in KNOWN ? name : `browser-${found.length + 1}`, path });
    else missing.push(name);
  }
  if (wanted.length > 0) return { found, missing };
  const any = process.env.DUOMEM_CHROMIUM === undefined ? found[0]?.path : undefined;
  const path = any ?? findChromium();
  const name = found.find((one) => one.path === path)?.name ?? 'chromium';
  return { found: path === undefined ? [] : [{ name, path }], missing: [] };
}

function pathOf(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = (KNOWN[name] ?? []).flatMap((one) =>
    /[\\/]/.test(one) ? [one] : folders.map((folder) => join(folder, one)),
  );
  return places.find((place) => existsSync(place));
}

/** How a browser is started for its own GPU. */
const REAL: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  ...(process.platform === 'linux' ? ['--enable-features=Vulkan', '--use-angle=vulkan'] : []),
];

export interface Launch {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly headless: boolean;
  /** Whether only a software adapter was found. */
  readonly software: boolean;
}

/** A project of Playwright's: a browser, asked for a GPU of one kind. */
export type BenchProject = Launch & { readonly name: string; readonly power: PowerPreference };

/** Every browser with every power preference. */
export function benchProjects(
  browsers: readonly { readonly name: string; readonly launch: Launch }[],
  power: readonly PowerPreference[],
): BenchProject[] {
  return browsers.flatMap(({ name, launch }) =>
    power.map((preference) => ({
      ...launch,
      name: power.length > 1 ? `${name}-${preference}` : name,
      power: preference,
    })),
  );
}

/** Starts the browser once to see what WebGPU it has; with the software adapter where it has no other. */
export async function chooseLaunch({ path }: FoundBrowser, headed: boolean): Promise<Launch> {
  const mode = headed ? [] : ['--headless=new'];
  const real = { executablePath: path, args: [...mode, ...QUIET, ...REAL], headless: !headed };
  const software = !(await hasGraphics(real));
  const args = software ? [...mode, ...QUIET, ...SOFTWARE] : real.args;
  return { ...real, args, software };
}

async function hasGraphics(launch: Omit<Launch, 'software'>): Promise<boolean> {
  // WebGPU is only there for pages of a secure address, and localhost is one.
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<p>'));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  let browser: Awaited<ReturnType<typeof chromium.launch>> | undefined;
  try {
    browser = await chromium.launch({ ...launch, args: [...launch.args], timeout: 60_000 });
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    return await page.evaluate(async () => {
      const adapter = await (navigator as { gpu?: GPU }).gpu?.requestAdapter().catch(() => null);
      return adapter !== null && adapter !== undefined && adapter.info.isFallbackAdapter !== true;
    });
  } catch {
    return false;
  } finally {
    await browser?.close();
    server.close();
  }
}
