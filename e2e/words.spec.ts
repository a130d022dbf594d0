import { LAMPS, PLACES, THINGS } from '../src/player/lexicon.ts';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { expect, expectAccessible, test } from './site.ts';

/** `sidetable` of 'Put a hot apple in sidetable.' or of 'Heat some apple and put it in sidetable.' */
const PLACE = /in (\w+)\.$/.exec(HOT_APPLE.sentence)?.[1] ?? '';
const TEMPLATE = `put a hot apple in ${PLACE}.`;

test("a task in one's own words is read, said back and solved by the pocket student @student", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const patience = { timeout: 300_000 };
  expect([PLACE in PLACES, 'apple' in THINGS, 'desklamp' in LAMPS]).toEqual([true, true, true]);
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByText('In your own words').click();
  const input = page.getByLabel('How you would ask for it');
  await input.fill('Do what you always do.');
  await expect(page.getByText(/I don't understand this\. Which thing is meant/)).toBeVisible();
  await input.fill('Chill a mug and put it in the fridge');
  await expect(page.getByText(/another task than this one/)).toBeVisible();
  const words = `Could you warm up an apple and leave it in the ${PLACES[PLACE]?.[0]}, please?`;
  await input.fill(words);
  await expect(page.getByText(`I read this as: ${TEMPLATE}`)).toBeVisible();
  await page.getByRole('button', { name: 'Ask so' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words);
  await expect(page).toHaveURL(/words=Could/);
  await expect(page.getByLabel('Conditions of the goal')).toContainText('an apple is hot');
  await expectAccessible(page);
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.locator('.goal').getByText(`I read this as: ${TEMPLATE}`)).toBeVisible(patience);
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible(patience);

  await page.getByRole('button', { name: /^Back to/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOT_APPLE.sentence);
});
