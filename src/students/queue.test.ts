import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deferred } from '../base/deferred.ts';
import { Queue } from './queue.ts';

test('work is done one at a time, in the order in which it was asked for, also when some of it fails', async () => {
  const queue = new Queue();
  const log: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('no luck');
    return name;
  };
  const asked = ['a', 'b', 'c'].map((name) => queue.run(work(name)).catch(String));
  expect(await Promise.all(asked)).toEqual([{ value: 'a' }, 'Error: no luck', { value: 'c' }]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(await queue.run(work('d'))).toEqual({ value: 'd' });
});

test('who has had its work done stands behind all who wait', async () => {
  const queue = new Queue();
  const log: string[] = [];
  const often = async (name: string): Promise<void> => {
    for (let i = 0; i < 4; i++) await queue.run(async () => void log.push(name));
  };
  await Promise.all([often('a'), often('b'), often('c')]);
  expect(log.join('')).toBe('abcabcabcabc');
});

test('who no longer wants anything leaves the queue, and the others move up', async () => {
  const queue = new Queue();
  const { promise: opened, resolve: open } = deferred();
  const first = queue.run(() => opened);
  const stopping = new AbortController();
  const second = queue.run(async () => 'second', stopping.signal);
  const third = queue.run(async () => 'third');
  stopping.abort();
  expect(await second).toBeUndefined();
  open();
  expect(await first).toEqual({ value: undefined });
  expect(await third).toEqual({ value: 'third' });
  expect(await queue.run(async () => 'late', stopping.signal)).toBeUndefined();
});

test('closing sends away who waits and who comes, and waits for the work under way', async () => {
  const queue = new Queue();
  const { promise: opened, resolve: open } = deferred();
  const first = queue.run(() => opened);
  const second = queue.run(async () => 'second');
  let closed = 0;
  const closing = [queue.close(), queue.close()].map((one) => one.then(() => closed++));
  expect(await second).toBeUndefined();
  expect(await queue.run(async () => 'late')).toBeUndefined();
  expect(closed).toBe(0);
  open();
  await Promise.all([first, ...closing]);
  expect(closed).toBe(2);
});

test('whatever is asked, stopped and closed in whatever order: never two at once, and all of it comes to an end', async () => {
  const act = fc.constantFrom('run', 'fail', 'stop', 'close');
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(act, { maxLength: 12 }), async (scheduler, acts) => {
      const queue = new Queue();
      let under = 0;
      let most = 0;
      const asked: Promise<unknown>[] = [];
      const stopping: AbortController[] = [];
      const work = (fails: boolean) => async (): Promise<void> => {
        most = Math.max(most, ++under);
        await scheduler.schedule(Promise.resolve());
        under--;
        if (fails) throw new Error('no luck');
      };
      const driven = async (): Promise<void> => {
        for (const what of acts) {
          await scheduler.schedule(Promise.resolve());
          if (what === 'stop') stopping.shift()?.abort();
          else if (what === 'close') asked.push(queue.close());
          else {
            const controller = new AbortController();
            stopping.push(controller);
            asked.push(queue.run(work(what === 'fail'), controller.signal).catch(() => {}));
          }
        }
        await Promise.all(asked);
      };
      await scheduler.waitFor(driven());
      expect(most).toBeLessThanOrEqual(1);
      expect(under).toBe(0);
      expect((await queue.run(async () => 'free')) === undefined).toBe(acts.includes('close'));
    }),
  );
});
