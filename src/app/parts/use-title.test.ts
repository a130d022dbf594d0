import { expect, test } from 'vitest';
import { tabTitle } from './use-title.ts';

test("a stranger's task turns nothing of the tab's title around", () => {
  expect(tabTitle('put \u202ea mug.')).toBe('put \\u202ea mug · DuoMem');
  expect(tabTitle('')).toBe('DuoMem');
});
