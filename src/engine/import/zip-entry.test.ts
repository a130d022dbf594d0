import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { rawZip } from '../../testing/raw-zip.ts';
import { arrayBytes } from './bytes.ts';
import { listZip } from './zip.ts';
import { aloneInArchive, RECORD_BYTES } from './zip-entry.ts';

const TEXT = 'what a game says, '.repeat(20);

test('an entry far behind four gigabytes, whose place stands in its zip64 field, reads alone', async () => {
  const path = 'train/look/trial/game.tw-pddl';
  const zip = rawZip([{ path, data: TEXT, zip64: true }]);
  const far = 5_000_000_000;
  const directory = zip.length - 22 - (RECORD_BYTES + path.length + 20);
  const entry = zip.subarray(0, directory);
  const old = zip.subarray(directory, zip.length - 22);
  // The same record with its place in the zip64 field, behind the two sizes.
  const record = new Uint8Array(old.length + 8);
  record.set(old);
  const view = new DataView(record.buffer);
  view.setUint32(42, 0xffffffff, true);
  view.setUint16(30, 28, true);
  view.setUint16(RECORD_BYTES + path.length + 2, 24, true);
  view.setBigUint64(old.length, BigInt(far), true);
  const source = {
    size: far + zip.length,
    read: async (offset: number, length: number) => entry.slice(offset - far, offset - far + length),
  };
  const alone = aloneInArchive(source, { start: far, end: far + entry.length }, record);
  const listed = unwrap(await listZip(alone, 1));
  expect(listed).toMatchObject([{ path, start: 0, bytes: TEXT.length }]);
  const read = await listed[0]?.read();
  expect(read?.ok && new TextDecoder().decode(read.value)).toBe(TEXT);
});

test('an entry that reaches into the next one is refused, whatever its own header says', async () => {
  const inner = { path: 'a', data: TEXT, method: 0 };
  // The directory gives the first entry as many bytes as it has, but its header's field of extra bytes moves them on.
  const zip = rawZip([inner, { path: 'b', data: TEXT, method: 0 }]);
  new DataView(zip.buffer).setUint16(28, 40, true);
  const listed = unwrap(await listZip(arrayBytes(zip), 9));
  expect(await listed[0]?.read()).toMatchObject({ ok: false });
});

test('a listed archive holds little of each entry', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const count = 4_000;
  const zip = arrayBytes(
    rawZip(Array.from({ length: count }, (_, i) => ({ path: `set/${i}/game.tw-pddl`, data: '', method: 0 }))),
  );
  const before = heap();
  const listed = await listZip(zip, count);
  const bytes = heap() - before;
  expect(listed.ok && listed.value.length).toBe(count);
  // zip.js's own entries are 6,000 bytes each.
  expect(bytes / count).toBeLessThan(600);
});
