/**
 * What each part of the page weighs, as a Markdown table: `npx tsx scripts/weights.ts`, after a build. Compressed as a
 * host would (gzip, level 9). The bars: 400 kB before the first picture, 30 MB for everything that is kept offline.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
if (!existsSync(dist)) throw new Error('There is no build yet: npm run build.');

/** Part, whether the first picture needs it, and its files. The first that fits counts. */
const PARTS: readonly (readonly [name: string, first: boolean, files: RegExp])[] = [
  ['page and its style', true, /^(index\.html|assets\/index-.*\.(js|css))$/],
  ['agent: engine, homes, teacher, loop', true, /^assets\/agent-.*\.js$/],
  ['fonts', true, /^assets\/.*\.woff2$/],
  ['worker for data', false, /^assets\/data-.*\.js$/],
  ['web-llm, fetched with a 4B student only', false, /^assets\/web-llm-.*\.js$/],
  ['code of models and embeddings', false, /^assets\/.*\.js$/],
  ['ONNX Runtime', false, /^runtime\//],
  ['pocket student', false, /^models\/pocket\//],
  ['embedding model', false, /^models\/embedder\//],
  ['memory banks', false, /^models\/memory\//],
  ['icons, manifest, service worker, lists', false, /^(?!.*\.woff$)/],
];

const sums = PARTS.map(() => ({ files: 0, bytes: 0, compressed: 0 }));
for (const name of (readdirSync(dist, { recursive: true }) as string[]).map((one) =>
  one.replaceAll('\\', '/'),
)) {
  const path = join(dist, name);
  if (!statSync(path).isFile()) continue;
  const sum = sums[PARTS.findIndex(([, , files]) => files.test(name))];
  if (sum === undefined) continue;
  const content = readFileSync(path);
  sum.files++;
  sum.bytes += content.length;
  sum.compressed += Math.min(content.length, gzipSync(content, { level: 9 }).length);
}

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
const lines = PARTS.map(([name, first], i) => {
  const { files, bytes, compressed } = sums[i] ?? { files: 0, bytes: 0, compressed: 0 };
  return `| ${name} | ${first ? 'yes' : ''} | ${files} | ${kB(bytes)} | ${kB(compressed)} |`;
});
const total = (only: boolean): number =>
  sums.reduce((sum, { compressed }, i) => sum + (only && !PARTS[i]?.[1] ? 0 : compressed), 0);
console.log(
  [
    '| part | first picture | files | bytes | compressed |',
    '|---|---|---|---|---|',
    ...lines,
    `| **first picture** | | | | **${kB(total(true))}** |`,
    `| **everything offline** | | | | **${kB(total(false))}** |`,
  ].join('\n'),
);
