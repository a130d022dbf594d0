/** Drawing a sample that has something of every kind, by a seed. */
import { compareCodePoints } from './order.ts';
import { Random } from './random.ts';

/**
 * Draws as many as asked, one of each kind in turn as long as it has some: the same for the same seed, whatever order
 * they come in.
 * @param kindOf what is to be drawn from evenly
 * @param nameOf tells them apart
 */
export function sampleByKind<T>(
  all: Iterable<T>,
  kindOf: (one: T) => string,
  nameOf: (one: T) => string,
  count: number,
  seed: number | string,
): T[] {
  const kinds = new Map<string, T[]>();
  for (const one of all) {
    const kind = kindOf(one);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, [one]);
    else known.push(one);
  }
  const random = new Random(`sample/${seed}`);
  const names = [...kinds.keys()].sort(compareCodePoints);
  const drawn = names.map((kind) =>
    random
      .fork(kind)
      .shuffle((kinds.get(kind) ?? []).sort((a, b) => compareCodePoints(nameOf(a), nameOf(b)))),
  );
  random.shuffle(drawn);
  const sample: T[] = [];
  for (let round = 0; sample.length < count; round++) {
    const left = drawn.filter((those) => those.length > round);
    if (left.length === 0) break;
    for (const those of left.slice(0, count - sample.length)) sample.push(those[round] as T);
  }
  return sample;
}
