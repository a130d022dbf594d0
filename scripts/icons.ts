/** Makes the PNG icons of the installed page from public/icon.svg: `npm run -s icons`. They are committed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownBrowser } from './lib/built-page.ts';

const folder = fileURLToPath(new URL('../public', import.meta.url));
const drawing = readFileSync(join(folder, 'icon.svg')).toString('base64');
const browser = await ownBrowser();
for (const size of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0}img{display:block;width:100vw}</style><img src="data:image/svg+xml;base64,${drawing}">`,
  );
  await page.screenshot({ path: join(folder, `icon-${size}.png`) });
  await page.close();
}
await browser.close();
