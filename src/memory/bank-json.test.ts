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
  const [first, second] = whole.vectors as Record<string, unknown>[];
  it.each<[name: string, code: string, text: string]>([
    ['nothing', 'BANK_NOT_A_BANK', ''],
    ['half a JSON', 'BANK_NOT_A_BANK', '{"format": "duomem-bank"'],
    ['a bank with an id twice', 'ENTRY_TWICE', JSON.stringify({ ...whole, entries: [A, A] })],
  ])('refuses %s', (_name, code, text) => {
    expect(parseBankJson(text)).toMatchObject({ ok: false, error: { code } });
  });
  const trajectory = (...steps: object[]) => ({ entries: [{ ...A, trajectory: { intro: '', steps } }] });
  const provenance = (fields: object) => ({
    entries: [{ ...A, provenance: { ...A.provenance, ...fields } }],
  });
  it.each<[name: string, code: string, place: string, change: object]>([
    ['a list', 'BANK_NOT_A_BANK', 'format', []],
    ['another format', 'BANK_NOT_A_BANK', 'format', { format: 'memory' }],
    ['another version', 'BANK_VERSION', 'version', { version: '1' }],
    ['no name', 'BANK_HEADER', 'name', { name: undefined }],
    ['no embedding model', 'BANK_HEADER', 'embedder', { embedder: 'mine' }],
    ['a broken dimension', 'BANK_HEADER', 'embedder', { embedder: { ...SAMPLE_EMBEDDER, dimension: 1.5 } }],
    ['entries as an object', 'BANK_HEADER', 'entries', { entries: { a: A } }],
    [
      'an entry with a number for a text',
      'ENTRY_INVALID',
      'entries[1].task',
      { entries: [A, { ...B, task: 7 }] },
    ],
    [
      'an entry of blanks',
      'ENTRY_INVALID',
      'entries[0].script.guidelines',
      { entries: [{ ...A, script: { taskName: '', guidelines: ' ' } }] },
    ],
    [
      'a step without an action',
      'ENTRY_INVALID',
      'entries[0].trajectory.steps[0].action',
      trajectory({ observation: '' }),
    ],
    [
      "a maker that there isn't",
      'ENTRY_INVALID',
      'entries[0].provenance.maker',
      provenance({ maker: 'oracle' }),
    ],
    [
      "a seed that isn't a whole number",
      'ENTRY_INVALID',
      'entries[0].provenance.seed',
      provenance({ seed: 0.5 }),
    ],
    [
      'a text beyond its limit',
      'ENTRY_INVALID',
      'entries[0].task',
      { entries: [{ ...A, task: 'x'.repeat(501) }] },
    ],
    [
      'too many steps',
      'ENTRY_INVALID',
      'entries[0].trajectory.steps',
      trajectory(...Array(501).fill(A.trajectory.steps[0])),
    ],
    ['an empty home', 'ENTRY_INVALID', 'entries[0].home', { entries: [{ ...A, home: '' }] }],
    ['vectors as a text', 'BANK_HEADER', 'vectors', { vectors: 'AAAA' }],
    ["a vector that isn't Base64", 'BANK_DAMAGED', 'vectors[0]', { vectors: [{ ...first, vector: '%' }] }],
    [
      'a vector of another length',
      'BANK_DAMAGED',
      'vectors[1]',
      { vectors: [first, { ...second, vector: 'AAAA' }] },
    ],
    ['a negative scale', 'BANK_DAMAGED', 'vectors[0]', { vectors: [{ ...first, scale: -1 }] }],
  ])('refuses %s', (_name, code, place, change) => {
    const json = Array.isArray(change) ? change : { ...whole, ...change };
    expect(parseBankJson(JSON.stringify(json))).toMatchObject({ ok: false, error: { code, place } });
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
