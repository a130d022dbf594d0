/** Matrices of twenty bits a number: assembly/trimmed.ts says how they lie, and why. */

/** Rows of a matrix in a panel. */
export const TRIMMED_ROWS = 32;
/** Bytes of an inner step of a panel. */
const STEP = 80;

/** Bytes of a matrix; its rows must be a multiple of 32. */
export function trimmedBytes(rows: number, inner: number): number {
  return (rows / TRIMMED_ROWS) * inner * STEP;
}

/** Whether twenty bits of each number are all of it. */
export function isTrimmed(data: Float32Array): boolean {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return bits.every((one) => (one & 0xfff) === 0);
}

/**
 * Packs rows of a matrix [out, in].
 * @param packed the whole matrix, of zeros where nothing was packed yet
 * @param row of the whole matrix that the first one becomes
 */
export function packTrimmed(packed: Uint8Array, data: Float32Array, row: number, inner: number): void {
  const words = new Uint16Array(packed.buffer, packed.byteOffset, packed.length / 2);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let from = 0; from < bits.length; from += inner, row++) {
    const [group, lane] = [(row % TRIMMED_ROWS) >> 3, row & 7];
    let to = ((row - (row % TRIMMED_ROWS)) / TRIMMED_ROWS) * inner * (STEP / 2) + lane;
    for (let i = from; i < from + inner; i++, to += STEP / 2) {
      const one = bits[i] as number;
      words[to] = (words[to] as number) | (((one >> 12) & 15) << (4 * group));
      words[to + 8 + 8 * group] = one >>> 16;
    }
  }
}
