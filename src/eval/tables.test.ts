import { expect, test } from 'vitest';
import { traceOf } from '../testing/traces.ts';
import { paperFigure } from './paper.ts';
import { episodeResult } from './result.ts';
import { summarise } from './summary.ts';
import { cell, formatTables, type PlayedCell, planCells, type TableReport } from './tables.ts';

const ALL = { base: true, ownScripts: ['base', 'distilled'] } as const;

test('the runs behind the tables, each once', () => {
  const cells = planCells(ALL);
  const ids = cells.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  // 2 students by 6 configurations; 2 more inputs by 2 memories; k 1 to 9 by 2 memories.
  expect(ids.length).toBe(12 + 4 + 18);
  expect(ids[0]).toBe('distilled-none-full');
  expect(ids).toContain('distilled-memp-teacher-k10-full');
  expect(ids).toContain('distilled-none-last5');
  expect(ids).toContain('base-script-student-k10-full');
});

test('runs for which something is missing are left out', () => {
  expect(planCells({ ...ALL, base: false }).some(({ stage }) => stage === 'base')).toBe(false);
  const none = planCells({ ...ALL, ownScripts: [] }).map(({ id }) => id);
  expect(none.some((id) => id.includes('student'))).toBe(false);
  expect(none).toContain('base-trajectory-full');
  // Scripts that the one wrote aren't the other's own.
  const ids = planCells({ ...ALL, ownScripts: ['distilled'] }).map(({ id }) => id);
  expect(ids).toContain('distilled-memp-student-k10-full');
  expect(ids).not.toContain('base-memp-student-k10-full');
});

test("the paper's figures for the same cell", () => {
  const wanted = { lora: true, memory: 'memp', scripts: 'teacher', history: 'full', k: 10 } as const;
  expect(paperFigure(wanted)).toMatchObject({ successPercent: 77.9, steps: 20.6, seconds: 4.89 });
  expect(paperFigure({ ...wanted, lora: false, memory: 'none', scripts: undefined })?.successPercent).toBe(
    4.3,
  );
  expect(paperFigure({ ...wanted, memory: 'none', scripts: undefined, history: 5 })?.successPercent).toBe(
    31.4,
  );
  expect(paperFigure({ ...wanted, k: 3 })).toBeUndefined();
  // Figure 3 is about another model.
  expect(paperFigure({ ...wanted, lora: false, k: 4 })).toBeUndefined();
});

test('the tables as Markdown', () => {
  const won = [{ reply: 'Action: look', observation: 'You see.', won: true }];
  const lost = [{ reply: 'Action: look', observation: 'You see.' }];
  const summary = summarise([won, lost].map((said, i) => episodeResult(traceOf({ key: `k${i}` }, said))));
  const play = (one: ReturnType<typeof cell>): PlayedCell => ({
    ...one,
    summary,
    command: `duomem eval ${one.id}`,
  });
  const report: TableReport = {
    program: 'duomem test',
    split: 'valid_seen',
    games: 2,
    student: 'pocket (abc)',
    names: { base: 'base of 12 M tokens', distilled: 'as it ships' },
    ofBase: true,
    cells: [
      cell('distilled', 'memp', 'teacher'),
      cell('base', 'none', 'teacher'),
      cell('distilled', 'script', 'teacher', { k: 3 }),
      cell('distilled', 'none', 'teacher', { history: 5 }),
    ].map(play),
    overheads: {
      parameters: 1_716_160,
      weightBytes: 3_400_000,
      tokensPerScript: 41.4,
      tokensPerTrajectory: 250,
      addedContext: 700,
      bankBytes: 488_290,
      memories: 3552,
    },
  };
  const text = formatTables(report);
  const figures = '1/2 | 50.0 % | 9.5 % – 90.5 % | 1.00 | 0.00 | 0.0 %';
  expect(text).toContain(`| MemP, teacher's (CD) | as it ships | ${figures} | 77.9 % | 20.6 | 4.89 |`);
  expect(text).toContain(`| No Memory | base of 12 M tokens | ${figures} | 4.3 % | 29.3 | 18.49 |`);
  expect(text).toContain(`| 3 | Script | ${figures} |  |  |  |`);
  expect(text).toContain(`| 10 | MemP | ${figures} | 77.9 %`);
  expect(text).toContain(`| Last-5 | No Memory | ${figures} | 31.4 % |`);
  expect(text).toContain('| parameters of the student | 1,716,160 |');
  expect(text).toContain('| memory bank (3,552 memories) | 0.5 MB | 4.0 MB |');
  expect(text).toContain('## Memory configurations: base of 12 M tokens, and as it ships (');
  expect(text).not.toContain('distillation');
  expect(text).toContain(
    "| as it ships: MemP, teacher's (CD) | base of 12 M tokens: No Memory | 50.0 % | 50.0 % | 0.0 | 0.0 % | +73.6 | +1711.6 % |",
  );
  expect(text).toContain("| Gemma4-E2B-it, LoRA | MemP | teacher's, k = 10 | 55.7 % |");
  expect(text).toContain("21 of the 23 can't be one of 134");
  expect(text).toContain('may not be compared');
  expect(text).toContain('    duomem eval base-none-full');
});
