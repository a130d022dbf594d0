import { expect, test } from 'vitest';
import { titleOf } from './use-title.ts';

test("a stranger's task turns nothing of the tab's title around", () => {
  expect(titleOf('put \u202ea mug.')).toBe('put \\u202ea mug · DuoMem');
  expect(titleOf('')).toBe('DuoMem');
});
