/** A link from a stranger: what it holds turns no sentence of the page around, and keeps no tab busy. */
import { deflateRawSync } from 'node:zlib';
import { formatTrace } from '../src/agent/trace-file.ts';
import { traceOf } from '../src/testing/traces.ts';
import { expect, test } from './site.ts';

test('direction marks and piles of combining marks of a link are shown for what they are', async ({
  page,
}) => {
  const pile = `e${'\u0301'.repeat(50_000)}`;
  const trace = traceOf(
    { key: 'a/b/c', intro: `You see \u202enothing. ${pile}`, task: `put a \u2067mug in shelf.` },
    [{ reply: `Thought: ${pile}\nAction: look`, observation: `Nothing \u202e happens. ${pile}` }],
  );
  const packed = deflateRawSync(formatTrace(trace)).toString('base64url');
  await page.goto(`./#/replay?t=${packed}`);
  await expect(page.getByText(/Nothing \\u202e happens\./).first()).toBeVisible();
  const shown = await page.locator('body').innerText();
  expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\p{M}{17}/u);
});
