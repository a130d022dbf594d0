import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { anyEntries, anyWord } from '../testing/arbitrary-entries.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { buildBank, reembedBank } from './bank.ts';
import { completeBank, formatBankJson, parseBankJson, type WrittenBank } from './bank-json.ts';

const OTHER = { name: 'other', hash: 'def', dimension: 5 };
const [A, B] = [sampleEntry({ id: 'a', task: 'task a' }), sampleEntry({ id: 'b', task: 'task b' })];

function parsed(text: string): WrittenBank {
  return unwrap(parseBankJson(text));
}

describe('a bank as JSON', () => {
  it('goes there and back without loss and without the embedding model', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, anyWord, async (entries, name) => {
        const bank = sampleBank(name, entries);
        const embedder = sampleEmbedder();
        expect(await completeBank(parsed(formatBankJson(bank)), embedder)).toEqual({ ok: true, value: bank });
        expect(embedder.asked).toEqual([]);
      }),
    );
  });

  it('embeds only what a person added or changed', async () => {
    const written = parsed(formatBankJson(sampleBank('bank', [A, B])));
    const entries = [...written.entries, sampleEntry({ id: 'c', task: 'task c' })];
    const embedder = sampleEmbedder();
    const bank = await completeBank({ ...written, entries }, embedder);
    expect(embedder.asked).toEqual(['task c']);
    expect(bank).toEqual({ ok: true, value: sampleBank('bank', entries) });
  });

  it('is embedded again as a whole under another model', async () => {
    const embedder = sampleEmbedder(OTHER);
    const written = parsed(formatBankJson(sampleBank('bank', [A, B])));
    expect(await completeBank(written, embedder)).toEqual({
      ok: true,
      value: sampleBank('bank', [A, B], OTHER),
    });
    expect(await reembedBank(sampleBank('bank', [A, B]), embedder)).toEqual(
      await buildBank('bank', [A, B], embedder),
    );
  });

  it('keeps one entry a line', () => {
    const lines = formatBankJson(sampleBank('bank', [A, B])).split('\n');
    expect(
      lines.filter(
        (line) =>
          line.startsWith('{"task":"task') || line.startsWith('{"id"') || line.includes('"guidelines"'),
      ),
    ).toHaveLength(4);
  });

  const whole = JSON.parse(formatBankJson(sampleBank('bank', [A, B]))) as Record<string, unknown>;
  const vectors = whole.vectors as Record<string, unknown>[];
  const hostile: readonly (readonly [
    name: string,
    code: string,
    place: string | undefined,
    json: unknown,
  ])[] = [
    ['nothing', 'BANK_NOT_A_BANK', undefined, ''],
    ['half a JSON', 'BANK_NOT_A_BANK', undefined, '{"format": "duomem-bank"'],
    ['a list', 'BANK_NOT_A_BANK', 'format', []],
    ['another format', 'BANK_NOT_A_BANK', 'format', { ...whole, format: 'memory' }],
    ['another version', 'BANK_VERSION', 'version', { ...whole, version: '1' }],
    ['no name', 'BANK_HEADER', 'name', { ...whole, name: undefined }],
    ['no embedding model', 'BANK_HEADER', 'embedder', { ...whole, embedder: 'mine' }],
    [
      'a broken dimension',
      'BANK_HEADER',
      'embedder',
      { ...whole, embedder: { ...SAMPLE_EMBEDDER, dimension: 1.5 } },
    ],
    ['entries as an object', 'BANK_HEADER', 'entries', { ...whole, entries: { a: A } }],
    [
      'an entry with a number for a text',
      'ENTRY_INVALID',
      'entries[1].task',
      { ...whole, entries: [A, { ...B, task: 7 }] },
    ],
    [
      'an entry of blanks',
      'ENTRY_INVALID',
      'entries[0].script.guidelines',
      { ...whole, entries: [{ ...A, script: { taskName: '', guidelines: ' ' } }] },
    ],
    [
      'a step without an action',
      'ENTRY_INVALID',
      'entries[0].trajectory.steps[0].action',
      { ...whole, entries: [{ ...A, trajectory: { intro: '', steps: [{ observation: '' }] } }] },
    ],
    [
      "a maker that there isn't",
      'ENTRY_INVALID',
      'entries[0].provenance.maker',
      { ...whole, entries: [{ ...A, provenance: { ...A.provenance, maker: 'oracle' } }] },
    ],
    [
      "a seed that isn't a whole number",
      'ENTRY_INVALID',
      'entries[0].provenance.seed',
      { ...whole, entries: [{ ...A, provenance: { ...A.provenance, seed: 0.5 } }] },
    ],
    [
      'a text beyond its limit',
      'ENTRY_INVALID',
      'entries[0].task',
      { ...whole, entries: [{ ...A, task: 'x'.repeat(501) }] },
    ],
    [
      'too many steps',
      'ENTRY_INVALID',
      'entries[0].trajectory.steps',
      {
        ...whole,
        entries: [{ ...A, trajectory: { intro: '', steps: Array(501).fill(A.trajectory.steps[0]) } }],
      },
    ],
    ['an empty home', 'ENTRY_INVALID', 'entries[0].home', { ...whole, entries: [{ ...A, home: '' }] }],
    ['an id twice', 'ENTRY_TWICE', undefined, { ...whole, entries: [A, A] }],
    ['vectors as a text', 'BANK_HEADER', 'vectors', { ...whole, vectors: 'AAAA' }],
    [
      "a vector that isn't Base64",
      'BANK_DAMAGED',
      'vectors[0]',
      { ...whole, vectors: [{ ...vectors[0], vector: '%' }] },
    ],
    [
      'a vector of another length',
      'BANK_DAMAGED',
      'vectors[1]',
      { ...whole, vectors: [vectors[0], { ...vectors[1], vector: 'AAAA' }] },
    ],
    ['a negative scale', 'BANK_DAMAGED', 'vectors[0]', { ...whole, vectors: [{ ...vectors[0], scale: -1 }] }],
  ];
  it.each(hostile)('refuses %s', (_name, code, place, json) => {
    const result = parseBankJson(typeof json === 'string' ? json : JSON.stringify(json));
    expect(result).toMatchObject({ ok: false, error: { code, ...(place === undefined ? {} : { place }) } });
  });

  it('never throws on any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        (text) => void expect(parseBankJson(text).ok).toBe(false),
      ),
    );
  });
});
