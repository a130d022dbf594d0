import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deferred } from '../../base/deferred.ts';
import { fakeRuntime } from '../../testing/fake-runtime.ts';
import { COMPUTING_PATIENCE, failingWhenLost } from './loss.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function losable() {
  const runtime = fakeRuntime(() => 5);
  const { promise: lost, resolve: lose } = deferred<string>();
  const silences: string[] = [];
  const watched = failingWhenLost(runtime, lost, (reason) => {
    silences.push(reason);
    lose(reason);
  });
  return { runtime, watched, lose, silences };
}

test('whoever waits for a device that is lost hears of it, and so does whoever asks later', async () => {
  const { runtime, watched, lose } = losable();
  runtime.computing = () => new Promise(() => {});
  const waiting = watched.extend(watched.empty(), [1], 1).catch(String);
  lose('unplugged');
  expect(await waiting).toContain('the device was lost (unplugged)');
  await expect(watched.rewind(watched.empty(), 0)).rejects.toThrow('unplugged');
});

test('a device that goes silent counts as lost', async () => {
  const { runtime, watched, silences } = losable();
  await watched.extend(watched.empty(), [1], 1);
  runtime.computing = () => new Promise(() => {});
  const waiting = watched.extend(watched.empty(), [1], 1).catch(String);
  await vi.advanceTimersByTimeAsync(COMPUTING_PATIENCE);
  expect(await waiting).toContain("it didn't answer for 180 seconds");
  expect(silences).toEqual(["it didn't answer for 180 seconds"]);
  await expect(watched.extend(watched.empty(), [1], 1)).rejects.toThrow('the device was lost');
  expect(vi.getTimerCount()).toBe(0);
});
