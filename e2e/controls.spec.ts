/** What is chosen in a view with checkboxes, sliders or lists stays chosen: none jumps back until the page has caught up. */
import { choose, expect, test } from './site.ts';

/** Views, and in each a control that is there once the view has read what it shows. */
const VIEWS = {
  race: /^Keep racing/,
  play: /^Who plays/,
  compare: /^Who plays/,
  teach: /^First/,
  runs: /^Compare .*, Pocket student/,
  models: /^Chore/,
  benchmark: /^How much/,
};

for (const [view, last] of Object.entries(VIEWS))
  test(`every control of ${view} shows at once what was chosen`, async ({ page }) => {
    await page.goto(`./#/${view}`);
    await expect(page.getByLabel(last).first()).toBeAttached();
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true;
    });
    const controls = page
      .locator('input[type=checkbox], input[type=range], select')
      .filter({ visible: true });
    // What is chosen may bring other controls, so each is looked for anew.
    for (let at = 0; at < (await controls.count()); at++) {
      const { label, chosen, shown } = await choose(controls.nth(at));
      expect(shown, label).toBe(chosen);
    }
  });
