/**
 * The interface to sentence encoders, and who one is: vectors of different encoders must never be compared, so
 * every bank carries the identity of its own.
 */
import { ok, type Result, refuse } from '../base/result.ts';

export interface EmbedderIdentity {
  /** The model's name, as its manifest or the hub has it. */
  readonly name: string;
  /** Of the weights and the tokenizer: SHA-256 in hex of our own, `<revision>/<dtype>` of a hub's model. */
  readonly hash: string;
  /** Components of a vector. */
  readonly dimension: number;
}

export interface Embedder {
  readonly identity: EmbedderIdentity;
  /** One vector of unit length a text, in order; for no text the model is opened all the same. Code EMBEDDER_FAILED. */
  embed(texts: readonly string[]): Promise<Result<Float32Array[]>>;
}

export function sameEmbedder(a: EmbedderIdentity, b: EmbedderIdentity): boolean {
  return a.name === b.name && a.hash === b.hash && a.dimension === b.dimension;
}

/** Code BANK_OTHER_EMBEDDER where a bank was made with another embedding model than the one in use. */
export function requireEmbedder(
  bank: EmbedderIdentity,
  used: EmbedderIdentity,
  place?: string,
): Result<true> {
  if (sameEmbedder(bank, used)) return ok(true);
  return refuse(
    'BANK_OTHER_EMBEDDER',
    `This memory bank was made with the embedding model ${describe(bank)}, the one in use is ${describe(used)}; embed the bank again to use it.`,
    place,
  );
}

function describe({ name, hash, dimension }: EmbedderIdentity): string {
  return `${name} (${hash.slice(0, 12)}, ${dimension} components)`;
}
