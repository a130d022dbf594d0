import { expect, test } from 'vitest';
import { Latest } from './latest.ts';
import { Once } from './once.ts';
import { ok, type Result, refuse } from './result.ts';

test('what was opened is kept, a refusal is not, and what is forgotten is opened anew', async () => {
  const answers: Result<number>[] = [refuse('NONE', 'not yet'), ok(1), ok(2)];
  let opened = 0;
  const once = new Once(async () => answers[opened++] ?? ok(0));
  const [first, same] = await Promise.all([once.get(), once.get()]);
  expect(first).toBe(same);
  expect(first.ok).toBe(false);
  expect(await once.get()).toEqual(ok(1));
  expect(await once.get()).toEqual(ok(1));
  once.forget();
  expect(await once.get()).toEqual(ok(2));
  expect(opened).toBe(3);
});

test('a refusal that comes after it was forgotten leaves what was opened since', async () => {
  let refuseLate: (result: Result<number>) => void = () => {};
  const answers = [new Promise<Result<number>>((resolve) => (refuseLate = resolve)), Promise.resolve(ok(1))];
  let opened = 0;
  const once = new Once(() => answers[opened++] ?? Promise.resolve(ok(0)));
  const late = once.get();
  once.forget();
  expect(await once.get()).toEqual(ok(1));
  refuseLate(refuse('NONE', 'too late'));
  await late;
  expect(await once.get()).toEqual(ok(1));
  expect(opened).toBe(2);
});

test('beginning anew ends the one before, and stopping the latest', () => {
  const latest = new Latest();
  latest.stop();
  const [one, two] = [latest.begin(), latest.begin()];
  expect([one.aborted, two.aborted]).toEqual([true, false]);
  latest.stop();
  expect(two.aborted).toBe(true);
});
