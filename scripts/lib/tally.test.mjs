import { expect, test } from 'vitest';
import { readPlaywright, readVitest, sum, tallyOne, tallyReport } from './tally.mjs';

/** @param {string} status @param {readonly string[]} tests */
const file = (status, tests) => ({ status, assertionResults: tests.map((test) => ({ status: test })) });
const vitest = {
  testResults: [
    file('passed', ['passed', 'passed', 'pending']),
    file('failed', ['failed', 'passed', 'todo']),
  ],
};

test('a report is taken as it stands', () => {
  expect(tallyReport(vitest, false, readVitest)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  const stats = { expected: 3, flaky: 1, unexpected: 0, skipped: 2 };
  expect(tallyReport({ stats }, true, readPlaywright)).toEqual({ passed: 4, failed: 0, skipped: 2 });
});

test("a file that doesn't load is a failure", () => {
  const report = { testResults: [...vitest.testResults, file('failed', [])] };
  expect(tallyReport(report, false, readVitest)).toEqual({ passed: 3, failed: 2, skipped: 2 });
});

test('a run that failed without a failed test is a failure', () => {
  const report = { testResults: [file('passed', ['passed'])] };
  expect(tallyReport(report, false, readVitest)).toEqual({ passed: 1, failed: 1, skipped: 0 });
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
