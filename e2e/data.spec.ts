import { readFileSync } from 'node:fs';
import { PEOPLE_SAID, zipOfGames } from '../src/testing/game-zip.ts';
import { firstTask } from '../src/testing/page-tasks.ts';
import { rawZip } from '../src/testing/raw-zip.ts';
import { sharedPath } from '../src/testing/shared.ts';
import { expect, expectAccessible, openSettings, playOut, savedBy, test } from './site.ts';

const FIRST = firstTask();

test('a memory is written, found by its meaning, changed, seen in an episode, and deleted', async ({
  page,
}) => {
  await page.goto('./#/memory');
  await expect(page.getByText(/^[\d,]+ memories/)).toBeVisible();
  await page.getByRole('button', { name: 'Add a memory' }).click();
  await page.getByLabel(/For which task/).fill(FIRST.sentence.toLowerCase());
  await page.getByLabel(/How to do it/).fill('In this home mug was on shelf 2.');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  const list = page.getByLabel('Memories', { exact: true });
  await expect(list.getByText(FIRST.sentence).first()).toBeVisible();
  // One row a task, and what was just written first in it.
  const mine = list.getByRole('listitem').filter({ hasText: 'kept on this device' }).first();
  await expect(mine).toContainText('In this home mug was on shelf 2.');
  await expect(page.getByLabel('Where it was used')).toContainText('In none of the runs and episodes');
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel(/How to do it/).fill('The mug is always behind the kettle.');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('article').getByText('The mug is always behind the kettle.')).toBeVisible();

  await page.getByLabel('Search by meaning').fill('chill the mug and leave it in the coffee maker');
  await expect(page.getByText(/The nearest \d+ tasks of/)).toBeVisible();
  await expect(list.getByRole('listitem').first()).toContainText(FIRST.sentence);
  await expectAccessible(page);

  await page.goto(`./#/play?${FIRST.where}&student=pocket&memory=script&k=10&past=none`);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  const memories = page.locator('.stage-memories');
  await memories.locator('details', { hasText: 'behind the kettle' }).locator('summary').click();
  await expect(memories.getByText('The mug is always behind the kettle.')).toBeVisible();

  await page.goto('./#/memory?q=cool+mug');
  await mine.getByRole('link').first().click();
  const same = list.getByLabel(`Memories of ${FIRST.sentence.toLowerCase()}`).getByRole('listitem');
  const own = same.filter({ hasText: 'kept on this device' });
  await expect(own).toContainText('shown to a student once');
  await expect(own.locator('.never')).toHaveCount(0);
  const before = await same.count();

  // What says the same a second time is marked.
  await page.getByRole('button', { name: 'Add a memory' }).click();
  await page.getByLabel(/For which task/).fill(FIRST.sentence.toLowerCase());
  await page.getByLabel(/How to do it/).fill('The mug is always behind the kettle.');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(own).toHaveCount(2);
  await expect(same).toHaveCount(before + 1);
  await expect(mine.locator('.memory-count')).toContainText(`× ${before + 1}`);
  await expect(own.locator('.twice')).toHaveText('says the same as one above');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(own).toHaveCount(0);

  await mine.getByRole('link').first().click();
  await expect(own).toHaveCount(1);
  await own.getByRole('link').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(list.getByText('kept on this device')).toHaveCount(0);
});

