import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Silent } from '../base/within.ts';
import { askForAdapter, askForDevice, expectDevice, GPU_PATIENCE } from './adapter.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = (): Promise<never> => new Promise(() => {});

test('no WebGPU, no adapter and an error come to none', async () => {
  vi.stubGlobal('navigator', {});
  expect(await askForAdapter()).toBeNull();
  for (const answer of [Promise.resolve(null), Promise.reject(new Error('blocked'))]) {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => answer } });
    expect(await askForAdapter()).toBeNull();
  }
});

test('a driver that answers neither question is given up, and said to be silent', async () => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: never } });
  const asked = [
    askForAdapter(),
    askForDevice({ requestDevice: never }),
    expectDevice({ requestDevice: never }),
  ].map((one) => one.catch((error: unknown) => error));
  await vi.advanceTimersByTimeAsync(GPU_PATIENCE);
  for (const one of asked) {
    const error = await one;
    expect(error).toBeInstanceOf(Silent);
    expect(String(error)).toContain("The GPU didn't answer for 20 seconds");
  }
});
