/** What moves on a page without being meant to: layout shifts, as the browser tells them. */
import type { Page } from '@playwright/test';
import { expect } from './site.ts';

/**
 * Counts from the page's next navigation on. What it returns expects that at most so much has moved: shares of the screen
 * times how far they went (Cumulative Layout Shift).
 */
export async function countShifts(page: Page): Promise<(most: number, where?: string) => Promise<void>> {
  await page.addInitScript(() => {
    const shifts: { value: number; what: string[] }[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          readonly value: number;
          readonly hadRecentInput: boolean;
          readonly sources: readonly { readonly node?: Element }[];
        };
        const what = sources.map(
          ({ node }) => `${node?.nodeName} ${node?.className} in ${node?.parentElement?.className}`,
        );
        if (!hadRecentInput) shifts.push({ value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return async (most, where = '') => {
    const shifts = await page.evaluate(
      () => (globalThis as unknown as { shifts: { value: number; what: string[] }[] }).shifts,
    );
    const moved = shifts.reduce((sum, { value }) => sum + value, 0);
    expect(moved, `${where} ${JSON.stringify(shifts)}`).toBeLessThanOrEqual(most);
  };
}
