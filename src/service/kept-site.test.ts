/** A cache that answers nothing, as on a disk that went away: the page is asked of its host then. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptSite } from './kept-site.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const silent = { open: async () => ({ match: never, put: never }), match: never } as unknown as CacheStorage;

test.each([
  ['never opens', { open: never, match: never } as unknown as CacheStorage],
  ['never finds', silent],
])('a cache that %s', async (_, caches) => {
  const files = [{ path: 'index.html', sha256: 'x' }];
  const fetched = vi.fn(async () => new Response('from the host'));
  const site = new KeptSite('https://example.org/', files, { caches, fetch: fetched as typeof fetch });
  const answer = site.answer(new Request('https://example.org/index.html'), () => {});
  const older = site.answer(new Request('https://example.org/assets/older.js'), () => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await (await answer)?.text()).toBe('from the host');
  // Not one of this version: the network gives it.
  expect(await older).toBeUndefined();
  expect(fetched).toHaveBeenCalledTimes(1);
});
