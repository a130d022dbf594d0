import { expect, test } from 'vitest';
import { inSentence, MEMORY_NAMES, STUDENT_NAMES, studentName } from './words.ts';

test('a name within a sentence begins small, and what is spelt in capitals stays so', () => {
  expect(inSentence(MEMORY_NAMES.memp)).toBe('plans and an example (MemP)');
  expect(Object.values(STUDENT_NAMES).map(inSentence)).toEqual([
    'pocket student',
    'SmolLM2',
    '4B student',
    'scripted teacher',
    'you',
  ]);
  expect(studentName('mlc')).toBe('the 4B student');
});
