import { expect, test, vi } from 'vitest';
import { pageLock } from '../protocol/site.ts';
import { SiteVersions } from './site-versions.ts';

const SCOPE = 'https://example.org/duomem/';

/** A service worker of one scope with its pages, by their addresses; the locks are those that pages hold. */
function versionsOf({ pages = [SCOPE], held = [] as readonly string[], broken = false, waiting = false }) {
  const clients = pages.map((url) => ({ url, postMessage: vi.fn(), navigate: vi.fn(async () => null) }));
  const site = {
    install: vi.fn(async () => {}),
    earlierIsBroken: async () => broken,
    cleanUp: vi.fn(async (_: ReadonlySet<string> | undefined) => {}),
    holds: (path: string) => path === 'a.js',
  };
  const skipWaiting = vi.fn(async () => {});
  const claim = vi.fn(async () => {});
  const worker = {
    clients: { matchAll: async () => clients, claim },
    registration: { scope: SCOPE, installing: null, waiting: waiting ? {} : null },
    skipWaiting,
  };
  const locks = {
    query: async () => ({ held: held.map((entry) => ({ name: pageLock(SCOPE, entry) })) }),
    request: async (_: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({}),
  };
  const parts = [worker, site, locks] as unknown as ConstructorParameters<typeof SiteVersions>;
  return { versions: new SiteVersions(...parts), clients, site, skipWaiting, claim };
}

test('a new version waits, unless the one before it never starts', async () => {
  const whole = versionsOf({});
  await whole.versions.install();
  expect(whole.site.install).toHaveBeenCalledTimes(1);
  expect(whole.skipWaiting).not.toHaveBeenCalled();

  const broken = versionsOf({ pages: [SCOPE, 'https://example.org/other/'], broken: true });
  await broken.versions.install();
  expect(broken.skipWaiting).toHaveBeenCalledTimes(1);
  await broken.versions.activate();
  expect(broken.site.cleanUp).toHaveBeenCalledWith(new Set());
  expect(broken.clients.map(({ navigate }) => navigate.mock.calls.length)).toEqual([1, 0]);
});

test("the pages are told why a version couldn't be kept", async () => {
  const { versions, site, clients } = versionsOf({});
  site.install.mockRejectedValueOnce(new Error('the disk is full'));
  await expect(versions.install()).rejects.toThrow('the disk is full');
  expect(clients[0]?.postMessage).toHaveBeenCalledWith({ type: 'not kept', why: 'the disk is full' });
});

test('a page that was there before its worker is taken over, where no page of another version is open', async () => {
  const first = versionsOf({ held: ['a.js'] });
  await first.versions.activate();
  expect(first.claim).toHaveBeenCalledTimes(1);
  await first.versions.hear({ type: 'opened' });
  expect(first.claim).toHaveBeenCalledTimes(2);

  const both = versionsOf({ pages: [SCOPE, `${SCOPE}#play`], held: ['a.js', 'b.js'] });
  const silent = versionsOf({ pages: [SCOPE, `${SCOPE}#play`], held: ['a.js'] });
  for (const { versions, claim } of [both, silent]) {
    await versions.activate();
    expect(claim).not.toHaveBeenCalled();
  }
});

test('files stay while a page of their version is open, or one that has not said which is its own', async () => {
  const both = versionsOf({ pages: [SCOPE, `${SCOPE}#play`], held: ['a.js', 'b.js'] });
  await both.versions.hear({ type: 'opened' });
  expect(both.site.cleanUp).toHaveBeenCalledWith(new Set(['a.js', 'b.js']));

  const silent = versionsOf({ pages: [SCOPE, `${SCOPE}#play`], held: ['a.js'] });
  await silent.versions.hear({ type: 'opened' });
  expect(silent.site.cleanUp).toHaveBeenCalledWith(undefined);

  // A page that the older worker has answered and that isn't listed yet: taking over removes nothing.
  const coming = versionsOf({ pages: [] });
  await coming.versions.activate();
  expect(coming.site.cleanUp).not.toHaveBeenCalled();

  const waiting = versionsOf({ held: ['a.js'], waiting: true });
  await waiting.versions.hear({ type: 'opened' });
  expect(waiting.site.cleanUp).not.toHaveBeenCalled();
});

test('the newer version takes over when its person wants it', async () => {
  const { versions, skipWaiting } = versionsOf({});
  await versions.hear({ type: 'take over' });
  expect(skipWaiting).toHaveBeenCalledTimes(1);
});
