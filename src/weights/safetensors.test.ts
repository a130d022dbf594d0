import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { decodeFloats, packBfloat16 } from './float-blocks.ts';
import { fromFloat16, toFloat16 } from './floats.ts';
import { parseSafetensorsHeader, Safetensors } from './safetensors.ts';

/** A file with this header and so many bytes of data. */
function file(header: unknown, data: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const tail = typeof data === 'number' ? new Uint8Array(data) : data;
  const out = new Uint8Array(8 + text.length + tail.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(tail, 8 + text.length);
  return out;
}
const tensor = (dtype: string, shape: unknown, begin: number, end: number): object => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const codeOf = (bytes: Uint8Array): string => {
  const result = Safetensors.parse(bytes);
  return result.ok ? 'ok' : result.error.code;
};

describe('Safetensors', () => {
  it('reads f32, f16 and bf16, at any alignment', () => {
    const data = new Uint8Array(4 + 4 + 2);
    const view = new DataView(data.buffer);
    view.setFloat32(0, -1.5, true);
    view.setUint16(4, toFloat16(0.25), true);
    view.setUint16(6, toFloat16(-65504), true);
    view.setUint16(8, 0x4040, true);
    for (const pad of ['', ' ', '  ', '   ']) {
      const header = JSON.stringify({
        __metadata__: { format: 'pt' },
        b: tensor('F16', [2], 4, 8),
        a: tensor('F32', [1, 1], 0, 4),
        c: tensor('BF16', [], 8, 10),
      });
      const parsed = unwrap(Safetensors.parse(file(header + pad, data)));
      expect(parsed.header.metadata.get('format')).toBe('pt');
      const values = (name: string, shape: number[]): number[] => {
        const read = parsed.tensor(name, shape);
        return read.ok ? [...read.value.data] : [];
      };
      expect(values('a', [1, 1])).toEqual([-1.5]);
      expect(values('b', [2])).toEqual([0.25, -65504]);
      expect(values('c', [])).toEqual([3]);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0), 'SAFETENSORS_SHORT'],
    ['seven bytes', new Uint8Array(7), 'SAFETENSORS_SHORT'],
    ['a header beyond the end', file('{}').subarray(0, 9), 'SAFETENSORS_SHORT'],
    ['an enormous header', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), 'SAFETENSORS_HEADER'],
    ['no JSON', file('{"a":'), 'SAFETENSORS_HEADER'],
    ['a list', file([]), 'SAFETENSORS_HEADER'],
    ['an unknown dtype', file({ a: tensor('F99', [1], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ['a dtype named like a method', file({ a: tensor('toString', [1], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ['a negative size', file({ a: tensor('F32', [-1], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ["a size that isn't a number", file({ a: tensor('F32', ['1'], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ['a size that overflows', file({ a: tensor('F32', [2 ** 52, 2 ** 52], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ['a shape of other size', file({ a: tensor('F32', [2], 0, 4) }, 4), 'SAFETENSORS_TENSOR'],
    ['offsets backwards', file({ a: tensor('F32', [1], 4, 0) }, 4), 'SAFETENSORS_TENSOR'],
    ['a tensor beyond the end', file({ a: tensor('F32', [1], 0, 4) }, 3), 'SAFETENSORS_LENGTH'],
    ['bytes left over', file({ a: tensor('F32', [1], 0, 4) }, 5), 'SAFETENSORS_LENGTH'],
    ['overlap', file({ a: tensor('F32', [1], 0, 4), b: tensor('F32', [1], 2, 6) }, 6), 'SAFETENSORS_TENSOR'],
    ['a hole', file({ a: tensor('F32', [1], 0, 4), b: tensor('F32', [1], 5, 9) }, 9), 'SAFETENSORS_TENSOR'],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('refuses a tensor that is missing, of another shape, of whole numbers or not finite', () => {
    const data = new Uint8Array(12);
    new DataView(data.buffer).setFloat32(8, Number.NaN, true);
    const parsed = unwrap(
      Safetensors.parse(
        file(
          { a: tensor('F32', [1], 0, 4), i: tensor('I32', [1], 4, 8), n: tensor('F32', [1], 8, 12) },
          data,
        ),
      ),
    );
    const code = (name: string, shape: number[]): string => {
      const read = parsed.tensor(name, shape);
      return read.ok ? 'ok' : read.error.code;
    };
    expect(code('b', [1])).toBe('TENSOR_MISSING');
    expect(code('a', [2])).toBe('TENSOR_SHAPE');
    expect(code('a', [1, 1])).toBe('TENSOR_SHAPE');
    expect(code('i', [1])).toBe('TENSOR_DTYPE');
    expect(code('n', [1])).toBe('TENSOR_NOT_FINITE');
    expect(code('a', [1])).toBe('ok');
  });

  it('takes any bytes without throwing', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => file(json, 8)),
    );
    fc.assert(fc.property(anything, (bytes) => void Safetensors.parse(bytes)));
  });

  it('reads the header from the beginning of a file alone', () => {
    const bytes = file({ a: tensor('F32', [1000], 0, 4000) }, 4000);
    expect(parseSafetensorsHeader(bytes.subarray(0, bytes.length - 4000), bytes.length).ok).toBe(true);
  });
});

describe('half-precision numbers', () => {
  it('undo each other for every binary16', () => {
    for (let h = 0; h < 0x10000; h++) {
      const x = fromFloat16(h);
      if (Number.isNaN(x)) expect(Number.isNaN(fromFloat16(toFloat16(x)))).toBe(true);
      else if (toFloat16(x) !== h) throw new Error(`${h} became ${toFloat16(x)}`);
    }
  });

  it('round to the nearest binary16, ties to even', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65000, max: 65000 }), (x) => {
        const h = toFloat16(x);
        const here = fromFloat16(h);
        const magnitude = h & 0x7fff;
        const neighbours = [magnitude - 1, magnitude + 1].filter((m) => m >= 0).map((m) => (h & 0x8000) | m);
        for (const other of neighbours) {
          const distance = Math.abs(fromFloat16(other) - x) - Math.abs(here - x);
          expect(distance > 0 || (distance === 0 && (h & 1) === 0)).toBe(true);
        }
      }),
    );
  });

  // Known answers of numpy.float16 and of torch's bfloat16.
  it.each([
    [1, 0x3c00, 0x3f80],
    [-2.5, 0xc100, 0xc020],
    [65519, 0x7bff, 0x4780],
    [65520, 0x7c00, 0x4780],
    [2 ** -24, 0x0001, 0x3380],
    [2 ** -25, 0x0000, 0x3300],
    [1.00390625, 0x3c04, 0x3f80],
    [1.01171875, 0x3c0c, 0x3f82],
    [Number.POSITIVE_INFINITY, 0x7c00, 0x7f80],
  ])('%f', (x, half, brain) => {
    expect(toFloat16(x)).toBe(half);
    const [packed, back] = [new Uint16Array(1), new Float32Array(1)];
    packBfloat16(Float32Array.of(x), packed);
    expect(packed[0]).toBe(brain);
    decodeFloats(new Uint8Array(packed.buffer), 'BF16', back);
    const [value = Number.NaN] = back;
    expect(value === x || Math.abs(value - x) <= Math.abs(x) * 2 ** -8).toBe(true);
  });
});
