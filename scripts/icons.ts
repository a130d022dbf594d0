/** Makes the PNG icons of the installed page from public/icon.svg: `npm run -s icons`. They are committed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { BROWSER_ARGS } from './lib/browser-args.ts';
import { findChromium } from './lib/chromium.mjs';

const folder = fileURLToPath(new URL('../public', import.meta.url));
const drawing = readFileSync(join(folder, 'icon.svg')).toString('base64');
const executablePath = findChromium();
if (executablePath === undefined) throw new Error('No Chromium was found.');
const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGS] });
for (const size of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0}img{display:block;width:100vw}</style><img src="data:image/svg+xml;base64,${drawing}">`,
  );
  await page.screenshot({ path: join(folder, `icon-${size}.png`) });
  await page.close();
}
await browser.close();
