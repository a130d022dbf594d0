/** The machine's own Chromium, and the built page served for it; for the scripts that look at the page or measure it. */
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { preview } from 'vite';
import { BROWSER_ARGS } from './browser-args.ts';
import { findChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Throws where no Chromium is found. */
export async function ownBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium was found.');
  return chromium.launch({ executablePath, args: [...BROWSER_ARGS] });
}

/** @param work gets a browser and the page's address; both end with it */
export async function withBuiltPage(
  work: (browser: Browser, address: string) => Promise<void>,
): Promise<void> {
  const server = await preview({ root, logLevel: 'error', preview: { port: 0 } });
  const browser = await ownBrowser();
  try {
    await work(browser, server.resolvedUrls?.local[0] ?? '');
  } finally {
    await browser.close();
    await server.close();
  }
}
