import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextStream } from './text-stream.ts';

const bytes = {
  decode: (tokens: readonly number[]): string =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens)),
};

test('bytes of a character come out together', () => {
  const stream = new TextStream(bytes);
  const pieces = [...new TextEncoder().encode('a€b😀')].map((byte) => stream.push(byte));
  expect(pieces).toEqual(['a', '', '', '€', 'b', '', '', '', '😀']);
  expect(stream.end()).toBe('');
});

test('a character that stays broken comes out at the end', () => {
  const stream = new TextStream(bytes);
  expect(stream.push(0xe2)).toBe('');
  expect(stream.end()).toBe('\uFFFD');
  expect(stream.text).toBe('\uFFFD');
});

test('the pieces of any bytes add up to the text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (tokens) => {
      const stream = new TextStream(bytes);
      const pieces = [...tokens].map((token) => stream.push(token));
      expect(pieces.join('') + stream.end()).toBe(bytes.decode([...tokens]));
    }),
    { numRuns: 2000 },
  );
});
