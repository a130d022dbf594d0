import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packTrace, unpackTrace } from './share.ts';

test('a link gives back what was put into it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 5000 }), async (text) => {
      const packed = await packTrace(text);
      expect(packed).toMatch(/^[\w-]*$/);
      expect(await unpackTrace(packed)).toEqual({ ok: true, value: text });
    }),
    { numRuns: 50 },
  );
});

test('a link that was cut off, changed or swollen is refused in words', async () => {
  const packed = await packTrace('some text '.repeat(500));
  for (const damaged of [packed.slice(0, packed.length / 2), 'not base64 !', 'AAAA']) {
    expect(await unpackTrace(damaged)).toMatchObject({ ok: false, error: { code: 'LINK_DAMAGED' } });
  }
  const bomb = await packTrace('\0'.repeat(9_000_000));
  expect(await unpackTrace(bomb)).toMatchObject({ ok: false, error: { code: 'TRACE_TOO_LARGE' } });
});

test('a link survives what texts and mail programs do to links', async () => {
  const text = Array.from({ length: 400 }, (_, i) => `${i} go to fridge ${i % 7}, then look`).join('\n');
  const packed = await packTrace(text);
  expect(packed).toMatch(/-/);
  expect(packed).toMatch(/_/);
  const standard = packed.replaceAll('-', '+').replaceAll('_', '/');
  const links = [
    ...['.', ')', '>', ').', '”,', '=', '==', '…', '\n'].map((behind) => packed + behind),
    standard,
    `${standard}=`,
    // As an address reads it.
    new URLSearchParams(`t=${standard}`).get('t') ?? '',
    `${packed.slice(0, 76)}\r\n${packed.slice(76)}`,
  ];
  for (const link of links)
    expect(await unpackTrace(link), link.slice(-8)).toEqual({ ok: true, value: text });
});
