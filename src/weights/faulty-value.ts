/** How a number that can't be computed with or stored is refused: in the same words wherever it's met. */
import { type Refused, refuse } from '../base/result.ts';

/**
 * `row 3, column 5`.
 * @param index of the value among rows of so many columns
 * @param row of the first of them in the tensor
 */
export function cellAt(index: number, columns: number, row = 0): string {
  return `row ${row + Math.floor(index / columns)}, column ${index % columns}`;
}

export function notFinite(tensor: string, at: string): Refused<'TENSOR_NOT_FINITE'> {
  return refuse('TENSOR_NOT_FINITE', `The tensor holds an infinite or undefined value at ${at}.`, tensor);
}

/** It would be infinity. */
export function beyondFloat16(tensor: string, at: string): Refused<'TENSOR_RANGE'> {
  return refuse('TENSOR_RANGE', `The value at ${at} is too large for f16.`, tensor);
}
