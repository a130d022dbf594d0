import { expect, type Page } from '@playwright/test';
import { expectAccessible, openSettings, playOut, test } from './site.ts';

// The student that a visitor meets plays, on a machine that may be busy.
test.describe.configure({ timeout: 600_000 });
const PATIENCE = { timeout: 300_000 };

async function stepsToSolve(page: Page): Promise<number> {
  await playOut(page, 'Run', PATIENCE);
  return page.locator('.turn').count();
}

test('a home that the teacher lived in is remembered, and remembering saves steps', async ({ page }) => {
  await page.goto('./#/play?home=7&task=0&student=pocket&memory=none&past=none');
  const without = await stepsToSolve(page);
  await openSettings(page);
  await page.getByLabel('Memory', { exact: true }).selectOption('memp');
  await expect(page.getByText('Nobody remembers this home yet.')).toBeVisible();
  await page.getByRole('button', { name: /Let the teacher do/ }).click();
  await expect(page.getByText(/\d+ memories of this home/)).toBeVisible();
  const withMemory = await stepsToSolve(page);
  const memories = page.locator('.stage-memories');
  await expect(memories.getByText('this home', { exact: true }).first()).toBeVisible();
  await expect(memories.getByText(/Example \(trajectory\), \d+ steps/)).toBeVisible();
  expect(withMemory).toBeLessThan(without);
  await expectAccessible(page);

  // They are still there when the page is opened again.
  await page.reload();
  await expect(page.getByText(/\d+ memories of this home/)).toBeVisible();
});

test("scripts in the student's own words are fetched when they are asked for, not before", async ({
  page,
}) => {
  const banks: string[] = [];
  page.on('request', (request) => {
    const [, name] = /models\/memory\/([\w.]+)$/.exec(request.url()) ?? [];
    if (name !== undefined) banks.push(name);
  });
  await page.goto('./#/play?home=7&task=0&student=pocket&memory=memp&past=none');
  await stepsToSolve(page);
  const scripts = page.locator('.stage-memories li.memory');
  await expect(scripts).toHaveCount(10);
  const teachers = await scripts.allInnerTexts();
  expect(banks).toEqual(['official.bank']);
  await openSettings(page);
  await page.getByLabel('Written by').selectOption('the pocket student');
  await stepsToSolve(page);
  await expect(scripts).toHaveCount(10);
  await expect.poll(() => scripts.allInnerTexts()).not.toEqual(teachers);
  expect(banks).toEqual(['official.bank', 'student.bank']);
  await page.goto('./#/memory');
  await expect(page.getByText(/^7,106 memories of [\d,]+ tasks, the first 100 of them/)).toBeVisible();
});

test('side by side, the same student takes more steps without memory than with it', async ({ page }) => {
  await page.goto('./#/compare?home=7&task=0&student=pocket&memory=memp');
  await expect(page.getByText('It will have lived here for 30 tasks when it starts')).toBeVisible();
  await page.getByLabel('Pace').selectOption('as fast as it goes');
  await page.getByRole('button', { name: 'Run both' }).click();
  const outcome = page.locator('.outcome .hidden');
  await expect(outcome).toBeVisible();
  const [without = 0, withMemory = 0] =
    ((await outcome.textContent()) ?? '').match(/\d+/g)?.map(Number) ?? [];
  expect(withMemory).toBeGreaterThan(0);
  expect(withMemory).toBeLessThan(without);
  await expect(page.getByText(/^It has lived here for 30 tasks: \d+ memories of this home/)).toBeVisible();
  await expectAccessible(page);
});

test('a student that learns while it lives is reminded of what it solved before', async ({ page }) => {
  // Tasks 0 and 4 are of one room, 2 is of another: what is learnt in a room is of no use elsewhere.
  await page.goto('./#/play?home=7&task=0&student=pocket&memory=memp&past=none');
  await expect(page.getByText('Nobody remembers this home yet.')).toBeVisible();
  await page.getByLabel('Learn from every task solved here').check();
  await stepsToSolve(page);
  await expect(page.getByText('1 memory of this home.')).toBeVisible();
  const task = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByLabel('Task', { exact: true }).selectOption('4');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(task ?? '');
  await stepsToSolve(page);
  await expect(page.getByText('2 memories of this home.')).toBeVisible();
  const reminded = page.locator('.stage-memories li').filter({ hasText: 'this home' });
  await expect(reminded).toHaveCount(1);
  await expect(reminded).toContainText((task ?? '').slice(1, -1));
  await expectAccessible(page);

  // The same task again takes its memory's place, and nothing is learnt any more once that is switched off.
  await page.getByRole('button', { name: 'Again' }).click();
  await stepsToSolve(page);
  await expect(page.getByText('2 memories of this home.')).toBeVisible();
  await page.getByLabel('Learn from every task solved here').uncheck();
  await page.getByLabel('Task', { exact: true }).selectOption('2');
  await stepsToSolve(page);
  await expect(page.getByText('2 memories of this home.')).toBeVisible();
});

test('looking through memories opens no embedding model; searching them does', async ({ page }) => {
  const opened: string[] = [];
  page.on('request', (request) => {
    if (/models\/embedder\/.*\.onnx$/.test(request.url())) opened.push(request.url());
  });
  await page.goto('./#/memory');
  await expect(page.getByText(/memories of [\d,]+ tasks, the first 100 of them/)).toBeVisible();
  await expect(page.getByText(/tasks by meaning: near means alike/)).toBeVisible();
  await page.getByRole('link', { name: 'Device', exact: true }).click();
  await expect(page.getByText('Memory bank official')).toBeVisible();
  expect(opened).toEqual([]);
  await page.goto('./#/memory?q=warm+food');
  await expect(page.getByText(/^The nearest 100 tasks of/)).toBeVisible();
  expect(opened).toHaveLength(1);
});
