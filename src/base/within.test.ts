import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Silent, unlessSilent, within } from './within.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new Promise<never>(() => {});

test('an answer in time is handed on, an error too, and no timer is left', async () => {
  expect(await within(1000, 'It', Promise.resolve('answer'))).toBe('answer');
  await expect(within(1000, 'It', Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('who never answers is given up, and it is said who and for how long', async () => {
  const waiting = within(20_000, 'The GPU', never).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  const error = await waiting;
  expect(error).toBeInstanceOf(Silent);
  expect(String(error)).toContain("The GPU didn't answer for 20 seconds");
  expect(vi.getTimerCount()).toBe(0);
});

test('who is heard of now and then may take as long as it takes', async () => {
  let tell = (): void => {};
  const waiting = unlessSilent(1000, 'It', (heard) => {
    tell = heard;
    return never;
  });
  const error = waiting.catch((reason: unknown) => reason);
  for (let i = 0; i < 5; i++) {
    await vi.advanceTimersByTimeAsync(900);
    tell();
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(await error).toBeInstanceOf(Silent);
  tell();
  expect(vi.getTimerCount()).toBe(0);
});
