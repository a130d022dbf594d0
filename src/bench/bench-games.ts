/** The games that the benchmark plays: homes of our own, so that everyone has them. */

import { sha256Text } from '../base/sha256.ts';
import { generateHome } from '../homes/index.ts';

const FIRST = 1000;
const COUNT = 4;

interface BenchGames {
  /** Texts of the files, for the engine. */
  readonly texts: readonly string[];
  /** Of all of them. */
  readonly sha256: string;
}

export async function benchGames(): Promise<BenchGames> {
  const texts = Array.from({ length: COUNT }, (_, i) => generateHome(FIRST + i).game(0).text);
  return { texts, sha256: sha256Text(texts.join('\n')) };
}

/** The task that a student plays: what a visitor of the page sees first. */
export function benchTask(): { readonly key: string; readonly taskType: string; readonly text: string } {
  return generateHome(7, { habits: 0.9 }).game(0);
}

/** Sentences to embed and to look memories up for. */
export function benchTasks(
  count: number,
): readonly { readonly key: string; readonly taskType: string; readonly text: string }[] {
  const home = generateHome(FIRST);
  return Array.from({ length: count }, (_, i) => home.game(i));
}
