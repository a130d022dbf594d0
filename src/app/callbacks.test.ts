import { expect, test } from 'vitest';
import { callWithCallbacks, listener } from './callbacks.ts';

/** A worker whose last report is overtaken by its answer. */
function worker() {
  let late: (report: string) => void = () => {};
  const call = async (report: unknown): Promise<string> => {
    late = report as typeof late;
    late('half');
    return 'answer';
  };
  return { call, reportLate: () => late('whole') };
}

test('a report that arrives after the answer is not heard', async () => {
  const heard: string[] = [];
  const { call, reportLate } = worker();
  expect(await callWithCallbacks([(report: string) => heard.push(report)], call)).toBe('answer');
  reportLate();
  expect(heard).toEqual(['half']);
});

test('nor one after a call that failed', async () => {
  const heard: string[] = [];
  const { call, reportLate } = worker();
  const failing = async (report: unknown): Promise<never> => {
    await call(report);
    throw new Error('broken');
  };
  await expect(callWithCallbacks([(report: string) => heard.push(report)], failing)).rejects.toThrow(
    'broken',
  );
  reportLate();
  expect(heard).toEqual(['half']);
});

test('a listener goes on hearing', async () => {
  const heard: string[] = [];
  const { call, reportLate } = worker();
  await callWithCallbacks([listener((report: string) => heard.push(report))], call);
  reportLate();
  expect(heard).toEqual(['half', 'whole']);
});

test("what isn't a function is handed on as it is", async () => {
  const plan = { k: 10 };
  expect(await callWithCallbacks([plan, 7], async (...given) => given)).toEqual([plan, 7]);
});
