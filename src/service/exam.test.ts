import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { mean } from '../base/statistics.ts';
import type { ExamReport } from '../protocol/practice.ts';
import type { StoredAdapter } from '../storage/adapters-db.ts';
import { readShippedBase, smallAdapter } from '../testing/pocket-base.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { takeExam } from './exam.ts';
import { showChore } from './show-chore.ts';

const CHORE = 'teddybear_1_nothing_Sofa';

test('an exam counts every game, a lost one with all its steps, and stops when it is told to', async () => {
  const base = readShippedBase();
  const lessons = unwrap(await showChore(CHORE, 2, () => true));
  const last = lessons.map(({ steps }) => steps.at(-1)?.action ?? '');
  expect(last).toHaveLength(2);
  for (const action of last) expect(action).toMatch(/sofa \d+$/);
  const files = await smallAdapter(base, 'sofa');
  const adapter: StoredAdapter = {
    ...{ id: 'a', name: 'sofa', made: '', base: base.digest, ...files },
    ...{ on: true, strength: 1, chore: CHORE, lessons },
  };
  const stop = new AbortController();
  const exam = { base, adapter, embedder: sampleEmbedder(), homes: 1, ordinary: 1, signal: stop.signal };
  const seen: number[] = [];
  const report = unwrap(
    await takeExam({ ...exam, choreSteps: 2 }, ({ played, total }) => {
      expect(total).toBe(6);
      seen.push(played);
    }),
  );
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  // Nobody takes something and puts it elsewhere in two actions.
  for (const cell of ['before', 'remembered', 'practised', 'both'] as const)
    expect(report[cell]).toEqual({ solved: 0, played: 1, steps: [2] });
  const { ordinaryBefore } = report satisfies ExamReport;
  expect(ordinaryBefore.played).toBe(1);
  expect(mean(ordinaryBefore.steps)).toBeGreaterThan(2);

  const { chore: _, ...imported } = adapter;
  expect(await takeExam({ ...exam, adapter: imported }, () => {})).toMatchObject({
    ok: false,
    error: { code: 'EXAM_NO_CHORE' },
  });
  stop.abort();
  expect(await takeExam(exam, () => {})).toMatchObject({ ok: false, error: { code: 'EXAM_STOPPED' } });
});
