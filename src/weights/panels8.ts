/**
 * Matrices of eight bits a number as the kernels read them (src/kernels/assembly/quantised.ts): eight rows side by side
 * make a panel, and 32 columns a block of it. For each block eight scales (f32), then for each two columns two words of
 * each of the eight rows. A number is its word times its scale, and the largest of a block has the word 127 or -127.
 */

export const PANEL_ROWS = 8;
/** Numbers of a row that share a scale. */
export const PANEL_BLOCK = 32;
/** Bytes of a block. */
export const BLOCK_BYTES = 4 * PANEL_ROWS + PANEL_ROWS * PANEL_BLOCK;

/** What is smaller has no scale that f32 can tell exactly, and no effect either. */
const NOTHING = 1e-30;

/** Bytes of a matrix, its last panel filled up with rows of zeros. `columns` must be a multiple of 32. */
export function panelBytes(rows: number, columns: number): number {
  return Math.ceil(rows / PANEL_ROWS) * (columns / PANEL_BLOCK) * BLOCK_BYTES;
}

/** @param data rows first, all of them finite */
export function packPanels8(data: Float32Array, columns: number): Uint8Array<ArrayBuffer> {
  const rows = data.length / columns;
  const blocks = columns / PANEL_BLOCK;
  const bytes = new Uint8Array(panelBytes(rows, columns));
  const words = new Int8Array(bytes.buffer);
  const scales = new Float32Array(bytes.buffer);
  for (let row = 0; row < rows; row++) {
    const lane = row % PANEL_ROWS;
    let from = row * columns;
    for (let block = 0; block < blocks; block++, from += PANEL_BLOCK) {
      const to = (((row - lane) / PANEL_ROWS) * blocks + block) * BLOCK_BYTES;
      let most = 0;
      for (let i = from; i < from + PANEL_BLOCK; i++) {
        const size = Math.abs(data[i] as number);
        if (size > most) most = size;
      }
      if (most < NOTHING) continue;
      const scale = Math.fround(most / 127);
      scales[to / 4 + lane] = scale;
      let at = to + 4 * PANEL_ROWS + 2 * lane;
      for (let i = from; i < from + PANEL_BLOCK; i += 2, at += 2 * PANEL_ROWS) {
        words[at] = Math.round((data[i] as number) / scale);
        words[at + 1] = Math.round((data[i + 1] as number) / scale);
      }
    }
  }
  return bytes;
}

/** A tensor as the kernels take it: a matrix in panels, a vector in f32. */
export type EightBitTensor =
  | { readonly data: Float32Array<ArrayBuffer> }
  | { readonly panels: Uint8Array<ArrayBuffer> };

/** Tensors by the names that transformers gives them, read when they are asked for. */
export interface EightBitWeights {
  has(name: string): boolean;
  /** Undefined for a tensor that the model doesn't have. Rejects with what reading the file does. */
  get(name: string): Promise<EightBitTensor | undefined>;
}
