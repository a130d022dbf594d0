/**
 * `npm run -s measure:kernels`, after a build: the pocket student's kernels and ONNX Runtime Web in the machine's own
 * browser, by turns, so that whatever else the machine does meets both alike. The Benchmark view measures one after
 * the other, as on a quiet machine one can.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { withBuiltPage } from '../lib/built-page.ts';
import type { TurnsAt } from './page.ts';

const PLAN = { contexts: [512, 1024, 2048], decode: 64, repetitions: Number(process.argv[2] ?? 15) };

const built = await build({
  configFile: false,
  logLevel: 'error',
  build: {
    write: false,
    lib: { entry: fileURLToPath(new URL('page.ts', import.meta.url)), formats: ['iife'], name: 'speed' },
  },
});
const [first] = Array.isArray(built) ? built : [built];
const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
if (chunk?.type !== 'chunk') throw new Error("it wasn't built");

await withBuiltPage(async (browser, address) => {
  const page = await browser.newPage();
  await page.goto(new URL('manifest.webmanifest', address).href);
  const measured = await page.evaluate<TurnsAt[]>(
    `(() => { ${chunk.code}; return speed.byTurns(${JSON.stringify(PLAN)}); })()`,
  );
  console.log(
    `Chromium ${browser.version()}, medians of ${PLAN.repetitions}: kernels, ONNX Runtime Web, tokens/s`,
  );
  for (const { context, prefill, decode } of measured) {
    const row = ([own, other]: readonly [number, number]): string =>
      `${own.toFixed(0)}, ${other.toFixed(0)}, × ${(own / other).toFixed(2)}`;
    console.log(`${context}: decode ${row(decode)}; prefill ${row(prefill)}`);
  }
});
