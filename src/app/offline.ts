/**
 * The service worker as the page sees it: is everything here for working offline, is there a newer version. A newer
 * version waits until the person wants it: a run is never interrupted.
 */
import { useSyncExternalStore } from 'react';
import { fetchWhole } from '../base/patience.ts';
import { messageOf } from '../base/result.ts';
import { type FromWorker, pageLock, type ToWorker } from '../protocol/site.ts';
import { keepInTab, kept } from './kept.ts';
import { Store, useStore } from './store.ts';

interface OfflineState {
  /** Everything is kept on this device: the page opens and plays with no network. */
  readonly ready: boolean;
  /** A newer version lies ready, is being gone over to, or has been started in another tab. */
  readonly update: 'waiting' | 'coming' | 'elsewhere' | undefined;
  /** Why it can't work offline here; for a person. */
  readonly problem: string | undefined;
}

const state = new Store<OfflineState>({ ready: false, update: undefined, problem: undefined });
let registration: ServiceWorkerRegistration | undefined;

/**
 * Milliseconds that a newer version may take to take over before the page is loaded again all the same: browsers let
 * the older worker finish what it is answering to the page, and what the page doesn't wait for any more may never end.
 */
const TAKING_OVER_MS = 5_000;
/** So often a page that was loaded again asks anew for the newer version that its person wanted. */
const TRIES = 3;
/** Bytes: some times the front page as it is built. */
const LONGEST_PAGE = 1_000_000;
/** Kept for a tab: how often it was tried. */
const WANTED = 'newer-version';

/** A host that had a wrong file is asked again after this many milliseconds, doubled each time. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;
let retryMs = FIRST_RETRY_MS;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Milliseconds that copying the page waits at most for what a first visit begins with. */
const FIRST_COPY_WAITS = 20_000;

/** Called once, when the page starts. @param busy until when it has something better to do than to be copied */
export function startOffline(busy: Promise<void>): void {
  // Vite's own server has no service worker.
  if (import.meta.env.DEV) return;
  if (!('serviceWorker' in navigator)) {
    state.change({
      problem: "This browser or this address (no https) doesn't let the page be kept for offline use.",
    });
    return;
  }
  const { serviceWorker } = navigator;
  // A page without a worker is taken over by its own version's; whoever takes over later was started by somebody.
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    const first = !controlled;
    controlled = true;
    if (first || state.value.update === 'coming') return;
    if (wanted() !== undefined) tryAgain();
    else state.change({ update: 'elsewhere' });
  });
  serviceWorker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'not kept') state.change({ problem: notKept(data.why) });
  });
  serviceWorker.startMessages();
  window.addEventListener('online', () => {
    if (retry !== undefined) void register();
  });
  // A first visit's page isn't kept yet: all of it is fetched once more and hashed.
  const waits =
    serviceWorker.controller === null
      ? Promise.race([busy, new Promise((resolve) => setTimeout(resolve, FIRST_COPY_WAITS))])
      : Promise.resolve();
  void waits.then(register);
}

const notKept = (why: string): string => `The page couldn't be kept for offline use: ${why}`;

async function register(): Promise<void> {
  clearTimeout(retry);
  retry = undefined;
  try {
    if (registration?.active) {
      await registration.update();
      return;
    }
    const found = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}service-worker.js`);
    if (registration === found) return;
    registration = found;
    found.addEventListener('updatefound', () => watch(found.installing));
    watch(found.installing);
    if (found.waiting) goOn();
    else if (wanted() !== undefined) await expectNewer();
    // An active worker has everything in its cache: it is installed whole or not at all.
    if (found.active) state.change({ ready: true });
    holdVersion(found);
  } catch (error) {
    // An installed version goes on; the host's answer to a question for a newer one doesn't concern the person.
    if (!registration?.active) state.change({ problem: notKept(messageOf(error)) });
    tryLater();
  }
}

function watch(worker: ServiceWorker | null): void {
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && registration?.active)
      state.change({ update: 'waiting', problem: undefined });
    if (worker.state === 'activated') state.change({ ready: true, problem: undefined });
    // It wasn't replaced by a still newer one: its files couldn't be kept.
    if (worker.state === 'redundant' && !registration?.installing && !registration?.waiting) tryLater();
  });
}

function tryLater(): void {
  clearTimeout(retry);
  retry = setTimeout(() => void register(), retryMs);
  retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
}

/** Lets the worker keep this version's files for as long as the page is open, whatever another tab starts. */
function holdVersion({ active, scope }: ServiceWorkerRegistration): void {
  const entry = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '';
  const opened: ToWorker = { type: 'opened' };
  const hold = navigator.locks?.request(
    pageLock(scope, entry.slice(scope.length)),
    { mode: 'shared' },
    () => {
      active?.postMessage(opened);
      return new Promise<never>(() => {});
    },
  );
  // Where locks are refused the worker keeps everything.
  hold?.catch(() => undefined);
}

/** How often this tab has tried for the newer version that its person wants; undefined if they want none. */
function wanted(): number | undefined {
  const tried = kept(WANTED);
  return typeof tried === 'number' ? tried : undefined;
}

/** A newer version waits: for its person, or only for this page to have been loaded again. */
function goOn(): void {
  if ((wanted() ?? TRIES) < TRIES) takeUpdate();
  else state.change({ update: 'waiting' });
}

/** Loads the page again for the newer version, unless that was tried often enough: then the person is asked. */
function tryAgain(): void {
  const tried = wanted() ?? TRIES;
  if (tried >= TRIES) {
    keepInTab(WANTED, undefined);
    state.change({ update: 'elsewhere' });
    return;
  }
  keepInTab(WANTED, tried + 1);
  window.location.reload();
}

/** The older worker may have answered with its own page just before the newer one took over: asks whose page is served now. */
async function expectNewer(): Promise<void> {
  const address = `${import.meta.env.BASE_URL}index.html`;
  const { bytes } = await fetchWhole((signal) => fetch(address, { signal }), { maxBytes: LONGEST_PAGE });
  const served = new DOMParser().parseFromString(new TextDecoder().decode(bytes), 'text/html');
  const entry = served.querySelector('script[type=module][src]')?.getAttribute('src') ?? '';
  const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src;
  if (new URL(entry, document.baseURI).href === own) keepInTab(WANTED, undefined);
  else tryAgain();
}

/** Goes over to the newer version. */
export function takeUpdate(): void {
  const reload = (): void => window.location.reload();
  const waiting = registration?.waiting;
  // Another tab has been quicker.
  if (!waiting) {
    reload();
    return;
  }
  const message: ToWorker = { type: 'take over' };
  // A page that no worker controls sees no other sign.
  waiting.addEventListener('statechange', () => {
    if (waiting.state === 'activated' || waiting.state === 'redundant') reload();
  });
  const tried = wanted() ?? TRIES;
  keepInTab(WANTED, tried < TRIES ? tried + 1 : 1);
  state.change({ update: 'coming' });
  waiting.postMessage(message);
  setTimeout(reload, TAKING_OVER_MS);
}

export function useOffline(): OfflineState {
  return useStore(state);
}

/** Whether the browser believes that there is a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
}
