// The products with weights of eight bits against the same numbers in f32, and the promise that holds for them too: the
// same bits in whatever pieces.
import { describe, expect, test } from 'vitest';
import {
  columnsOf,
  EIGHT_BIT_MODELS,
  inEightBits,
  type RandomModel,
  unpacked,
} from '../testing/eight-bit-models.ts';
import { randomWeights } from '../testing/random-model.ts';
import { packPanels8, panelBytes } from '../weights/panels8.ts';
import { runsHere } from './load.ts';
import { KernelModel } from './model.ts';

const MODEL = EIGHT_BIT_MODELS[0] as RandomModel;
const BUILDS = (['simd', 'relaxed'] as const).filter(runsHere);

test.each(EIGHT_BIT_MODELS)(
  'panels hold each number within half a step: $name',
  ({ name, dimensions, ...kind }) => {
    for (const [tensor, { data }] of randomWeights(name, dimensions, kind)) {
      if (tensor.includes('norm')) continue;
      const columns = columnsOf(tensor, dimensions);
      const panels = packPanels8(data, columns);
      expect(panels.length).toBe(panelBytes(data.length / columns, columns));
      const back = unpacked(panels, data.length / columns, columns);
      let far = 0;
      for (let from = 0; from < data.length; from += 32) {
        const block = data.subarray(from, from + 32);
        const step = block.reduce((top, one) => Math.max(top, Math.abs(one)), 0) / 127;
        far += block.filter((x, i) => Math.abs(x - (back[from + i] as number)) > step * 0.5001).length;
      }
      expect(far).toBe(0);
    }
  },
);

describe.each(BUILDS)('the %s build, with weights of eight bits', (build) => {
  test.each(EIGHT_BIT_MODELS)('computes what f32 computes of the same numbers: $name', async (model) => {
    const { eight, exact } = inEightBits(model);
    const d = model.dimensions;
    const [a, b] = [await KernelModel.create(d, eight, build), await KernelModel.create(d, exact, build)];
    const prompt = Array.from({ length: 150 }, (_, i) => (i * 7) % d.vocabulary);
    const logits = a.extend(a.empty(), prompt, prompt.length);
    const expected = b.extend(b.empty(), prompt, prompt.length);
    const largest = expected.reduce((top, one) => Math.max(top, Math.abs(one)), 0);
    const off = logits.reduce((top, one, i) => Math.max(top, Math.abs(one - (expected[i] as number))), 0);
    expect(largest).toBeGreaterThan(1);
    expect(off).toBeLessThan(largest * 1e-3);
    for (const sizes of [[1], [2, 3], [127, 5]]) {
      const cache = a.empty();
      const said = new Float32Array(logits.length);
      for (let at = 0, i = 0; at < prompt.length; i++) {
        const piece = prompt.slice(at, at + (sizes[i % sizes.length] as number));
        said.set(a.extend(cache, piece, piece.length), at * d.vocabulary);
        at += piece.length;
      }
      expect(Buffer.from(said.buffer).equals(Buffer.from(logits.buffer))).toBe(true);
    }
  });

  test('a number that is none shows in the logits', async () => {
    const { eight } = inEightBits(MODEL);
    (eight.get('model.layers.1.input_layernorm.weight') as { data: Float32Array }).data[0] = Number.NaN;
    const kernels = await KernelModel.create(MODEL.dimensions, eight, build);
    expect(kernels.extend(kernels.empty(), [1, 2, 3], 1).every(Number.isNaN)).toBe(true);
  });
});

test('a tensor that is missing, too short or of the other kind is named', async () => {
  const name = 'model.layers.1.mlp.up_proj.weight';
  for (const [wrong, said] of [
    [undefined, /lacks .*up_proj/],
    [{ panels: new Uint8Array(288) }, /up_proj.* size/],
    [{ data: new Float32Array(160 * 96) }, /up_proj.* another way/],
  ] as const) {
    const { eight } = inEightBits(MODEL);
    if (wrong === undefined) eight.delete(name);
    else eight.set(name, wrong);
    await expect(KernelModel.create(MODEL.dimensions, eight, 'simd')).rejects.toThrow(said);
  }
});
