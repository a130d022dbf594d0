/**
 * Eight-bit numbers with a scale for each block along a row, as ONNX Runtime's MatMulNBits reads them: w is
 * (q - 128) * scale, with scale = max|w| / 127, rounded to nearest. What a row lacks to whole blocks stands for zeros.
 */

export const QUANTISED_BLOCK = 32;
const ZERO = 128;

/**
 * @param weights rows of so many columns
 * @param words for each row its blocks, at least as many as there are weights
 * @param scales one a block
 */
export function quantise8(
  weights: Float32Array,
  columns: number,
  words: Uint8Array,
  scales: Float32Array,
): void {
  const blocks = Math.ceil(columns / QUANTISED_BLOCK);
  const rows = weights.length / columns;
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * QUANTISED_BLOCK;
      const end = Math.min(start + QUANTISED_BLOCK, (row + 1) * columns);
      let largest = 0;
      for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(weights[i] as number));
      const scale = Math.fround(largest / 127);
      const to = (row * blocks + block) * QUANTISED_BLOCK;
      scales[row * blocks + block] = scale;
      words.fill(ZERO, to, to + QUANTISED_BLOCK);
      if (scale === 0) continue;
      for (let i = start; i < end; i++)
        words[to + i - start] = ZERO + Math.round((weights[i] as number) / scale);
    }
  }
}
