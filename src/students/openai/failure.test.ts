/** What a server asks to wait, as servers and gateways really say it. */
import { expect, test } from 'vitest';
import { retryAfter } from './failure.ts';

const DATE = 'Fri, 20 Nov 2026 12:00:00 GMT';

test.each([
  ['0', 0],
  ['7', 7000],
  [' 1.5 ', 1500],
  ['Fri, 20 Nov 2026 12:00:04 GMT', 4000],
  ['Friday, 20-Nov-26 12:00:04 GMT', 4000],
  ['Fri Nov 20 12:00:04 2026', 4000],
  ['Wed Dec  2 12:00:00 2026', 12 * 24 * 3_600_000],
])('Retry-After: %s', (text, ms) => {
  expect(retryAfter(new Headers({ date: DATE, 'retry-after': text }))).toBe(ms);
});

test.each([
  '2,2', // two headers that a gateway joined
  '2, 2',
  '-1',
  '+2',
  '1e3',
  'soon',
  '2 seconds',
  '2026-11-20T12:00:04Z',
  'Fri, 20 Nov 2026 11:59:59 GMT', // before the server's own clock
  'Fri, 99 Nov 2026 12:00:04 GMT',
])("Retry-After: %s doesn't say", (text) => {
  expect(retryAfter(new Headers({ date: DATE, 'retry-after': text }))).toBeUndefined();
  expect(retryAfter(new Headers({ date: DATE, 'retry-after-ms': text }))).toBeUndefined();
});

test('a date without a clock to read it by says nothing', () => {
  expect(retryAfter(new Headers({ 'retry-after': DATE }))).toBeUndefined();
  expect(retryAfter(new Headers({ date: 'today', 'retry-after': DATE }))).toBeUndefined();
});
