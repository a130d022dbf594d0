/** The address bar as React state. */
import { useMemo, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route, type ViewName } from './route.ts';

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/** Goes to a view. `replace` leaves no entry behind: for changes that nobody wants to step back through. */
export function go(view: ViewName, params: Record<string, string> = {}, replace = false): void {
  const address = formatRoute(view, params);
  if (replace) {
    window.history.replaceState(null, '', address);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    window.location.hash = address;
  }
}
