import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  bitsOf,
  decodeFloats,
  firstBeyondFloat16,
  firstNotFinite,
  packBfloat16,
  packFloat16,
  roundToFloat16,
} from './float-blocks.ts';
import { fromFloat16, toFloat16 } from './floats.ts';

const floats = fc.array(
  fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ noNaN: true, min: -70000, max: 70000 }),
    fc.float({ noNaN: true, min: Math.fround(-2e-7), max: Math.fround(2e-7) }),
    fc.float({ noNaN: true, min: Math.fround(-1e-4), max: Math.fround(1e-4) }),
    fc.nat(0xffff).map(fromFloat16),
  ),
  { maxLength: 40 },
);
const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);

it('decodes every half-precision number: as floats.ts does, and the upper half of an f32', () => {
  const [half, brain] = [new Float32Array(0x10000), new Float32Array(0x10000)];
  decodeFloats(new Uint8Array(all.buffer), 'F16', half);
  decodeFloats(new Uint8Array(all.buffer), 'BF16', brain);
  expect(bitsOf(half)).toEqual(bitsOf(Float32Array.from(all, fromFloat16)));
  expect(bitsOf(brain)).toEqual(Uint32Array.from(all, (bits) => bits << 16));
});

it('decodes f32', () => {
  const values = Float32Array.of(1.5, -0, 3e38);
  const out = new Float32Array(3);
  decodeFloats(new Uint8Array(values.buffer), 'F32', out);
  expect(out).toEqual(values);
});

it('rounds and packs binary16 as floats.ts does, and finds what is too large', () => {
  fc.assert(
    fc.property(floats, (numbers) => {
      const values = Float32Array.from(numbers).filter((x) => !Number.isNaN(x));
      const expected = Array.from(values, toFloat16);
      const tooLarge = expected.findIndex((h, i) => (h & 0x7fff) === 0x7c00 && Number.isFinite(values[i]));
      const usable = expected.map((h) => (h & 0x7fff) < 0x7c00);
      const first = roundToFloat16(values);
      if (tooLarge === -1 || first === -1) expect(first === -1 || !usable[first]).toBe(true);
      else expect(first <= tooLarge).toBe(true);
      const out = new Uint16Array(values.length);
      packFloat16(values, out);
      expected.forEach((h, i) => {
        if (!usable[i]) return;
        expect(out[i]).toBe(h);
        expect(Object.is(values[i], fromFloat16(h))).toBe(true);
      });
    }),
  );
});

/** bfloat16 bits of a finite number, to nearest, ties to even. */
function toBfloat16(x: number): number {
  const [bits = 0] = bitsOf(Float32Array.of(x));
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

it('packs bfloat16 by the definition, and cuts what is beyond the largest', () => {
  fc.assert(
    fc.property(floats, (numbers) => {
      const values = Float32Array.from(numbers).filter((x) => Number.isFinite(x));
      const out = new Uint16Array(values.length);
      packBfloat16(values, out);
      values.forEach((x, i) => {
        expect(out[i]).toBe(Math.abs(x) > 3.3895313892515355e38 ? (x > 0 ? 0x7f7f : 0xff7f) : toBfloat16(x));
      });
    }),
  );
  const out = new Uint16Array(1);
  packBfloat16(Float32Array.of(-3.4028234663852886e38), out);
  expect(out[0]).toBe(0xff7f);
});

it("finds the first value that isn't finite", () => {
  const values = Float32Array.of(0, -3.4028234663852886e38, 1e-45);
  expect(firstNotFinite(values)).toBe(-1);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(firstNotFinite(Float32Array.of(...values, bad, bad))).toBe(3);
  }
});

it('tells what binary16 has only infinity for', () => {
  expect(firstBeyondFloat16(Float32Array.of(0, 65504, -65519.99))).toBe(-1);
  for (const x of [65520, -65520, 1e5, Number.NEGATIVE_INFINITY, Number.NaN])
    expect(firstBeyondFloat16(Float32Array.of(1, x, x))).toBe(1);
});
