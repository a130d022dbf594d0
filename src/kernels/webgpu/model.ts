/**
 * The forward pass on a GPU of a model whose tokens a workgroup holds (shader.ts). A prompt takes one dispatch more than
 * the model has layers; a token of a reply and those behind it take one.
 */
import type { ModelDimensions, WeightTensors } from '../model.ts';
import {
  ALIGNED,
  COMPUTE,
  COPY_DST,
  COPY_SRC,
  type GpuCache,
  GpuConversations,
  type GpuOptions,
  PROMPT_BATCH,
  STORAGE,
  UNIFORM,
} from './conversations.ts';
import { layoutOf, placed, turns } from './layout.ts';
import { BINDINGS, cacheVectors, PARAMS, shaderOf, unfitForGpu } from './shader.ts';

/** What a dispatch walks: shader.ts says what each of them means. */
interface Walk {
  readonly length: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly wanted: number;
  readonly skip?: number;
  readonly choosing?: number;
}

/** Tokens computed in one dispatch, at most. */
const MOST_AHEAD = 64;

export class GpuModel extends GpuConversations {
  protected readonly tokenBytes: readonly number[];
  readonly #walk: GPUComputePipeline;
  readonly #groups: readonly [GPUBindGroupLayout, GPUBindGroupLayout];
  readonly #buffers: Record<(typeof BINDINGS)[number], GPUBuffer>;
  /** Places for a head's scores. */
  #capacity = 0;

