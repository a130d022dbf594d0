// The products with weights of eight bits against the same numbers in f32, and the promise that holds for them too: the
// same bits in whatever pieces.
import { describe, expect, test } from 'vitest';
import { randomWeights } from '../testing/random-model.ts';
import { packPanels8, panelBytes } from '../weights/panels8.ts';
import { runsHere } from './load.ts';
import { KernelModel, type ModelDimensions } from './model.ts';
import type { WeightTensor } from './placed-weights.ts';

const LLAMA: ModelDimensions = {
  vocabulary: 97,
  hidden: 96,
  feedForward: 160,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headSize: 24,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  contextLimit: 384,
};
const MODELS = [
  { name: 'eight/tied', dimensions: LLAMA, norms: false, tied: true },
  { name: 'eight/untied', dimensions: { ...LLAMA, kvHeads: 4, headSize: 32 }, norms: true, tied: false },
];
const BUILDS = (['simd', 'relaxed'] as const).filter(runsHere);

/** What the panels hold, read back number by number as panels8.ts says that they lie. */
function unpacked(panels: Uint8Array, rows: number, columns: number): Float32Array {
  const view = new DataView(panels.buffer, panels.byteOffset);
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const block = 288 * (Math.floor(row / 8) * (columns / 32) + Math.floor(column / 32));
    const pair = Math.floor((column % 32) / 2);
    const word = view.getInt8(block + 32 + 16 * pair + 2 * (row % 8) + (column % 2));
    return view.getFloat32(block + 4 * (row % 8), true) * word;
  });
}

/** The model's weights in eight bits, and what these stand for in f32. */
function bothOf({ name, dimensions: d, norms, tied }: (typeof MODELS)[number]) {
  const eight = new Map<string, WeightTensor>();
  const exact = new Map<string, { data: Float32Array }>();
  for (const [tensor, { data }] of randomWeights(name, d, { norms, tied })) {
    const columns = tensor.includes('down_proj')
      ? d.feedForward
      : tensor.includes('o_proj')
        ? d.heads * d.headSize
        : d.hidden;
    if (tensor.includes('norm')) {
      eight.set(tensor, { data });
      exact.set(tensor, { data });
      continue;
    }
    const panels = packPanels8(data, columns);
    expect(panels.length).toBe(panelBytes(data.length / columns, columns));
    const back = unpacked(panels, data.length / columns, columns);
    // Within half a step of the largest number of its block.
    let far = 0;
    for (let from = 0; from < data.length; from += 32) {
      const block = data.subarray(from, from + 32);
      const step = block.reduce((top, one) => Math.max(top, Math.abs(one)), 0) / 127;
      far += block.filter((x, i) => Math.abs(x - (back[from + i] as number)) > step * 0.5001).length;
    }
    expect(far).toBe(0);
    eight.set(tensor, { panels });
    exact.set(tensor, { data: back });
  }
  return { eight, exact };
}

describe.each(BUILDS)('the %s build, with weights of eight bits', (build) => {
  test.each(MODELS)('computes what f32 computes of the same numbers: $name', async (model) => {
    const { eight, exact } = bothOf(model);
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
    const { eight } = bothOf(MODELS[0] as (typeof MODELS)[number]);
    (eight.get('model.layers.1.input_layernorm.weight') as { data: Float32Array }).data[0] = Number.NaN;
    const kernels = await KernelModel.create(LLAMA, eight, build);
    expect(kernels.extend(kernels.empty(), [1, 2, 3], 1).every(Number.isNaN)).toBe(true);
  });
});

test('a tensor that is missing, too short or of the other kind is named', async () => {
  const model = MODELS[0] as (typeof MODELS)[number];
  const name = 'model.layers.1.mlp.up_proj.weight';
  for (const [wrong, said] of [
    [undefined, /lacks .*up_proj/],
    [{ panels: new Uint8Array(288) }, /up_proj.* size/],
    [{ data: new Float32Array(160 * 96) }, /up_proj.* another way/],
  ] as const) {
    const { eight } = bothOf(model);
    if (wrong === undefined) eight.delete(name);
    else eight.set(name, wrong);
    await expect(KernelModel.create(LLAMA, eight, 'simd')).rejects.toThrow(said);
  }
});
