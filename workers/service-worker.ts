/**
 * The service worker: keeps the page for offline use (src/service/kept-site.ts). A newer version waits until the
 * person wants it. The build writes the list of files in (scripts/lib/site.ts).
 */
import { messageOf } from '../src/base/result.ts';
import { type FromWorker, pageLock, type SiteFile, type ToWorker } from '../src/protocol/site.ts';
import { KeptSite } from '../src/service/kept-site.ts';

declare const __SITE_FILES__: readonly SiteFile[];
declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
const site = new KeptSite(scope, __SITE_FILES__, { caches: self.caches, fetch: (...args) => fetch(...args) });

const pages = async (): Promise<WindowClient[]> => {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => url.startsWith(scope));
};

/** First scripts of the open pages; undefined while one of them hasn't said, or is too old to say, which is its own. */
async function openEntries(): Promise<Set<string> | undefined> {
  const { held = [] } = await navigator.locks.query();
  const prefix = pageLock(scope, '');
  const entries = held.flatMap(({ name = '' }) =>
    name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  );
  return entries.length < (await pages()).length ? undefined : new Set(entries);
}

/** Installing and cleaning up never at once, in whichever version's worker: one would remove what the other found. */
const KEEPING = `duomem-site ${scope}`;

async function cleanUp(entries: ReadonlySet<string> | undefined): Promise<void> {
  await navigator.locks.request(KEEPING, { ifAvailable: true }, async (lock) => {
    const { installing, waiting } = self.registration;
    // The files of a version that waits belong to no page yet.
    if (lock !== null && installing === null && waiting === null) await site.cleanUp(entries);
  });
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    navigator.locks
      .request(KEEPING, () => site.install())
      .then(
        async () => {
          // Nobody can ask a page for this that doesn't start.
          if (await site.earlierIsBroken()) await self.skipWaiting();
        },
        async (error: unknown) => {
          const why = messageOf(error);
          const message: FromWorker = { type: 'not kept', why };
          for (const page of await pages()) page.postMessage(message);
          throw error;
        },
      ),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const broken = await site.earlierIsBroken();
      await cleanUp(broken ? new Set() : await openEntries());
      if (!broken) return;
      // Their requests wait for this worker to be active, so they aren't waited for here. A tab that won't be moved is
      // mended when it's reloaded.
      for (const page of await pages()) void page.navigate(page.url).catch(() => undefined);
    })(),
  );
});

self.addEventListener('message', (event) => {
  const { type } = event.data as ToWorker;
  if (type === 'take over') event.waitUntil(self.skipWaiting());
  if (type === 'opened') event.waitUntil(openEntries().then(cleanUp));
});

self.addEventListener('fetch', (event) => {
  if (!site.mayAnswer(event.request)) return;
  event.respondWith(
    site
      .answer(event.request, (work) => event.waitUntil(work))
      .then((answer) => answer ?? fetch(event.request)),
  );
});
