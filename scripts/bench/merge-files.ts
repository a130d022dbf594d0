/** Result files of folders, joined into one table and one picture. */
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { compareCodePoints } from '../../src/base/order.ts';
import type { Refusal } from '../../src/base/result.ts';
import { type BenchResult, formatBench, MAX_FILE, parseBench } from '../../src/bench/bench-file.ts';
import { canonicalText, fileName, joinResults } from '../../src/bench/join.ts';
import { formatMarkdown } from '../../src/bench/markdown.ts';
import { formatSvg, picturePanels } from '../../src/bench/picture.ts';

/** More files than this aren't looked at. */
const MOST_FILES = 5000;

interface ReadResults {
  readonly results: readonly BenchResult[];
  readonly refused: readonly Refusal[];
}

/** Reads every .json file that lies directly in these folders; each that isn't a result is refused for itself. */
export function readResults(folders: readonly string[]): ReadResults {
  const results: BenchResult[] = [];
  const refused: Refusal[] = [];
  const seen = new Map<string, string>();
  for (const place of folders.flatMap(jsonFiles).slice(0, MOST_FILES)) {
    // Bytes are at least as many as characters.
    if (statSync(place).size > 4 * MAX_FILE) {
      refused.push({ code: 'BENCH_TOO_LARGE', message: 'The result is too large to be one.', place });
      continue;
    }
    const parsed = parseBench(readFileSync(place, 'utf8'));
    if (!parsed.ok) {
      refused.push({ ...parsed.error, place });
      continue;
    }
    const text = canonicalText(parsed.value);
    const same = seen.get(text);
    if (same !== undefined) {
      refused.push({ code: 'BENCH_TWICE', message: `The same result as ${same}: it counts once.`, place });
      continue;
    }
    seen.set(text, place);
    results.push(parsed.value);
  }
  return { results, refused };
}

/** Of an earlier run. Whatever else lies in a folder that somebody named stays. */
export function removeResults(folder: string): void {
  for (const place of jsonFiles(folder)) {
    if (statSync(place).size <= 4 * MAX_FILE && parseBench(readFileSync(place, 'utf8')).ok) rmSync(place);
  }
}

function jsonFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  // What isn't a plain file, such as a link to somewhere else, isn't followed.
  const isResult = (entry: Dirent): boolean => entry.isFile() && entry.name.endsWith('.json');
  return readdirSync(folder, { withFileTypes: true })
    .filter(isResult)
    .map(({ name }) => name)
    .sort(compareCodePoints)
    .map((name) => join(folder, name));
}

/** Writes each result as a file of its own, under the name that bench/results would give it. */
export function writeResults(results: readonly BenchResult[], out: string): string[] {
  const places = new Map<string, BenchResult>();
  for (const result of results) {
    const name = fileName(result);
    const free = [...Array(results.length).keys()].map((i) =>
      i === 0 ? name : name.replace('.json', `-${i + 1}.json`),
    );
    places.set(join(out, free.find((one) => !places.has(join(out, one))) ?? name), result);
  }
  for (const [place, result] of places) writeFileSync(place, formatBench(result));
  return [...places.keys()];
}

interface Written {
  readonly markdown: string;
  readonly picture: string;
  readonly devices: number;
}

/** Writes benchmarks.md and benchmarks.svg. */
export function writeMerged(results: readonly BenchResult[], out: string): Written {
  const joined = joinResults(results);
  const [markdown, picture] = [join(out, 'benchmarks.md'), join(out, 'benchmarks.svg')];
  mkdirSync(out, { recursive: true });
  writeFileSync(markdown, formatMarkdown(joined));
  writeFileSync(picture, formatSvg(picturePanels(joined)));
  return { markdown, picture, devices: new Set(joined.map((one) => one.deviceKey)).size };
}
