import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../base/result.ts';
import { arrayBytes } from './bytes.ts';
import { listZip, ZipFileWriter } from './zip.ts';

async function write(files: readonly (readonly [string, string])[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const zip = new ZipFileWriter(
    new WritableStream({ write: (chunk: Uint8Array) => void chunks.push(chunk.slice()) }),
  );
  for (const [path, text] of files) await zip.add(path, text);
  await zip.close();
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

const path = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_äé日😀-]{1,8}$/u), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));

test('reading undoes writing, in the order of writing', async () => {
  const files = fc.uniqueArray(fc.tuple(path, fc.string({ unit: 'grapheme', maxLength: 3000 })), {
    selector: ([name]) => name,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(files, async (expected) => {
      const listed = unwrap(await listZip(arrayBytes(await write(expected)), 100));
      const found: [string, string][] = [];
      for (const entry of listed) {
        const bytes = unwrap(await entry.read());
        expect(entry.bytes).toBe(bytes.length);
        found.push([entry.path, new TextDecoder().decode(bytes)]);
      }
      expect(found).toEqual(expected);
    }),
  );
});

test('the same files are the same bytes, on every platform', async () => {
  const text = Array.from({ length: 2000 }, (_, i) => `(fact${i % 37} thing${(i * i) % 101})`).join('\n');
  const bytes = await write([
    ['train/a-b/1/game.tw-pddl', text],
    ['train/ä/2/game.tw-pddl', ''],
  ]);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    '3bbcbd398e1045112f48c272a5e7f7ed9d80d8b45254ecfe93cef865f1460920',
  );
});

test('a path is written once', async () => {
  await expect(
    write([
      ['a', '1'],
      ['a', '2'],
    ]),
  ).rejects.toThrow();
});
