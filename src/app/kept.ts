/**
 * What this tab keeps over a reload (session storage): what was under way, and what was half typed. It is a tab's own,
 * so that two tabs don't go on with the same thing, and gone with it. Where the browser keeps nothing, or has no room
 * for it, a reload loses what it always lost.
 */

import { useState } from 'react';
import { readJson } from '../base/read-json.ts';

const PREFIX = 'duomem-kept-';

/** Undefined drops what was kept under the key. */
export function keepInTab(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Refused, or full: then what was kept before would be wrong.
    drop(key);
  }
}

function drop(key: string): void {
  try {
    sessionStorage.removeItem(PREFIX + key);
  } catch {
    // Refused.
  }
}

/** Undefined where nothing was kept. What comes back was written by this page, perhaps by an older version of it. */
export function kept(key: string): unknown {
  try {
    const text = sessionStorage.getItem(PREFIX + key) ?? 'null';
    const json = readJson(text, { code: 'KEPT', what: key, longest: 10_000_000 });
    return json.ok ? (json.value ?? undefined) : undefined;
  } catch {
    // Refused.
    return undefined;
  }
}

/** The keys that begin like this. */
export function keptKeys(start: string): string[] {
  try {
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX + start))
      .map((key) => key.slice(PREFIX.length))
      .sort();
  } catch {
    return [];
  }
}

/**
 * State of a form that survives its view and a reload.
 * @param key tells forms apart; another key is another state
 * @param valid whether what was kept, perhaps by an older version of the page, can still be used
 */
export function useKept<T>(
  key: string,
  initial: T,
  valid: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const read = (): T => {
    const found = kept(key);
    return found !== undefined && valid(found) ? found : initial;
  };
  const [state, setState] = useState(() => ({ key, value: read() }));
  const current = state.key === key ? state.value : read();
  return [
    current,
    (value) => {
      keepInTab(key, Object.is(value, initial) ? undefined : value);
      setState({ key, value });
    },
  ];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
