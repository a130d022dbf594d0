/** Counts what the checks found: reports of vitest and playwright, and one for each check that has no report. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './command.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** Where `npm test` leaves its figures for those who call it. */
export const SUMMARY = join(root, 'test-results/summary.json');

/**
 * A check that either passes or doesn't.
 * @param {boolean} passed
 * @returns {Tally}
 */
export function tallyOne(passed) {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/**
 * What a runner's report says. The runner's exit code has the last word: a run that failed without a failed test
 * (a file that doesn't load, a crash, no report at all) counts as one failure.
 * @param {unknown} report
 * @param {boolean} succeeded whether the runner ended with exit code 0
 * @param {(report: any) => Tally} read
 * @returns {Tally}
 */
export function tallyReport(report, succeeded, read) {
  let tally = { passed: 0, failed: 0, skipped: 0 };
  if (report !== undefined) tally = read(report);
  const unexplained = (!succeeded && tally.failed === 0) || report === undefined;
  return unexplained ? { ...tally, failed: tally.failed + 1 } : tally;
}

/**
 * What vitest's json reporter writes. A file that doesn't load holds no test, and counts as one that failed.
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Tally}
 */
export function readVitest({ testResults }) {
  return sum(
    testResults.map(({ status, assertionResults }) => {
      const count = (/** @type {(status: string) => boolean} */ matches) =>
        assertionResults.filter((result) => matches(result.status)).length;
      const passed = count((word) => word === 'passed');
      const failed = count((word) => word === 'failed');
      const skipped = assertionResults.length - passed - failed;
      return { passed, failed: failed === 0 && status === 'failed' ? 1 : failed, skipped };
    }),
  );
}

/**
 * @param {{ stats: { expected: number, flaky: number, unexpected: number, skipped: number } }} report what
 *   playwright's json reporter writes; flaky: failed first, passed when tried again
 * @returns {Tally}
 */
export function readPlaywright({ stats }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

/**
 * @param {string} file
 * @returns {unknown} undefined where there is no file or no JSON in it
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Tally} tally */
export function writeSummary(tally) {
  mkdirSync(dirname(SUMMARY), { recursive: true });
  writeFileSync(SUMMARY, `${JSON.stringify(tally)}\n`);
}

/**
 * The line that closes a run on the continuous integration machine.
 * @returns {string}
 */
export function closingLine() {
  const tally = existsSync(SUMMARY) ? readJson(SUMMARY) : undefined;
  const { passed, failed } = /** @type {Tally} */ (tally ?? tallyOne(false));
  return `${passed} passed, ${failed} failed`;
}
