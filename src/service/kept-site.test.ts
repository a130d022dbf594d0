/** A cache that answers nothing, as on a disk that went away: the page is asked of its host then. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sha256Text } from '../base/sha256.ts';
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

test("what a host sends beside a file isn't sent for ever: only what it lets the page do", async () => {
  vi.useRealTimers();
  const kept = new Map<string, Response>();
  const cache = {
    match: async (key: string) => kept.get(key)?.clone(),
    put: async (key: string, response: Response) => void kept.set(key, response),
  };
  const caches = { open: async () => cache, match: async () => undefined } as unknown as CacheStorage;
  const sent = {
    'Content-Disposition': 'attachment',
    Refresh: '1; url=https://example.com/',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Content-Type': 'text/plain',
  };
  const files = [{ path: 'index.html', sha256: sha256Text('the page') }];
  const fetched = (async () => new Response('the page', { headers: sent })) as typeof fetch;
  const site = new KeptSite('https://example.org/', files, { caches, fetch: fetched });
  await site.install();
  const answer = await site.answer(new Request('https://example.org/index.html'), () => {});
  expect(await answer?.text()).toBe('the page');
  expect(Object.fromEntries(answer?.headers ?? [])).toEqual({
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
  });
});

test("an address that isn't UTF-8 is the host's", () => {
  const site = new KeptSite('https://example.org/', [], { caches: silent, fetch });
  expect(site.mayAnswer(new Request('https://example.org/%E0%A4%A'))).toBe(false);
});
