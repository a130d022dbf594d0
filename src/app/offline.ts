/**
 * The service worker as the page sees it: is everything here for working offline, is there a newer version. A newer
 * version waits until the person wants it: a run is never interrupted.
 */

import { registerSW } from 'virtual:pwa-register';
import { useSyncExternalStore } from 'react';

export interface OfflineState {
  /** Everything is kept on this device: the page opens and plays with no network. */
  readonly ready: boolean;
  /** A newer version lies ready. */
  readonly update: boolean;
  /** Why it can't work offline here; for a person. */
  readonly problem: string | undefined;
}

let state: OfflineState = { ready: false, update: false, problem: undefined };
const listeners = new Set<() => void>();
let reload: ((now?: boolean) => Promise<void>) | undefined;

function change(changed: Partial<OfflineState>): void {
  state = { ...state, ...changed };
  for (const listener of listeners) listener();
}

/** Called once, when the page starts. */
export function startOffline(): void {
  if (!('serviceWorker' in navigator)) {
    change({
      problem: 'This browser or this address (no https) does not let the page be kept for offline use.',
    });
    return;
  }
  reload = registerSW({
    onOfflineReady: () => change({ ready: true }),
    onNeedRefresh: () => change({ update: true }),
    onRegisteredSW: (_address, registration) => {
      // An active worker has everything in its cache: it is installed whole or not at all.
      if (registration?.active) change({ ready: true });
    },
    onRegisterError: (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      change({ problem: `The page could not be kept for offline use: ${why}` });
    },
  });
}

/** Goes over to the newer version. */
export function takeUpdate(): void {
  void reload?.(true);
}

export function useOffline(): OfflineState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
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
