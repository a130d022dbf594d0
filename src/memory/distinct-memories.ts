import { Random } from '../base/random.ts';
import type { PackedBank } from './packed-bank.ts';
import { packVectors, randomVector } from './vectors.ts';

/** For measurements: every memory with a task description of its own, the most that there is to compare. */
export function distinctMemories(count: number, dimension: number): PackedBank {
  const random = new Random('memories');
  const numbers = Array.from({ length: count }, (_, i) => i);
  const each = (value: (i: number) => string): string[] => numbers.map(value);
  return {
    vectors: packVectors(
      numbers.map(() => randomVector(random, dimension)),
      dimension,
    ),
    rows: Uint32Array.from(numbers),
    steps: new Uint16Array(count).fill(7),
    ids: each((i) => `${i}`),
    games: each((i) => `game/${i}`),
    homes: each(() => ''),
    taskTypes: each(() => ''),
    makers: each(() => 'teacher'),
    scripts: each((i) => `${i}`),
  };
}
