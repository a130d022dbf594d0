/** Puts a run into the repository: its file, its picture, and its table into docs/benchmarks.md between two marks. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../src/base/result.ts';
import { type BenchResult, formatBench } from '../../src/bench/bench-file.ts';
import { fileName, joinResults } from '../../src/bench/join.ts';
import { formatSummary } from '../../src/bench/markdown.ts';
import { formatSvg, picturePanels } from '../../src/bench/picture.ts';

export const [BEGIN, END] = ['<!-- benchmark: written by npm run bench -- --docs -->', '<!-- /benchmark -->'];

const PICTURE = 'docs/benchmarks.svg';

/**
 * @param results of one run, a device each
 * @param root of the repository
 * @returns the paths that were written
 * Codes: BENCH_INVALID (a run that doesn't count), BENCH_SHORT, BENCH_MARKS.
 */
export function keepInRepository(results: readonly BenchResult[], root: string): Result<string[]> {
  const trouble = results.flatMap(({ invalid }) => invalid)[0];
  if (trouble !== undefined) {
    return refuse('BENCH_INVALID', `docs and bench/results stay as they were: ${trouble.message}`);
  }
  if (results.some(({ profile }) => profile === 'short')) {
    return refuse(
      'BENCH_SHORT',
      'docs/benchmarks.md shows full runs; the short profile only shows that it works.',
    );
  }
  const page = join(root, 'docs/benchmarks.md');
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) return refuse('BENCH_MARKS', 'docs/benchmarks.md has no place for the table.');
  const joined = joinResults(results);
  const written = [page];
  const write = (path: string, content: string): void => {
    const place = join(root, path);
    mkdirSync(join(place, '..'), { recursive: true });
    writeFileSync(place, content);
    written.push(place);
  };
  for (const result of results) write(`bench/results/${fileName(result)}`, formatBench(result));
  write(PICTURE, formatSvg(picturePanels(joined)));
  const picture = `\n![Medians with their quartiles, and a tick at the physical limit](benchmarks.svg)\n`;
  const table = `${text.slice(0, from + BEGIN.length)}\n${picture}${formatSummary(joined)}\n${text.slice(to)}`;
  writeFileSync(page, table);
  return ok(written);
}
