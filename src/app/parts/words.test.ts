import { expect, test } from 'vitest';
import { inSentence, MEMORY_NAMES, processorOf, STUDENT_NAMES, studentName } from './words.ts';

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

test("where a student ran is said in a word, and another's own words for it stay", () => {
  const devices = ['wasm kernels, relaxed SIMD', 'onnxruntime-node cpu', 'webgpu kernels', 'nvidia ampere'];
  expect(devices.map(processorOf)).toEqual(['the CPU', 'the CPU', 'the GPU', 'nvidia ampere']);
});
