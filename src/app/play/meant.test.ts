import { expect, test } from 'vitest';
import { meantBy } from './meant.ts';

const NOW = [
  'go to fridge 1',
  'go to shelf 1',
  'go to shelf 2',
  'take mug 1 from desk 1',
  'move pen 1 to desk 1',
];

test('capitals, spaces, words that people use and a typo are forgiven', () => {
  expect(meantBy('  Go to  FRIDGE 1. ', NOW)).toBe('go to fridge 1');
  expect(meantBy('go fridge 1', NOW)).toBe('go to fridge 1');
  expect(meantBy('go to the fridge', NOW)).toBe('go to fridge 1');
  expect(meantBy('go to frigde 1', NOW)).toBe('go to fridge 1');
  expect(meantBy('take mug 1', NOW)).toBe('take mug 1 from desk 1');
  expect(meantBy('put pen 1 on desk 1', NOW)).toBe('move pen 1 to desk 1');
});

test('what could be two commands, another number or none is not guessed', () => {
  expect(meantBy('go to shelf', NOW)).toBeUndefined();
  expect(meantBy('go to fridge 2', NOW)).toBeUndefined();
  expect(meantBy('go to the moon', NOW)).toBeUndefined();
  expect(meantBy('', NOW)).toBeUndefined();
});