test('the wrong one of the zips of ALFWorld is named, and nothing is imported', async ({ page }) => {
  const trajectory = { path: 'json_2.1.1/train/pick-Mug-1/trial_1/traj_data.json', data: '{}' };
  const buffer = Buffer.from(rawZip([trajectory]));
  await page.goto('./#/device');
  await page
    .getByLabel('A zip of games')
    .setInputFiles({ name: 'json_2.1.1_json.zip', mimeType: 'application/zip', buffer });
  await expect(page.getByText(/It holds no game but 1 of ALFRED's trajectories .*tw-pddl/)).toBeVisible();
  await expect(page.getByText('imported.')).toHaveCount(0);
});

test('a zip of games is imported, ten of them are evaluated, kept and replayed', async ({ page }) => {
  await page.goto('./#/device');
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  await expect(page.getByText('12 games imported.')).toBeVisible();
  await expect(page.getByText("1 file couldn't be used:")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await expect(page.getByLabel('Games', { exact: true })).toContainText('games, valid (12)');
  await page.getByLabel('Only games with').fill('no such game');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('No game of this set matches “no such game”')).toBeVisible();
  await page.getByLabel('Only games with').fill('');
  await page.getByLabel('Commands').selectOption('put … in/on (before 0.4)');
  await page.getByRole('button', { name: 'Start' }).click();
  const run = page.getByRole('region', { name: '10 games of games, valid' });
  await expect(run.getByText(/games drawn with seed 1, commands as in put … in\/on/)).toBeVisible();
  await expect(run.getByText('10 of 10 games')).toBeVisible();
  await expect(run.getByRole('row', { name: /^All/ })).toContainText(/\d+ of 10/);
  await expectAccessible(page);

  await page.reload();
  await expect(run.getByText('10 of 10 games')).toBeVisible();
  const save = async (kind: string): Promise<string> => {
    return readFileSync(await savedBy(run.getByRole('button', { name: kind })), 'utf8');
  };
  const [solved = ''] =
    /\d+ of 10/.exec((await run.getByRole('row', { name: /^All/ }).textContent()) ?? '') ?? [];
  const lines = (await save('CSV')).trim().split('\n');
  expect(lines[0]).toBe('game,task_type,won,steps,seconds');
  expect(lines).toHaveLength(11);
  expect(lines.filter((line) => line.includes(',true,'))).toHaveLength(Number.parseInt(solved, 10));
  const saved = JSON.parse(await save('JSON')) as { results: unknown[]; summary: { solved: number } };
  expect(saved.results).toHaveLength(10);
  expect(saved.summary.solved).toBe(Number.parseInt(solved, 10));
  expect(await save('Markdown')).toMatch(
    new RegExp(`^\\| kind of task .*\n\\|[-| ]+\\|\n\\| All \\| ${solved.replace(' of ', '/')} \\|`),
  );
  await run.getByLabel('Episodes').getByRole('button').first().click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
});

test('a game that was imported is chosen and played like any other', async ({ page }) => {
  await page.goto('./#/play?student=pocket&memory=memp');
  await openSettings(page);
  await page.getByText('An imported game').click();
  await page.getByText('None yet:').getByRole('link', { name: 'Device' }).click();
  await page.getByLabel('A zip of games').setInputFiles(await zipOfGames());
  await expect(page.getByText('12 games imported.')).toBeVisible();
  await page.goBack();
  await page.getByText('An imported game').click();
  await expect(page.getByLabel('Set', { exact: true })).toContainText('games, valid (12)');
  const game = page.getByLabel('Game', { exact: true });
  await game.selectOption({ index: 3 });
  const task = await game.locator('option').nth(2).textContent();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(task ?? '');
  await expect(page).toHaveURL(/game=valid%2F/);
  await expectAccessible(page);
  await playOut(page);
  // The address is enough to come back to it.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(task ?? '');
  await expect(game.locator('option:checked')).toHaveText(task ?? '');

  // The same game as the older release tells it, and with people's words for its task.
  await page.getByLabel('Commands').selectOption('put … in/on (before 0.4)');
  await expect(page).toHaveURL(/dialect=put/);
  await expect(page.getByText('with “put … in/on” it solves hardly any task')).toBeVisible();
  await page.getByLabel('Who plays').selectOption('scripted');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByLabel('Conversation').getByText(/Solved in \d+ steps/)).toBeVisible();
  await expect(
    page
      .locator('.turn .action')
      .filter({ hasText: / in\/on / })
      .first(),
  ).toBeVisible();
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
  await page.goBack();
  await page.getByLabel('Words of the task').selectOption("people's (ALFRED's annotators)");
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(PEOPLE_SAID);
  await openSettings(page);
  await page.getByRole('button', { name: 'Back to the homes of this page' }).click();
  await expect(page.getByLabel('Home', { exact: true })).toBeVisible();
});

test('an official release is imported and played', async ({ page }) => {
  const official = sharedPath('alfworld/legacy_0.3_tw-pddl.zip');
  test.skip(official === undefined, "the official games aren't on this machine");
  await page.goto('./#/device');
  await page.getByLabel('A zip of games').setInputFiles(official ?? '');
  await expect(page.getByText(/\d+ games imported\./)).toBeVisible({ timeout: 90_000 });
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await expect(page.getByLabel('Games', { exact: true })).toContainText('legacy_0.3_tw-pddl');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('10 of 10 games')).toBeVisible();
  await page.getByLabel('Episodes').getByRole('button').first().click();
  await expect(page.getByText('The engine gives the same texts, word for word.')).toBeVisible();
});

test('the map of the memories is read by keyboard, marks what a search found, and opens what is chosen', async ({
  page,
}) => {
  await page.goto('./#/memory');
  await expect(page.getByText(/^[\d,]+ memories/)).toBeVisible();
  await expect(page.getByText(/^[\d,]+ tasks by meaning: .* \d+ % of how they differ\.$/)).toBeVisible();
  for (const kind of ['heat it first', 'look at it in the light', 'put two somewhere']) {
    await expect(page.locator('.map-label', { hasText: kind })).toBeVisible();
  }
  const map = page.getByRole('img', { name: /^Map of [\d,]+ tasks/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  const said = page.locator('.map-said');
  await expect(said).toContainText(/, \d+ memor(y|ies)\.$/);
  const first = (await said.textContent()) ?? '';
  await page.keyboard.press('ArrowRight');
  await expect(said).not.toHaveText(first);
  const task = ((await said.textContent()) ?? '').split('. ')[0] ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').getByRole('heading', { level: 2 }).first()).toHaveText(`${task}.`);
  const plain = await map.screenshot();
  await page.getByLabel('Search by meaning').fill('warm up a mug');
  await expect(page.getByText(/The nearest/)).toBeVisible();
  await expect(async () => expect((await map.screenshot()).equals(plain)).toBe(false)).toPass();
  await expectAccessible(page);
});

test('the page measures how fast memories are found', async ({ page }) => {
  await page.goto('./#/device');
  await page.getByLabel('Finding memories').getByRole('button', { name: 'Measure' }).click();
  await expect(
    page.getByText(
      /The 10 nearest are found in [\d.]+ ms among [\d,]+ memories, .* and in [\d.]+ ms among 11,434 memories/,
    ),
  ).toBeVisible();
});
