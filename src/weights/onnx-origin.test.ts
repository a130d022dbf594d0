import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { convertedTo, sameBytes } from './onnx-origin.ts';

const file = (name: string): Buffer => readFileSync(new URL(`../../models/pocket/${name}`, import.meta.url));

test('the ONNX file that ships was made of the weights that ship', () => {
  const made = convertedTo('model_fp16.onnx', file('config.json').toString(), file('model.safetensors'));
  expect(made.ok && sameBytes(made.value.onnx, file('model_fp16.onnx'))).toBe(true);
});

test('another number, or another length, is another student', () => {
  const onnx = Uint8Array.of(1, 2, 3);
  expect(sameBytes(onnx, Uint8Array.of(1, 2, 3))).toBe(true);
  expect(sameBytes(onnx, Uint8Array.of(1, 2, 4))).toBe(false);
  expect(sameBytes(onnx, Uint8Array.of(1, 2))).toBe(false);
});
