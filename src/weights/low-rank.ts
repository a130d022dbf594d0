/**
 * The sum that merges a LoRA adapter into rows of a matrix: W + scale * (B A), in f32 as torch computes it on a CPU:
 * the product by fused multiply-adds along the rank, in its order, then one multiplication and one addition, each
 * rounded. peft's merge_and_unload gives the same bits (models/tests/test_convert.py), but for the one in 2^29 sums
 * where rounding f64 to f32 rounds a fused multiply-add twice.
 */

/** Rows that are worked on at once, so that the adapter's rows stay in the CPU's cache. */
const COLUMNS = 1024;
const sums = new Float32Array(COLUMNS);

/**
 * Adds in place.
 * @param weights [rows, columns]
 * @param up B's rows for these rows, [rows, rank]
 * @param down A, [rank, columns]
 */
export function addLowRank(
  weights: Float32Array,
  columns: number,
  up: Float32Array,
  down: Float32Array,
  rank: number,
  scale: number,
): void {
  const factor = Math.fround(scale);
  const rows = weights.length / columns;
  for (let first = 0; first < columns; first += COLUMNS) {
    const width = Math.min(COLUMNS, columns - first);
    for (let row = 0; row < rows; row++) {
      sums.fill(0, 0, width);
      for (let r = 0; r < rank; r++) {
        const b = up[row * rank + r] as number;
        const at = r * columns + first;
        for (let k = 0; k < width; k++) sums[k] = b * (down[at + k] as number) + (sums[k] as number);
      }
      const start = row * columns + first;
      for (let k = 0; k < width; k++) {
        weights[start + k] = (weights[start + k] as number) + Math.fround((sums[k] as number) * factor);
      }
    }
  }
}
