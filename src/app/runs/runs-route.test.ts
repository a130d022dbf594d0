import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../agent/settings.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { askedFor, comparedIn, openIn, runsParams } from './runs-route.ts';

const run = (id: string, shipped?: true): RunRecord => ({
  id,
  title: id,
  student: 'pocket',
  settings: DEFAULT_SETTINGS,
  games: [],
  results: [],
  ...(shipped && { shipped }),
});
const own = [run('2026-11-02T10:00:00.000Z'), run('2026-11-01T10:00:00.000Z')];
const ids = (runs: readonly RunRecord[]): string[] => runs.map(({ id }) => id);

test('an address says which run is open and which are compared', () => {
  const params = new URLSearchParams(runsParams('games', own[1]?.id, ids(own)));
  expect(params.get('set')).toBe('games');
  expect(openIn(params, own, own[0]?.id)).toBe(own[1]);
  expect(comparedIn(params, own)).toEqual(own);
  expect(comparedIn(new URLSearchParams(runsParams(null, undefined, [])), own)).toEqual([]);
});

test('without an address the one that is played is open, otherwise the latest', () => {
  const none = new URLSearchParams();
  expect(openIn(none, own, own[1]?.id)).toBe(own[1]);
  expect(openIn(none, own, undefined)).toBe(own[0]);
  expect(openIn(new URLSearchParams('run=gone'), own, undefined)).toBe(own[0]);
  expect(openIn(none, [], undefined)).toBeUndefined();
});

test('what stood behind the address in a text is no part of the name of a run', () => {
  for (const behind of [')', '.', '>', ').'])
    expect(askedFor(new URLSearchParams({ run: `${own[1]?.id}${behind}` }), own)).toBe(own[1]);
  expect(askedFor(new URLSearchParams('run=gone'), own)).toBeUndefined();
  expect(askedFor(new URLSearchParams(), own)).toBeUndefined();
});

test('the two that came with the page are compared until there is something else', () => {
  const shipped = [run('b', true), run('a', true)];
  expect(comparedIn(new URLSearchParams(), shipped)).toEqual(shipped);
  expect(comparedIn(new URLSearchParams(), [...own, ...shipped])).toEqual([]);
  expect(comparedIn(new URLSearchParams('compare=none'), shipped)).toEqual([]);
});
