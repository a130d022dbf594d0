/** What is on the screen stays where it is while a view opens: who presses something else meanwhile would miss it. */
import { expect, settled, test, viewAddresses } from './site.ts';

/** The layout shift that web.dev calls good (Cumulative Layout Shift): shares of the screen times how far they moved. */
const BAR = 0.1;

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

for (const size of [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
])
  test(`no view pushes away what can be pressed while it opens, at ${size.width}×${size.height}`, async ({
    page,
  }) => {
    await page.setViewportSize(size);
    // The race moves by itself otherwise.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.addInitScript(() => {
      const moved: { value: number; what: string }[] = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
          if (!hadRecentInput)
            moved.push({
              value,
              what: sources.map(({ node }) => (node as Element | null)?.className).join(),
            });
      }).observe({ type: 'layout-shift', buffered: true });
      Object.assign(window, { moved });
    });
    await page.goto('./#/about');
    for (const view of await viewAddresses(page)) {
      // A page that opens with this view, as from a link.
      await page.goto('about:blank');
      await page.goto(view);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await settled(page, 1500);
      const moved = await page.evaluate(
        () => (window as unknown as { moved: { value: number; what: string }[] }).moved,
      );
      const together = moved.reduce((sum, { value }) => sum + value, 0);
      expect(together, `${view}: ${JSON.stringify(moved)}`).toBeLessThan(BAR);
    }
  });
