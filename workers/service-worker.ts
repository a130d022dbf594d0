/** The service worker, which keeps the page for offline use. The build writes the list of files in (scripts/lib/site.ts). */
import type { SiteFile, ToWorker } from '../src/protocol/site.ts';
import { KeptSite } from '../src/service/kept-site.ts';
import { SiteVersions } from '../src/service/site-versions.ts';

declare const __SITE_FILES__: readonly SiteFile[];
declare const self: ServiceWorkerGlobalScope;

const surroundings = { caches: self.caches, fetch: (...args: Parameters<typeof fetch>) => fetch(...args) };
const site = new KeptSite(self.registration.scope, __SITE_FILES__, surroundings);
const versions = new SiteVersions(self, site, navigator.locks);

self.addEventListener('install', (event) => event.waitUntil(versions.install()));
self.addEventListener('activate', (event) => event.waitUntil(versions.activate()));
self.addEventListener('message', (event) => event.waitUntil(versions.hear(event.data as ToWorker)));
self.addEventListener('fetch', (event) => {
  if (!site.mayAnswer(event.request)) return;
  const answer = site.answer(event.request, (work) => event.waitUntil(work));
  event.respondWith(answer.then((found) => found ?? fetch(event.request)));
});
