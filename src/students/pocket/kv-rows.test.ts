import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KvRows } from './kv-rows.ts';

const [HEADS, SIZE] = [3, 2];
const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant('cut' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

test('holds what lists of rows, one a head, would hold', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const rows = new KvRows(HEADS, SIZE, (length) => new Float32Array(length));
      let lists: number[][] = Array.from({ length: HEADS }, () => []);
      let next = 0;
      for (const one of steps) {
        if (one.kind === 'append') {
          const added = lists.map(() => Array.from({ length: one.count * SIZE }, () => ++next));
          rows.append(Float32Array.from(added.flat()), one.count);
          lists = lists.map((list, head) => [...list, ...(added[head] as number[])]);
        } else {
          const length = Math.floor(one.share * rows.length);
          rows.cut(length);
          lists = lists.map((list) => list.slice(0, length * SIZE));
        }
        expect(rows.length).toBe((lists[0] as number[]).length / SIZE);
        expect([...rows.values]).toEqual(lists.flat());
      }
    }),
    { numRuns: 60 },
  );
});

test('makes room seldom', () => {
  let made = 0;
  const rows = new KvRows(1, 1, (length) => {
    made++;
    return new Float32Array(length);
  });
  for (let i = 0; i < 4096; i++) rows.append(Float32Array.of(i), 1);
  // Nothing; then 256, 512, 1,024, 2,048, 4,096.
  expect(made).toBe(6);
});
