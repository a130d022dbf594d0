/** Tables that are asked with words from outside: from games, traces, files and servers. */

/**
 * The same entries, with nothing else to be found among them: a plain object answers `constructor` and `toString`
 * too, and what is written under `__proto__` isn't there afterwards.
 */
export function table<T>(entries: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}

/** The words of a text, between white space: a long list of short words stands as one text. */
export function wordsIn(text: string): string[] {
  return text.trim().split(/\s+/);
}
