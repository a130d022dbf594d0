import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ExamCell, ExamReport } from '../../protocol/practice.ts';
import { ExamTable } from './ExamTable.tsx';

function cell(solved: number, played: number, steps: number): ExamCell {
  return { solved, played, steps: Array.from({ length: played }, () => steps) };
}

const report: ExamReport = {
  ...{ before: cell(0, 10, 50), practised: cell(9, 10, 19.5) },
  ...{ remembered: cell(7, 10, 24), both: cell(10, 10, 14) },
  ...{ ordinaryBefore: cell(19, 20, 8), ordinaryAfter: cell(18, 20, 9) },
};

function textOf(of: ExamReport): string {
  return renderToStaticMarkup(<ExamTable report={of} />)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('an exam that is over is summed up, and each cell has its interval and its steps', () => {
  const text = textOf(report);
  expect(text).toContain('without a memory in its prompt in 9 of 10 , before in 0 of 10.');
  expect(text).toContain('Of ordinary tasks it solves 18 of 20, before 19 of 20.');
  // Wilson's interval of 9 of 10: 59.6 to 98.2 %.
  expect(text).toContain('9 of 10 60 to 98 % 19.5 steps');
});

test('while it lasts nothing is summed up, and what was not played yet is left open', () => {
  const text = textOf({ ...report, both: cell(0, 0, 0), ordinaryAfter: cell(0, 0, 0) });
  expect(text).not.toContain('before in');
  expect(text).toContain('7 of 10 40 to 89 % 24.0 steps …');
});
