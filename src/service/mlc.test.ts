/** Keeping web-llm's code where the browser's cache answers nothing. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepRuntime } from './mlc.ts';

vi.mock('@mlc-ai/web-llm', () => ({}));

beforeEach(() => {
  vi.useFakeTimers();
  const name = 'https://example.org/assets/web-llm-abc.js';
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ name } as PerformanceEntry]);
  vi.stubGlobal('fetch', async () => new Response('code'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const never = () => new Promise<never>(() => {});
const empty = { match: async () => undefined, put: async () => {}, keys: async () => [] };

test.each([
  ['never opens', { open: never }],
  ['never finds', { open: async () => ({ ...empty, match: never }) }],
  ['never takes anything', { open: async () => ({ ...empty, put: never }) }],
  ['never lists what it has', { open: async () => ({ ...empty, keys: never }) }],
  ['never deletes', { open: async () => ({ ...empty, keys: async () => [{ url: 'x' }], delete: never }) }],
])('a cache that %s', async (_, caches) => {
  vi.stubGlobal('caches', caches);
  const answer = keepRuntime();
  for (let i = 0; i < 10; i++) await vi.advanceTimersByTimeAsync(10_000);
  expect(await answer).toMatchObject({
    ok: false,
    error: { code: 'RUNTIME_MISSING', message: expect.stringContaining("didn't answer for 60 seconds") },
  });
});
