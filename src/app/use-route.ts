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

/**
 * Goes to a view. `replace` leaves no entry behind: for changes that nobody wants to step back through.
 *
 * The views hear of it at once and not when the browser gets round to saying so: until then a control whose value is
 * in the address would jump back to the old one, and a second choice would be made from the address before the first.
 */
export function go(view: ViewName, params: Record<string, string> = {}, replace = false): void {
  const address = formatRoute(view, params);
  if (replace) window.history.replaceState(null, '', address);
  else window.location.hash = address;
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
