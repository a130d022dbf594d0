// What --strength is of, before anything is opened.
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';

test.each([
  ['eval --strength 0.5', /--strength is for --student smollm2/],
  ['tables --student smollm2 --base b', /leave --base out/],
  ['eval --student smollm2 --strength 2', /from 0 to 1/],
])('%s is wrong usage', async (line, said) => {
  const { exit, stderr } = await runCli(words`${line.split(' ')} --games g --split s --out o`);
  expect(stderr).toMatch(said);
  expect(exit).toBe(2);
});
