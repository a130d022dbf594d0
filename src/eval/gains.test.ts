import { expect, test } from 'vitest';
import { gainRows, type Rated } from './gains.ts';
import { PAPER_FIGURES } from './paper.ts';

const rated = (memory: Rated['memory'], stage: Rated['stage'], successRate: number): Rated => ({
  memory,
  stage,
  successRate,
  student: stage,
  paper: undefined,
});

test('gains are in points and in percent of what was there, and what has no other side has none', () => {
  const none = rated('No Memory', 'base', 0.1);
  expect(gainRows([none, rated('No Memory', 'distilled', 0.35)], true)).toEqual([
    ['distilled: No Memory', 'base: No Memory', '35.0 %', '10.0 %', '+25.0', '+250.0 %', '', ''],
  ]);
  expect(gainRows([none, rated('Trajectory', 'distilled', 0.35)], true)).toEqual([]);
  // A student that wasn't made of that base gained nothing over it.
  expect(gainRows([none, rated('No Memory', 'distilled', 0.35)], false)).toEqual([]);
});

test('of nothing a gain is no multiple; a loss has its sign, and none has none', () => {
  const last = (from: number, to: number): readonly string[] =>
    gainRows([rated('Trajectory', 'base', from), rated('Trajectory', 'distilled', to)], true)[0]?.slice(
      4,
      6,
    ) ?? [];
  expect(last(0, 0.5)).toEqual(['+50.0', '']);
  expect(last(0.4, 0.3)).toEqual(['-10.0', '-25.0 %']);
  expect(last(0.5, 0.49999)).toEqual(['0.0', '0.0 %']);
});

test("the paper's gains are those that its own text gives", () => {
  const of = (lora: boolean, memory: 'none' | 'memp', scripts?: 'student' | 'teacher') =>
    PAPER_FIGURES.find((one) => one.lora === lora && one.memory === memory && one.scripts === scripts);
  const rows = gainRows(
    [
      { ...rated('No Memory', 'base', 0), paper: of(false, 'none') },
      { ...rated("MemP, student's", 'base', 0), paper: of(false, 'memp', 'student') },
      { ...rated("MemP, teacher's (CD)", 'base', 0), paper: of(false, 'memp', 'teacher') },
      { ...rated("MemP, student's", 'distilled', 0), paper: of(true, 'memp', 'student') },
      { ...rated("MemP, teacher's (CD)", 'distilled', 0), paper: of(true, 'memp', 'teacher') },
    ],
    true,
  );
  const points = new Map(rows.map(([to, from, , , , , said]) => [`${from} > ${to}`, said]));
  // Section 5.1: CD adds 1.4 points, LoRA 17.1, and both 5.8 beyond MemP with LoRA.
  expect(points.get("base: MemP, student's > base: MemP, teacher's (CD)")).toBe('+1.4');
  expect(points.get("base: MemP, student's > distilled: MemP, student's")).toBe('+17.1');
  expect(points.get("distilled: MemP, student's > distilled: MemP, teacher's (CD)")).toBe('+5.8');
});
