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
