// What --strength is of, before anything is opened.
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

test.each([
  [
    ['eval', '--games', 'g', '--split', 's', '--out', 'o', '--strength', '0.5'],
    /--strength is for --student smollm2/,
  ],
  [
    ['tables', '--games', 'g', '--split', 's', '--out', 'o', '--student', 'smollm2', '--base', 'b'],
    /leave --base out/,
  ],
  [
    ['eval', '--games', 'g', '--split', 's', '--out', 'o', '--student', 'smollm2', '--strength', '2'],
    /from 0 to 1/,
  ],
])('%j is wrong usage', async (words, said) => {
  const { exit, stderr } = await runCli(words);
  expect(stderr).toMatch(said);
  expect(exit).toBe(2);
});
