/**
 * What the service worker does when a version of the page is installed, takes over or is asked for a file. A newer
 * version waits until the person wants it; files are kept as long as a page of their version is open.
 */
import { messageOf } from '../base/result.ts';
import { type FromWorker, pageLock, type ToWorker } from '../protocol/site.ts';
import type { KeptSite } from './kept-site.ts';

/** Of the service worker's global scope. */
type SiteScope = Pick<ServiceWorkerGlobalScope, 'clients' | 'registration' | 'skipWaiting'>;

export class SiteVersions {
  readonly #worker: SiteScope;
  readonly #site: Pick<KeptSite, 'install' | 'earlierIsBroken' | 'cleanUp' | 'holds'>;
  readonly #locks: Pick<LockManager, 'query' | 'request'>;
  readonly #scope: string;
  /** Installing and cleaning up never at once, in whichever version's worker: one would remove what the other found. */
  readonly #keeping: string;

  constructor(
    worker: SiteScope,
    site: Pick<KeptSite, 'install' | 'earlierIsBroken' | 'cleanUp' | 'holds'>,
    locks: Pick<LockManager, 'query' | 'request'>,
  ) {
    this.#worker = worker;
    this.#site = site;
    this.#locks = locks;
    this.#scope = worker.registration.scope;
    this.#keeping = `duomem-site ${this.#scope}`;
  }

  /** Keeps the files of this version; where that fails the open pages are told why, and this rejects. */
  async install(): Promise<void> {
    try {
      await this.#locks.request(this.#keeping, () => this.#site.install());
    } catch (error) {
      const message: FromWorker = { type: 'not kept', why: messageOf(error) };
      for (const page of await this.#pages()) page.postMessage(message);
      throw error;
    }
    // Nobody can ask a page for this that doesn't start.
    if (await this.#site.earlierIsBroken()) await this.#worker.skipWaiting();
  }

  async activate(): Promise<void> {
    const broken = await this.#site.earlierIsBroken();
    // Nothing is removed yet: a page that the older worker has just answered is on its way, and no browser lists it.
    if (!broken) return this.#claimOwn(await this.#openEntries());
    await this.#cleanUp(new Set());
    // Their requests wait for this worker to be active, so they aren't waited for here. A tab that won't be moved is
    // mended when it's reloaded.
    for (const page of await this.#pages()) void page.navigate(page.url).catch(() => undefined);
  }

  async hear({ type }: ToWorker): Promise<void> {
    if (type === 'take over') return this.#worker.skipWaiting();
    const entries = await this.#openEntries();
    await this.#claimOwn(entries);
    await this.#cleanUp(entries);
  }

  /**
   * A page that was loaded before its worker was there, or past it, gets its files from the host until a worker takes
   * it over. Pages of another version don't get this one's.
   */
  async #claimOwn(entries: ReadonlySet<string> | undefined): Promise<void> {
    if (entries !== undefined && [...entries].every((entry) => this.#site.holds(entry)))
      await this.#worker.clients.claim();
  }

  async #pages(): Promise<WindowClient[]> {
    const all = await this.#worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    return all.filter(({ url }) => url.startsWith(this.#scope));
  }

  /** First scripts of the open pages; undefined while one of them hasn't said, or is too old to say, which is its own. */
  async #openEntries(): Promise<Set<string> | undefined> {
    const { held = [] } = await this.#locks.query();
    const prefix = pageLock(this.#scope, '');
    const entries = held.flatMap(({ name = '' }) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    );
    return entries.length < (await this.#pages()).length ? undefined : new Set(entries);
  }

  async #cleanUp(entries: ReadonlySet<string> | undefined): Promise<void> {
    await this.#locks.request(this.#keeping, { ifAvailable: true }, async (lock) => {
      const { installing, waiting } = this.#worker.registration;
      // The files of a version that waits belong to no page yet.
      if (lock !== null && installing === null && waiting === null) await this.#site.cleanUp(entries);
    });
  }
}