  private constructor(
    d: ModelDimensions,
    device: GPUDevice,
    options: GpuOptions,
    groups: readonly [GPUBindGroupLayout, GPUBindGroupLayout],
    walk: GPUComputePipeline,
    weights: Float32Array<ArrayBuffer>,
  ) {
    super(d, device, options, MOST_AHEAD);
    this.tokenBytes = [16 * cacheVectors(d)];
    this.#groups = groups;
    this.#walk = walk;
    const attended = d.heads * d.headSize;
    this.#buffers = {
      params: this.buffer(ALIGNED * (d.layers + 1), UNIFORM | COPY_DST),
      weights: this.filled(weights),
      turns: this.filled(turns(d)),
      scores: this.buffer(4, STORAGE),
      carried: this.buffer(4 * PROMPT_BATCH * (d.hidden + attended), STORAGE),
      logits: this.buffer(4 * PROMPT_BATCH * d.vocabulary, STORAGE | COPY_SRC),
      tokens: this.buffer(4 * (1 + PROMPT_BATCH), STORAGE | COPY_SRC | COPY_DST),
    };
  }

  /**
   * @param weights copied; all that transformers names, of the shapes that the dimensions give
   * Throws what the device fails with, where it can't hold the model, and where a tensor is missing.
   */
  static async create(
    d: ModelDimensions,
    weights: WeightTensors,
    device: GPUDevice,
    options: GpuOptions,
  ): Promise<GpuModel> {
    const reason = unfitForGpu(d);
    if (reason !== undefined) throw new Error(reason);
    const layout = layoutOf(d, (name) => weights.has(name));
    const numbers = placed(d, weights, layout);
    const { maxStorageBufferBindingSize: most } = device.limits;
    if (numbers.byteLength > most) {
      const [needed, given] = [numbers.byteLength, most].map((bytes) => Math.ceil(bytes / 1e6));
      throw new Error(`the GPU hands out ${given} MB at a time, and the weights take ${needed}`);
    }
    const type = (name: (typeof BINDINGS)[number]): GPUBindGroupLayoutEntry['buffer'] => {
      if (name === 'params') return { type: 'uniform', hasDynamicOffset: true, minBindingSize: 4 * PARAMS };
      return { type: name === 'weights' || name === 'turns' ? 'read-only-storage' : 'storage' };
    };
    const shared = device.createBindGroupLayout({
      entries: BINDINGS.map((name, binding) => ({ binding, visibility: COMPUTE, buffer: type(name) ?? {} })),
    });
    const own = device.createBindGroupLayout({
      entries: [{ binding: 0, visibility: COMPUTE, buffer: { type: 'storage' } }],
    });
    const walk = await device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [shared, own] }),
      compute: { module: device.createShaderModule({ code: shaderOf(d, layout) }), entryPoint: 'walk' },
    });
    return new GpuModel(d, device, options, [shared, own], walk, numbers);
  }

  protected free(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
  }

  protected bind({ buffers, capacity }: GpuCache): GPUBindGroup[] {
    if (capacity > this.#capacity) {
      this.#capacity = capacity;
      this.#buffers.scores.destroy();
      this.#buffers.scores = this.buffer(4 * PROMPT_BATCH * this.dimensions.heads * capacity, STORAGE);
    }
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    return [this.device.createBindGroup({ layout: this.#groups[1], entries })];
  }

  /** One dispatch. */
  protected async reply(cache: GpuCache, token: number, count: number) {
    const { vocabulary, layers } = this.dimensions;
    this.#write(
      [token],
      [{ length: cache.length, count, first: 0, last: layers, wanted: count, choosing: 1 }],
    );
    const encoder = this.device.createCommandEncoder();
    this.#dispatch(encoder, cache, 0, 1);
    const { tokens, logits } = this.#buffers;
    const tokenBytes = 4 * (1 + count);
    const read = await this.fetch(encoder, [tokens, tokenBytes], [logits, 4 * count * vocabulary]);
    const numbers = new Uint32Array(read, 0, 1 + count);
    const computed = Math.min(count, numbers[0] as number);
    return {
      tokens: numbers.slice(1, 1 + computed),
      logits: new Float32Array(read, tokenBytes, computed * vocabulary),
    };
  }

  protected async read(cache: GpuCache, tokens: readonly number[], wanted: number): Promise<Float32Array> {
    const { layers, vocabulary } = this.dimensions;
    const count = tokens.length;
    // Behind the last layer only the tokens whose logits are wanted are walked on.
    const skip = count - wanted;
    this.#write(
      tokens,
      Array.from({ length: layers + 1 }, (_, layer) => {
        const walk = { length: cache.length, count, first: layer, last: layer, wanted };
        return layer === layers ? { ...walk, skip } : walk;
      }),
    );
    const encoder = this.device.createCommandEncoder();
    for (let layer = 0; layer < layers; layer++) this.#dispatch(encoder, cache, layer, count);
    if (wanted > 0) this.#dispatch(encoder, cache, layers, wanted);
    return new Float32Array(await this.fetch(encoder, [this.#buffers.logits, 4 * wanted * vocabulary]));
  }

  #dispatch(encoder: GPUCommandEncoder, { groups }: GpuCache, params: number, workgroups: number): void {
    const [shared] = this.#groups;
    const entries = BINDINGS.map((name, binding) => ({
      binding,
      resource: {
        buffer: this.#buffers[name],
        ...(name === 'params' ? { size: 4 * PARAMS } : {}),
      },
    }));
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#walk);
    pass.setBindGroup(0, this.device.createBindGroup({ layout: shared, entries }), [ALIGNED * params]);
    pass.setBindGroup(1, groups[0] as GPUBindGroup);
    pass.dispatchWorkgroups(workgroups);
    pass.end();
  }

  #write(tokens: readonly number[], walks: readonly Walk[]): void {
    const params = new Uint32Array((ALIGNED / 4) * walks.length);
    for (const [i, { length, count, first, last, wanted, skip = 0, choosing = 0 }] of walks.entries()) {
      const numbers = [length, count, first, last, wanted, skip, choosing, this.end, this.#capacity];
      params.set(numbers, (ALIGNED / 4) * i);
    }
    this.device.queue.writeBuffer(this.#buffers.params, 0, params);
    this.device.queue.writeBuffer(this.#buffers.tokens, 0, Uint32Array.from(tokens));
  }
}
