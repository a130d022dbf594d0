import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntries, anyWord } from '../testing/arbitrary-entries.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry } from '../testing/sample.ts';
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

const [A, B] = [sampleEntry({ id: 'a' }), sampleEntry({ id: 'b', task: 'other' })];

interface Spoilt {
  readonly entries?: readonly MemoryEntry[];
  readonly lines?: Uint8Array<ArrayBuffer>;
  readonly matrix?: Uint8Array<ArrayBuffer>;
  /** What the header says, and of the section of the entries. */
  readonly header?: object;
  readonly sizes?: object;
}

/** A correct file but for what is given. */
async function made({ entries = [A, B], lines, matrix = new Uint8Array(24), header, sizes }: Spoilt = {}) {
  const raw = lines ?? bytes(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const [packedLines, packedMatrix] = [await gzip(raw), await gzip(matrix)];
  const sections = {
    entries: { packed: packedLines.length, unpacked: raw.length, ...sizes },
    vectors: { packed: packedMatrix.length, unpacked: matrix.length },
  };
  const said = { name: 'bank', embedder: SAMPLE_EMBEDDER, entries: entries.length, tasks: 2, sections };
  return fileOf({ ...said, ...header }, packedLines, packedMatrix);
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
    const bank = sampleBank('bank', [A, B]);
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
    expect(await codeOf(made())).toBe('ok');
  });

  const embedder = (dimension: number) => ({ embedder: { ...SAMPLE_EMBEDDER, dimension } });
  const endless = new Float32Array([0, Number.NaN, 0, 0, 0, 0]);
  it.each<[name: string, code: string, make: () => ReturnType<typeof made> | Uint8Array<ArrayBuffer>]>([
    ['an empty file', 'BANK_NOT_A_BANK', () => new Uint8Array()],
    ['another kind of file', 'BANK_NOT_A_BANK', () => bytes('PK\u0003\u0004 and more and more')],
    ['a larger file than allowed', 'BANK_TOO_LARGE', () => new Uint8Array(FILE_LIMITS.file + 1)],
    ['an unknown version', 'BANK_VERSION', () => fileOf({}, bytes(''), bytes(''), 2)],
    ["a header that isn't JSON", 'BANK_HEADER', () => fileOf('{"name":', bytes(''), bytes(''))],
    ["a header that isn't an object", 'BANK_HEADER', () => fileOf([], bytes(''), bytes(''))],
    ['a header without a name', 'BANK_HEADER', () => made({ header: { name: '' } })],
    ['no embedding model', 'BANK_HEADER', () => made({ header: { embedder: undefined } })],
    ['a dimension of nothing', 'BANK_HEADER', () => made({ header: embedder(0) })],
    ['a dimension that fits no matrix', 'BANK_HEADER', () => made({ header: embedder(9) })],
    ['more entries than allowed', 'BANK_HEADER', () => made({ header: { entries: 1e9 } })],
    ['more tasks than entries', 'BANK_HEADER', () => made({ header: { tasks: 3 } })],
    ['a negative size', 'BANK_HEADER', () => made({ sizes: { packed: -1, unpacked: 1 } })],
    ['a size beyond the limit', 'BANK_HEADER', () => made({ sizes: { packed: 100, unpacked: 1e12 } })],
    ['fewer entries than its header says', 'BANK_DAMAGED', () => made({ header: { entries: 3 } })],
    ['more entries than its header says', 'BANK_HEADER', () => made({ header: { entries: 1 } })],
    [
      'fewer tasks than its header says',
      'BANK_DAMAGED',
      () => made({ entries: [A, sampleEntry({ id: 'b' })] }),
    ],
    [
      'a section that unpacks to more than it says',
      'BANK_DAMAGED',
      () => made({ lines: new Uint8Array(50_000_000), sizes: { unpacked: 100 } }),
    ],
    ['bytes after its end', 'BANK_DAMAGED', async () => Uint8Array.of(...(await made()), 0)],
    [
      "entries that aren't gzip",
      'BANK_DAMAGED',
      async () => {
        const file = await made();
        const start = 16 + new DataView(file.buffer).getUint32(12, true);
        return file.fill(7, start, start + 20);
      },
    ],
    ["entries that aren't JSON", 'BANK_DAMAGED', () => made({ lines: bytes('{"id":1\n{}\n') })],
    ["entries that aren't UTF-8", 'BANK_DAMAGED', () => made({ lines: Uint8Array.of(0xff, 0xfe, 10, 10) })],
    ['an entry without what it needs', 'ENTRY_INVALID', () => made({ lines: bytes('{"id":"a"}\n{}\n') })],
    ["an entry that isn't an object", 'ENTRY_INVALID', () => made({ lines: bytes('null\n[]\n') })],
    ['the same id twice', 'ENTRY_TWICE', () => made({ entries: [A, { ...B, id: 'a' }] })],
    ["a scale that isn't a number", 'BANK_DAMAGED', () => made({ matrix: new Uint8Array(endless.buffer) })],
  ])('refuses %s', async (_name, code, make) => {
    expect(await codeOf(make())).toBe(code);
  });
});
