/** Puts a run's table into the README, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Joined } from '../../src/bench/gpu/join.ts';
import { formatSummary } from '../../src/bench/gpu/markdown.ts';

const [BEGIN, END] = ['<!-- benchmark: written by npm run bench -- --readme -->', '<!-- /benchmark -->'];

export function writeIntoReadme(joined: readonly Joined[], path: string): void {
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the benchmark.`);
  const head = text.slice(0, from + BEGIN.length);
  writeFileSync(path, `${head}\n${formatSummary(joined)}\n${text.slice(to)}`);
}
