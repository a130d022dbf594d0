/** A runtime over a model that this project's own kernels compute, on the CPU or on the GPU. */
import type { Cache, ModelDimensions } from '../../kernels/model.ts';
import type { Extended, KvCache, Runtime } from './runtime.ts';

interface Model {
  readonly dimensions: ModelDimensions;
  empty(): KvCache;
  extend(cache: Cache, tokens: readonly number[], rows: number): Float32Array | Promise<Float32Array>;
  rewind(cache: Cache, length: number): void;
  release(cache: Cache): void;
}

/** @param close frees the model and what `breathe` holds */
export function modelRuntime(
  device: string,
  model: Model,
  breathe: () => Promise<void>,
  close: () => void,
): Runtime {
  return {
    device,
    vocabulary: model.dimensions.vocabulary,
    contextLimit: model.dimensions.contextLimit,
    breathe,
    empty: () => model.empty(),
    extend: async (cache, tokens, rows): Promise<Extended> => {
      return { cache, logits: await model.extend(cache as Cache, tokens, rows) };
    },
    rewind: async (cache, length) => {
      model.rewind(cache as Cache, length);
      return cache;
    },
    release: (cache) => model.release(cache as Cache),
    dispose: async () => close(),
  };
}
