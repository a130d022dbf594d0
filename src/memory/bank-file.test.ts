import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntries, anyWord } from '../testing/arbitrary-entries.ts';
import { sampleBank, sampleEntry } from '../testing/sample.ts';
import { BANK_VERSION, FILE_LIMITS, formatBank, parseBank } from './bank-file.ts';
import type { MemoryEntry } from './entry.ts';
import { gzip } from './gzip.ts';

const bytes = (textOf: string) => new TextEncoder().encode(textOf);

/** A file with a given header and sections, whatever they are. */
async function fileOf(
  header: unknown,
  entries: Uint8Array<ArrayBuffer>,
  vectors: Uint8Array<ArrayBuffer>,
  version = BANK_VERSION,
) {
  const json = typeof header === 'string' ? bytes(header) : bytes(JSON.stringify(header));
  const prefix = new Uint8Array(16);
  prefix.set(bytes('DUOMEMBK'));
  new DataView(prefix.buffer).setUint32(8, version, true);
  new DataView(prefix.buffer).setUint32(12, json.length, true);
  return new Uint8Array(await new Blob([prefix, json, entries, vectors]).arrayBuffer());
}

/** A correct file's parts, to be spoilt one at a time. */
async function parts(
  entries: readonly MemoryEntry[] = [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b', task: 'other' })],
) {
  const lines = bytes(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const matrix = new Uint8Array(2 * (8 + 4));
  const [packedLines, packedMatrix] = [await gzip(lines), await gzip(matrix)];
  const header = {
    name: 'bank',
    embedder: { name: 'sample', hash: 'abc', dimension: 8 },
    entries: entries.length,
    tasks: 2,
    sections: {
      entries: { packed: packedLines.length, unpacked: lines.length },
      vectors: { packed: packedMatrix.length, unpacked: matrix.length },
    },
  };
  return { header, lines: packedLines, matrix: packedMatrix };
}

async function codeOf(file: Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>) {
  const bank = await parseBank(await file);
  return bank.ok ? 'ok' : bank.error.code;
}

describe('the bank file', () => {
  it('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, anyWord, async (entries, name) => {
        const bank = sampleBank(name, entries);
        expect(await parseBank(await formatBank(bank))).toEqual({ ok: true, value: bank });
      }),
      { numRuns: 50 },
    );
  });

  it('is noticed when a byte was changed or the end is missing', async () => {
    const bank = sampleBank('bank', [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b', task: 'other' })]);
    const file = await formatBank(bank);
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = file.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        const parsed = await parseBank(damaged);
        // A change of the header's texts, or of gzip's unused header bytes, can go unnoticed; one of the content can't.
        if (parsed.ok)
          expect({
            entries: parsed.value.entries,
            vectors: { ...parsed.value.vectors, dimension: 8 },
          }).toEqual({ entries: bank.entries, vectors: bank.vectors });
        expect((await parseBank(file.slice(0, at))).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.json(), async (junk, json) => {
        const [a, b] = [
          await codeOf(Uint8Array.from(junk)),
          await codeOf(fileOf(json, Uint8Array.from(junk), bytes(''))),
        ];
        expect([a, b]).not.toContain('ok');
      }),
    );
  });

  it('accepts the correct parts that the hostile ones are made from', async () => {
    const { header, lines, matrix } = await parts();
    expect(await codeOf(fileOf(header, lines, matrix))).toBe('ok');
  });

  const hostile: Record<string, [string, () => Promise<Uint8Array<ArrayBuffer>>]> = {
    'an empty file': ['BANK_NOT_A_BANK', async () => new Uint8Array()],
    'another kind of file': ['BANK_NOT_A_BANK', async () => bytes('PK\u0003\u0004 and more and more')],
    'a larger file than allowed': ['BANK_TOO_LARGE', async () => new Uint8Array(FILE_LIMITS.file + 1)],
    'an unknown version': ['BANK_VERSION', async () => fileOf({}, bytes(''), bytes(''), 2)],
    "a header that isn't JSON": ['BANK_HEADER', async () => fileOf('{"name":', bytes(''), bytes(''))],
    "a header that isn't an object": ['BANK_HEADER', async () => fileOf([], bytes(''), bytes(''))],
    'a header without a name': ['BANK_HEADER', async () => spoil((header) => ({ ...header, name: '' }))],
    'no embedding model': ['BANK_HEADER', async () => spoil(({ embedder: _, ...header }) => header)],
    'a dimension of nothing': [
      'BANK_HEADER',
      async () => spoil((header) => ({ ...header, embedder: { ...header.embedder, dimension: 0 } })),
    ],
    'a dimension that fits no matrix': [
      'BANK_HEADER',
      async () => spoil((header) => ({ ...header, embedder: { ...header.embedder, dimension: 9 } })),
    ],
    'more entries than allowed': [
      'BANK_HEADER',
      async () => spoil((header) => ({ ...header, entries: 1e9 })),
    ],
    'more tasks than entries': ['BANK_HEADER', async () => spoil((header) => ({ ...header, tasks: 3 }))],
    'a negative size': [
      'BANK_HEADER',
      async () =>
        spoil((header) => ({
          ...header,
          sections: { ...header.sections, entries: { packed: -1, unpacked: 1 } },
        })),
    ],
    'a size beyond the limit': [
      'BANK_HEADER',
      async () =>
        spoil((header) => ({
          ...header,
          sections: { ...header.sections, entries: { packed: 100, unpacked: 1e12 } },
        })),
    ],
    'fewer entries than its header says': [
      'BANK_DAMAGED',
      async () => spoil((header) => ({ ...header, entries: 3 })),
    ],
    'more entries than its header says': [
      'BANK_HEADER',
      async () => spoil((header) => ({ ...header, entries: 1 })),
    ],
    'fewer tasks than its header says': [
      'BANK_DAMAGED',
      async () => {
        const { header, lines, matrix } = await parts([sampleEntry({ id: 'a' }), sampleEntry({ id: 'b' })]);
        return fileOf(header, lines, matrix);
      },
    ],
    'a section that unpacks to more than it says': [
      'BANK_DAMAGED',
      async () => {
        const { header, matrix } = await parts();
        const bomb = await gzip(new Uint8Array(50_000_000));
        const sections = { ...header.sections, entries: { packed: bomb.length, unpacked: 100 } };
        return fileOf({ ...header, sections }, bomb, matrix);
      },
    ],
    'bytes after its end': [
      'BANK_DAMAGED',
      async () => {
        const { header, lines, matrix } = await parts();
        return fileOf(header, lines, Uint8Array.of(...matrix, 0));
      },
    ],
    "entries that aren't gzip": [
      'BANK_DAMAGED',
      async () => {
        const { header, lines, matrix } = await parts();
        return fileOf(
          header,
          lines.map(() => 7),
          matrix,
        );
      },
    ],
    "entries that aren't JSON": ['BANK_DAMAGED', async () => withLines('{"id":1\n{}\n')],
    "entries that aren't UTF-8": ['BANK_DAMAGED', async () => withLines(Uint8Array.of(0xff, 0xfe, 10, 10))],
    'an entry without what it needs': ['ENTRY_INVALID', async () => withLines('{"id":"a"}\n{}\n')],
    "an entry that isn't an object": ['ENTRY_INVALID', async () => withLines('null\n[]\n')],
    'the same id twice': [
      'ENTRY_TWICE',
      async () => {
        const { header, lines, matrix } = await parts([
          sampleEntry({ id: 'a' }),
          sampleEntry({ id: 'a', task: 'other' }),
        ]);
        return fileOf(header, lines, matrix);
      },
    ],
    "a scale that isn't a number": [
      'BANK_DAMAGED',
      async () => {
        const { header, lines } = await parts();
        const matrix = new Uint8Array(24);
        new DataView(matrix.buffer).setFloat32(4, Number.NaN, true);
        const packed = await gzip(matrix);
        const sections = { ...header.sections, vectors: { packed: packed.length, unpacked: 24 } };
        return fileOf({ ...header, sections }, lines, packed);
      },
    ],
  };

  it.each(Object.entries(hostile))('refuses %s', async (_name, [code, make]) => {
    expect(await codeOf(make())).toBe(code);
  });
});

type Header = Awaited<ReturnType<typeof parts>>['header'];

async function spoil(change: (header: Header) => unknown) {
  const { header, lines, matrix } = await parts();
  return fileOf(change(header), lines, matrix);
}

/** A file whose entries are this text; the header fits it. */
async function withLines(lines: string | Uint8Array<ArrayBuffer>) {
  const { header, matrix } = await parts();
  const raw = typeof lines === 'string' ? bytes(lines) : lines;
  const packed = await gzip(raw);
  const sections = { ...header.sections, entries: { packed: packed.length, unpacked: raw.length } };
  return fileOf({ ...header, sections }, packed, matrix);
}
