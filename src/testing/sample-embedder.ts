/** An embedder for tests: a vector of the text's hash, with no model. It counts what it was asked to embed. */
import { ok } from '../base/result.ts';
import type { Embedder, EmbedderIdentity } from '../memory/embedder.ts';
import { SAMPLE_EMBEDDER, sampleVector } from './sample.ts';

export function sampleEmbedder(
  identity: EmbedderIdentity = SAMPLE_EMBEDDER,
): Embedder & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    identity,
    asked,
    embed: async (texts) => {
      asked.push(...texts);
      return ok(texts.map((text) => sampleVector(text, identity.dimension)));
    },
  };
}
