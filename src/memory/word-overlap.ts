/** Plain word overlap, what an embedding has to beat: cosine of word counts, rarer words weighing more (tf-idf). */

/** Ranks texts for queries by the words they share; equal ones in the texts' order. */
export class WordOverlap {
  readonly #weights = new Map<string, number>();
  readonly #rarest: number;
  readonly #vectors: readonly ReadonlyMap<string, number>[];

  constructor(texts: readonly string[]) {
    const holding = new Map<string, number>();
    for (const text of texts) {
      for (const word of new Set(wordsOf(text))) holding.set(word, (holding.get(word) ?? 0) + 1);
    }
    for (const [word, count] of holding) this.#weights.set(word, Math.log(1 + texts.length / count));
    this.#rarest = Math.log(1 + texts.length);
    this.#vectors = texts.map((text) => this.#vectorOf(text));
  }

  /** Indices of the k texts that share most with a query. */
  top(query: string, k: number): number[] {
    const wanted = this.#vectorOf(query);
    const scored = this.#vectors.map((vector, index) => {
      let score = 0;
      for (const [word, weight] of wanted) score += weight * (vector.get(word) ?? 0);
      return { index, score: Math.round(score * 1e6) };
    });
    scored.sort((a, b) => b.score - a.score || a.index - b.index);
    return scored.slice(0, k).map(({ index }) => index);
  }

  /** Word weights of length 1. */
  #vectorOf(text: string): Map<string, number> {
    const vector = new Map<string, number>();
    for (const word of wordsOf(text)) {
      vector.set(word, (vector.get(word) ?? 0) + (this.#weights.get(word) ?? this.#rarest));
    }
    const length = Math.hypot(...vector.values()) || 1;
    for (const [word, weight] of vector) vector.set(word, weight / length);
    return vector;
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
}
