import { expect, test } from 'vitest';
import { readPlaywright, readVitest, sum, tallyOne, tallyReport } from './tally.mjs';

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };

test('a report is taken as it stands', () => {
  expect(tallyReport(vitest, false, readVitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  const stats = { expected: 3, flaky: 1, unexpected: 0, skipped: 2 };
  expect(tallyReport({ stats }, true, readPlaywright)).toEqual({ passed: 4, failed: 0, skipped: 2 });
});

test('a run that failed without a failed test is a failure', () => {
  const report = { ...vitest, numFailedTests: 0 };
  expect(tallyReport(report, false, readVitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
});

test.each([true, false])('no report is a failure whatever the exit code says', (succeeded) => {
  expect(tallyReport(undefined, succeeded, readVitest)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('checks without a report count once', () => {
  expect(sum([tallyOne(true), tallyOne(false), tallyOne(true)])).toEqual({
    passed: 2,
    failed: 1,
    skipped: 0,
  });
});
