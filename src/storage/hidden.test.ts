import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { bringBack } from './deletions.ts';
import { hiddenIds, hide, showHidden } from './hidden.ts';

test('what came with the page is hidden, brought back one by one, and shown again all at once', async () => {
  const first = unwrap(await hide('a run'));
  const second = unwrap(await hide('an episode'));
  expect(await hiddenIds()).toEqual({ ok: true, value: ['a run', 'an episode'] });
  expect(await bringBack(second ?? 0)).toEqual({ ok: true, value: true });
  expect(await hiddenIds()).toEqual({ ok: true, value: ['a run'] });
  await showHidden();
  expect(await hiddenIds()).toEqual({ ok: true, value: [] });
  // What was undone another way can be undone again without harm.
  expect(await bringBack(first ?? 0)).toEqual({ ok: true, value: true });
});
