import { expect, it, vi } from 'vitest';
import { gunzip, gzip } from './gzip.ts';

it('stops unpacking where the data is larger than it says', async () => {
  const bomb = await gzip(new Uint8Array(20_000_000));
  const read = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read');
  expect(await gunzip(bomb, 100)).toBeUndefined();
  // The whole of it would come in hundreds of pieces.
  expect(read.mock.calls.length).toBeLessThan(20);
});

it('refuses data that is smaller than it says or cut off', async () => {
  const packed = await gzip(Uint8Array.of(1, 2, 3));
  expect(await gunzip(packed, 3)).toEqual(Uint8Array.of(1, 2, 3));
  expect(await gunzip(packed, 4)).toBeUndefined();
  expect(await gunzip(packed.slice(0, -1), 3)).toBeUndefined();
});
