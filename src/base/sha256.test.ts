import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256, sha256Hex } from './sha256.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

// FIPS 180-4 examples.
it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('%j', (text, digest) => {
  expect(sha256Hex(bytes(text))).toBe(digest);
});

it("is OpenSSL's for every length around a block", () => {
  for (let length = 0; length < 200; length++) {
    const data = Uint8Array.from({ length }, (_, i) => i * 37 + length);
    expect(sha256Hex(data)).toBe(createHash('sha256').update(data).digest('hex'));
  }
});

it('is the same however the bytes are cut', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, (cut) => {
      const piecewise = new Sha256();
      for (const piece of cut) piecewise.update(piece);
      expect(piecewise.digest()).toBe(sha256Hex(Uint8Array.from(cut.flatMap((piece) => [...piece]))));
    }),
  );
});
