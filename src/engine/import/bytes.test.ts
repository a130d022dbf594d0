import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayBytes, blobBytes, readAhead } from './bytes.ts';

const BYTES = Uint8Array.from({ length: 100 }, (_, i) => i);

test('reading ahead gives the same bytes as reading, in any order and to beyond the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 60 }))),
      async (window, reads) => {
        const ahead = readAhead(arrayBytes(BYTES), window);
        for (const [offset, length] of reads) {
          expect([...(await ahead.read(offset, length))]).toEqual([
            ...BYTES.subarray(offset, offset + length),
          ]);
        }
      },
    ),
  );
});

test('reading ahead goes to the source once a window', async () => {
  let reads = 0;
  const counted = {
    size: 100,
    read(offset: number, length: number) {
      reads++;
      return arrayBytes(BYTES).read(offset, length);
    },
  };
  const ahead = readAhead(counted, 50);
  for (let i = 0; i < 100; i += 10) await ahead.read(i, 10);
  expect(reads).toBe(2);
});

test('the bytes read may be given away, as streams do, without harm to later reads', async () => {
  const ahead = readAhead(arrayBytes(BYTES), 50);
  (await ahead.read(0, 10)).fill(255);
  expect([...(await ahead.read(0, 3))]).toEqual([0, 1, 2]);
});

test('a blob reads like its bytes', async () => {
  const source = blobBytes(new Blob([BYTES]));
  expect(source.size).toBe(100);
  expect([...(await source.read(98, 10))]).toEqual([98, 99]);
});
