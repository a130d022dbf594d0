/**
 * Small choices of the person's that last from visit to visit (localStorage). A browser that keeps nothing for this
 * page refuses even to name it; then a choice lasts as long as the tab (KeepingNote.tsx says so).
 */

const here = new Map<string, string>();

export function readSetting(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return here.get(key);
  }
}

export function keepSetting(key: string, value: string): void {
  here.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // Kept for this visit, above.
  }
}
