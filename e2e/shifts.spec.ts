/** What is on the screen stays where it is while a view opens: who presses something else meanwhile would miss it. */
import { countShifts } from './shifts.ts';
import { expect, settled, test, viewAddresses } from './site.ts';

/** What web.dev calls good. */
const GOOD = 0.1;

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
    const expectShifts = await countShifts(page);
    await page.goto('./#/about');
    for (const view of await viewAddresses(page)) {
      // A page that opens with this view, as from a link.
      await page.goto('about:blank');
      await page.goto(view);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await settled(page, 1500);
      await expectShifts(GOOD, view);
    }
  });
