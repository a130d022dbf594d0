/** Random models of eight bits a weight, and what these stand for in 32. */
import type { ModelDimensions } from '../kernels/model.ts';
import type { WeightTensor } from '../kernels/placed-weights.ts';
import { packPanels8 } from '../weights/panels8.ts';
import { randomWeights } from './random-model.ts';

export interface RandomModel {
  readonly name: string;
  /** Whether queries and keys are normed. */
  readonly norms: boolean;
  readonly tied: boolean;
  readonly dimensions: ModelDimensions;
}

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

export const EIGHT_BIT_MODELS: readonly RandomModel[] = [
  { name: 'eight/tied', dimensions: LLAMA, norms: false, tied: true },
  { name: 'eight/untied', dimensions: { ...LLAMA, kvHeads: 4, headSize: 32 }, norms: true, tied: false },
];

/** What the panels hold, read back number by number as panels8.ts says that they lie. */
export function unpacked(panels: Uint8Array, rows: number, columns: number): Float32Array {
  const view = new DataView(panels.buffer, panels.byteOffset);
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const block = 288 * (Math.floor(row / 8) * (columns / 32) + Math.floor(column / 32));
    const pair = Math.floor((column % 32) / 2);
    const word = view.getInt8(block + 32 + 16 * pair + 2 * (row % 8) + (column % 2));
    return view.getFloat32(block + 4 * (row % 8), true) * word;
  });
}

/** Columns of a matrix, by its name. */
export function columnsOf(tensor: string, d: ModelDimensions): number {
  if (tensor.includes('down_proj')) return d.feedForward;
  return tensor.includes('o_proj') ? d.heads * d.headSize : d.hidden;
}

/** The weights in eight bits, and what these stand for. */
export function inEightBits({ name, dimensions, norms, tied }: RandomModel) {
  const eight = new Map<string, WeightTensor>();
  const exact = new Map<string, { readonly data: Float32Array }>();
  for (const [tensor, { data }] of randomWeights(name, dimensions, { norms, tied })) {
    const columns = columnsOf(tensor, dimensions);
    const panels = tensor.includes('norm') ? undefined : packPanels8(data, columns);
    eight.set(tensor, panels === undefined ? { data } : { panels });
    exact.set(tensor, {
      data: panels === undefined ? data : unpacked(panels, data.length / columns, columns),
    });
  }
  return { eight, exact };
}
