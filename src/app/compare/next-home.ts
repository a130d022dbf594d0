/** Which home comes after one: drawn by a seed, so that nobody chose them. */
import { Random } from '../../base/random.ts';

/** So many homes are drawn from. */
const HOMES = 10_000;

export function nextHome(home: number): number {
  return new Random(`the home after ${home}`).int(HOMES);
}
