import { expect, test } from 'vitest';
import { looksInWords } from './looks.ts';

test('says where a thing was, the surest first, and where one looked in vain, neighbours together', () => {
  const vain = (place: string) => ({ place, looks: 2, there: 0 });
  const places = ['cabinet 3', 'drawer 2', 'cabinet 1', 'cabinet 2', 'cabinet 10'].map(vain);
  const found = [
    { place: 'desk 1', looks: 3, there: 1 },
    { place: 'shelf 1', looks: 4, there: 3 },
  ];
  expect(looksInWords({ object: 'mug', places: [...places, ...found] })).toBe(
    'mug: shelf 1 (3 of 4 looks), desk 1 (1 of 3 looks). In vain: cabinet 1 to 3, cabinet 10, drawer 2.',
  );
  expect(looksInWords({ object: 'mug', places })).toMatch(/^mug: never seen\. In vain/);
  expect(looksInWords({ object: 'mug', places: found })).not.toContain('vain');
});
