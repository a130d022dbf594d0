/** Puts a run into the repository: its file, its picture, and its table into the README between two marks. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../src/base/result.ts';
import { type BenchResult, formatBench } from '../../src/bench/bench-file.ts';
import { fileName, joinResults } from '../../src/bench/join.ts';
import { formatSummary } from '../../src/bench/markdown.ts';
import { formatSvg, picturePanels } from '../../src/bench/picture.ts';

export const [BEGIN, END] = [
  '<!-- benchmark: written by npm run bench -- --readme -->',
  '<!-- /benchmark -->',
];

const PICTURE = 'docs/benchmarks.svg';

/**
 * @param results of one run, a device each
 * @param root of the repository
 * @returns the paths that were written
 * Codes: BENCH_INVALID (a run that doesn't count), BENCH_SHORT, README_MARKS.
 */
export function keepInRepository(results: readonly BenchResult[], root: string): Result<string[]> {
  const trouble = results.flatMap(({ invalid }) => invalid)[0];
  if (trouble !== undefined) {
    return refuse('BENCH_INVALID', `The README and bench/results stay as they were: ${trouble.message}`);
  }
  if (results.some(({ profile }) => profile === 'short')) {
    return refuse('BENCH_SHORT', 'The README shows full runs; the short profile only shows that it works.');
  }
  const readme = join(root, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) return refuse('README_MARKS', 'The README has no place for the benchmark.');
  const joined = joinResults(results);
  const written = [readme];
  const write = (path: string, content: string): void => {
    const place = join(root, path);
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, content);
    written.push(place);
  };
  for (const result of results) write(`bench/results/${fileName(result)}`, formatBench(result));
  write(PICTURE, formatSvg(picturePanels(joined)));
  const picture = `\n![Medians with their quartiles, and a tick at the physical limit](${PICTURE})\n`;
  const table = `${text.slice(0, from + BEGIN.length)}\n${picture}${formatSummary(joined)}\n${text.slice(to)}`;
  writeFileSync(readme, table);
  return ok(written);
}
