import { expect, test } from '@playwright/test';

test('the page opens, says what it is, and asks no other host for anything', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (baseURL === undefined || !request.url().startsWith(baseURL)) foreign.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });

  await page.goto('./');
  await expect(page).toHaveTitle('DuoMem');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('DuoMem');
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});
