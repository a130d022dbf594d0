/**
 * What each part of the page weighs, as a Markdown table: `npm run -s measure:weights`, after a build. Compressed as a
 * host would (gzip, level 9). Exit code 1 above one of the bars: 400 kB before the first picture, 30 MB for everything
 * that is kept offline.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressedBytes, FIRST_PICTURE_BAR, firstPicture, OFFLINE_BAR } from './lib/first-picture.ts';
import { isOnDemand } from './lib/site.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
if (!existsSync(dist)) throw new Error('There is no build yet: npm run build.');

const first = firstPicture(dist);
/** When a visit asks for it: before the first picture, when it is kept for offline use, or once somebody wants it. */
type When = 'first picture' | 'offline' | 'on request';
/** The first whose files fit counts. */
const PARTS: readonly (readonly [name: string, when: When, files: RegExp])[] = [
  ['agent: engine, homes, teacher, loop', 'first picture', /^assets\/agent-/],
  ['fonts', 'first picture', /^assets\/.*\.woff2$/],
  ['page and its style', 'first picture', /./],
  ['worker for data', 'offline', /^assets\/data-/],
  ['web-llm, with a 4B student', 'on request', /^assets\//],
  ['other views; code of models and embeddings', 'offline', /^assets\/.*\.(js|css)$/],
  ['ONNX Runtime', 'offline', /^runtime\//],
  ['pocket student as ONNX', 'on request', /^models\/pocket\//],
  ["SmolLM2's adapter", 'on request', /^models\/smollm2\//],
  ['pocket student', 'offline', /^models\/pocket\//],
  ['embedding model', 'offline', /^models\/embedder\//],
  ['memory banks', 'offline', /^models\/memory\//],
  ['icons, manifest, service worker, lists', 'offline', /^(?!.*\.woff$)/],
];

const sums = PARTS.map(() => ({ files: 0, bytes: 0, compressed: 0 }));
for (const name of (readdirSync(dist, { recursive: true }) as string[]).map((one) =>
  one.replaceAll('\\', '/'),
)) {
  const path = join(dist, name);
  if (!statSync(path).isFile()) continue;
  const asked: When = first.has(name) ? 'first picture' : isOnDemand(name) ? 'on request' : 'offline';
  const part = PARTS.findIndex(([, when, files]) => when === asked && files.test(name));
  const sum = sums[part];
  if (sum === undefined && asked === 'on request') throw new Error(`${name} stands in no row.`);
  if (sum === undefined) continue;
  sum.files++;
  sum.bytes += statSync(path).size;
  sum.compressed += compressedBytes(path);
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
const lines = PARTS.map(([name, when], i) => {
  const { files, bytes, compressed } = sums[i] ?? { files: 0, bytes: 0, compressed: 0 };
  return `| ${name} | ${when} | ${files} | ${kB(bytes)} | ${kB(compressed)} |`;
});
const total = (...wanted: readonly When[]): number =>
  sums.reduce((sum, { compressed }, i) => sum + (wanted.includes(PARTS[i]?.[1] as When) ? compressed : 0), 0);
const [picture, offline] = [total('first picture'), total('first picture', 'offline')];
console.log(
  [
    '| part | when | files | bytes | compressed |',
    '|---|---|---|---|---|',
    ...lines,
    `| **before the first picture** | | | | **${kB(picture)}** |`,
    `| **kept for offline use** | | | | **${kB(offline)}** |`,
  ].join('\n'),
);
if (picture > FIRST_PICTURE_BAR || offline > OFFLINE_BAR) {
  console.error('That is more than the page allows itself.');
  process.exitCode = 1;
}
