/** Prints what a page showed when its test failed: a log is all that is left of a machine that isn't kept. */
import { readFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Lines of a view with some rows of each table. */
const MOST_LINES = 200;

export default class ShownOnFailure implements Reporter {
  onTestEnd({ title }: TestCase, { status, attachments }: TestResult): void {
    if (status === 'passed' || status === 'skipped') return;
    for (const { name, path } of attachments) {
      // Playwright's own: the failure, and the page as assistive technology reads it.
      if (name !== 'error-context' || path === undefined) continue;
      const lines = readFileSync(path, 'utf8').split('\n');
      const from = lines.findIndex((line) => /^\s*- main\b/.test(line));
      const shown = from < 0 ? [] : lines.slice(from, from + MOST_LINES);
      console.log([`When "${title}" failed, the page showed:`, ...shown].join('\n'));
    }
  }
}
