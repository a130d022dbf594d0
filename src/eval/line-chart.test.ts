import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineChart } from './line-chart.ts';

const numbers = fc.record({ x: fc.nat(100), y: fc.double({ min: 0.01, max: 1e4, noNaN: true }) });

test('every point stands inside the picture, higher ones above lower ones', () => {
  fc.assert(
    fc.property(fc.uniqueArray(numbers, { minLength: 2, maxLength: 8, selector: ({ x }) => x }), (points) => {
      const svg = lineChart({ title: 't', x: 'x', y: 'y', lines: [{ name: 'a', points }] });
      const drawn = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, cx, cy]) => [
        Number(cx),
        Number(cy),
      ]);
      expect(drawn).toHaveLength(points.length);
      for (const [i, [cx = 0, cy = 0]] of drawn.entries()) {
        expect(cx).toBeGreaterThanOrEqual(56);
        expect(cx).toBeLessThanOrEqual(430);
        expect(cy).toBeGreaterThanOrEqual(43.9);
        expect(cy).toBeLessThanOrEqual(272.1);
        const [first] = drawn;
        const higher = (points[i]?.y ?? 0) - (points[0]?.y ?? 0);
        if (higher > 0) expect(cy).toBeLessThanOrEqual(first?.[1] ?? 0);
      }
    }),
  );
});

test("names can't break out of the picture", () => {
  const line = { name: '</svg><script>', points: [{ x: 0, y: 1 }] };
  const svg = lineChart({ title: '"<&', x: 'x', y: 'y', lines: [line] });
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('&#60;/svg&#62;&#60;script&#62;');
});
