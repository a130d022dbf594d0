import { expect, test } from 'vitest';
import { matches } from './install.mjs';

const wanted = {
  '': {},
  'node_modules/idb': { integrity: 'sha512-a' },
  'node_modules/rolldown-win32': { integrity: 'sha512-b', optional: true },
};
const idb = { 'node_modules/idb': { integrity: 'sha512-a' } };
const there = () => true;

test.each([
  ['all of it', { ...idb, 'node_modules/rolldown-win32': { integrity: 'sha512-b' } }, true],
  ["all but another platform's", idb, true],
  ['nothing', {}, false],
  ['another version', { 'node_modules/idb': { integrity: 'sha512-c' } }, false],
  [
    'an optional one in another version',
    { ...idb, 'node_modules/rolldown-win32': { integrity: 'x' } },
    false,
  ],
  ['one too many', { ...idb, 'node_modules/left-over': { integrity: 'sha512-d' } }, false],
])('%s installed', (_, present, expected) => {
  expect(matches(wanted, present, there)).toBe(expected);
});

test('a package that was noted and removed is missing', () => {
  expect(matches(wanted, idb, () => false)).toBe(false);
});
