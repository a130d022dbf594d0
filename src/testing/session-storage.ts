/** A tab's storage for tests in Node, which has none. */
import { vi } from 'vitest';

/** Puts an empty one in its place, and returns what it keeps. */
export function stubSessionStorage(): Map<string, string> {
  const session = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => session.set(key, value),
    removeItem: (key: string) => session.delete(key),
  });
  return session;
}
