/**
 * The forward pass on a GPU of a model of eight bits that is too wide for a workgroup (wide-shader.ts): eight dispatches a
 * layer, for a prompt's tokens together. A reply's tokens are computed one after the other in one submission, each chosen
 * on the GPU, so that the page waits once for several of them.
 */

import { PANEL_ROWS } from '../../weights/panels8.ts';
import type { ModelDimensions } from '../model.ts';
import type { TensorSource } from '../placed-weights.ts';
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
import { turns } from './layout.ts';
import { sendWeights, wideLayoutOf, workOf } from './wide-layout.ts';
import { PANELS, TILE } from './wide-products.ts';
import {
  ENTRIES,
  type ProductName,
  productRows,
  unfitForWide,
  WIDE_BINDINGS,
  WIDE_PARAMS,
  wideShaderOf,
} from './wide-shader.ts';

/** Tokens of a reply computed in one submission, at most. */
const MOST_AHEAD = 16;
/** Tokens up to which each has workgroups of its own. */
const FEW = 4;

type Entry = (typeof ENTRIES)[number];

interface Made {
  readonly pipelines: Readonly<Record<Entry, GPUComputePipeline>>;
  readonly cacheLayout: GPUBindGroupLayout;
  readonly shared: GPUBindGroup;
  readonly buffers: Readonly<Record<(typeof WIDE_BINDINGS)[number], GPUBuffer>>;
  readonly weights: readonly GPUBuffer[];
  /** What binds them: what stands outside of the layers, then each layer. */
  readonly outer: GPUBindGroup;
  readonly layers: readonly GPUBindGroup[];
}

/** What is computed now: wide-shader.ts says what the numbers mean. */
interface Now {
  readonly length: number;
  readonly skip?: number;
  readonly count: number;
  readonly step?: number;
  readonly row?: number;
}

export class WideGpuModel extends GpuConversations {
  protected readonly tokenBytes: readonly number[];
  readonly #made: Made;

  private constructor(d: ModelDimensions, device: GPUDevice, options: GpuOptions, made: Made) {
    super(d, device, options, MOST_AHEAD);
    this.tokenBytes = Array.from({ length: d.layers }, () => 8 * d.kvHeads * d.headSize);
    this.#made = made;
  }

  /**
   * @param weights all that transformers names, of the shapes that the dimensions give, matrices in eight bits
   * Throws what the device fails with, where it can't hold the model, and where a tensor is missing.
   */
  static async create(
    d: ModelDimensions,
    weights: TensorSource,
    device: GPUDevice,
    options: GpuOptions,
  ): Promise<WideGpuModel> {
    const reason = unfitForWide(d);
    if (reason !== undefined) throw new Error(reason);
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const made = await make(d, weights, device);
    for (const error of [await device.popErrorScope(), await device.popErrorScope()])
      if (error !== null) throw new Error(error.message || 'the GPU has no memory for the model');
    return new WideGpuModel(d, device, options, made);
  }

  protected bind({ buffers }: GpuCache): GPUBindGroup[] {
    return buffers.map((buffer) => bound(this.device, this.#made.cacheLayout, [buffer]));
  }

  protected free(): void {
    const { buffers, weights } = this.#made;
    for (const buffer of [...Object.values(buffers), ...weights]) buffer.destroy();
  }

  protected async reply(cache: GpuCache, token: number, count: number) {
    const { length } = cache;
    const { tokens, logits } = this.#made.buffers;
    this.#write(
      [token],
      Array.from({ length: count }, (_, step) => ({ length: length + step, count: 1, step, row: step })),
    );
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let step = 0; step < count; step++) {
      this.#walk(pass, cache, step, 1, 1);
      this.#dispatch(pass, 'choose', 1);
    }
    pass.end();
    const tokenBytes = 4 * (1 + count);
    const { vocabulary } = this.dimensions;
    const read = await this.fetch(encoder, [tokens, tokenBytes], [logits, 4 * count * vocabulary]);
    const numbers = new Uint32Array(read, 0, count);
    const end = numbers.indexOf(this.end, 1);
    const computed = end < 0 ? count : end;
    return {
      tokens: numbers.slice(0, computed),
      logits: new Float32Array(read, tokenBytes, computed * vocabulary),
    };
  }

  protected async read(cache: GpuCache, tokens: readonly number[], wanted: number): Promise<Float32Array> {
    const { length } = cache;
    const count = tokens.length;
    this.#write(tokens, [
      { length, count },
      { length, count, skip: count - wanted },
    ]);
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#walk(pass, cache, 0, count, wanted, 1);
    pass.end();
    const bytes = 4 * wanted * this.dimensions.vocabulary;
    return new Float32Array(await this.fetch(encoder, [this.#made.buffers.logits, bytes]));
  }

  /**
   * All layers for some tokens, and the logits of the last ones.
   * @param now the parameters, by their place; `last` those for the logits
   */
  #walk(
    pass: GPUComputePassEncoder,
    cache: GpuCache,
    now: number,
    count: number,
    wanted: number,
    last = now,
  ): void {
    const { heads } = this.dimensions;
    const { shared, outer, layers } = this.#made;
    pass.setBindGroup(0, shared, [ALIGNED * now]);
    pass.setBindGroup(1, outer);
    pass.setBindGroup(2, cache.groups[0] as GPUBindGroup);
    this.#dispatch(pass, 'embed', count);
    for (const [i, layer] of layers.entries()) {
      pass.setBindGroup(1, layer);
      pass.setBindGroup(2, cache.groups[i] as GPUBindGroup);
      this.#dispatch(pass, 'norm_attention', count);
      this.#multiply(pass, 'ask', count);
      this.#dispatch(pass, 'turn', count);
      this.#dispatch(pass, 'attend', count, heads);
      this.#multiply(pass, 'bring', count);
      this.#dispatch(pass, 'norm_feed', count);
      this.#multiply(pass, 'widen', count);
      this.#multiply(pass, 'narrow', count);
    }
    if (wanted === 0) return;
    pass.setBindGroup(0, shared, [ALIGNED * last]);
    pass.setBindGroup(1, outer);
    this.#dispatch(pass, 'norm_last', wanted);
    this.#multiply(pass, 'say', wanted);
  }

  #multiply(pass: GPUComputePassEncoder, name: ProductName, count: number): void {
    const rows = productRows(this.dimensions)[name];
    if (count <= FEW) this.#dispatch(pass, name, Math.ceil(rows / (PANELS * PANEL_ROWS)), count);
    else this.#dispatch(pass, `${name}_all`, Math.ceil(rows / TILE), Math.ceil(count / TILE));
  }

  #dispatch(pass: GPUComputePassEncoder, entry: Entry, x: number, y = 1): void {
    pass.setPipeline(this.#made.pipelines[entry]);
    pass.dispatchWorkgroups(x, y);
  }

  #write(tokens: readonly number[], nows: readonly Now[]): void {
    const params = new Uint32Array((ALIGNED / 4) * nows.length);
    for (const [i, { length, skip = 0, count, step = 0, row = 0 }] of nows.entries())
      params.set([length, skip, count, step, row], (ALIGNED / 4) * i);
    const { params: buffer, tokens: list } = this.#made.buffers;
    this.device.queue.writeBuffer(buffer, 0, params);
    this.device.queue.writeBuffer(list, 0, Uint32Array.from(tokens));
  }
}

function bound(device: GPUDevice, layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[]): GPUBindGroup {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  return device.createBindGroup({ layout, entries });
}

/** Compiles the kernels, and sends the weights. */
async function make(d: ModelDimensions, source: TensorSource, device: GPUDevice): Promise<Made> {
  const layoutFor = (...buffers: GPUBufferBindingLayout[]): GPUBindGroupLayout =>
    device.createBindGroupLayout({
      entries: buffers.map((buffer, binding) => ({ binding, visibility: COMPUTE, buffer })),
    });
  const sharedLayout = layoutFor(
    { type: 'uniform', hasDynamicOffset: true, minBindingSize: 4 * WIDE_PARAMS },
    { type: 'read-only-storage' },
    ...WIDE_BINDINGS.slice(2).map(() => ({ type: 'storage' }) as const),
  );
  const weightLayout = layoutFor({ type: 'read-only-storage' });
  const cacheLayout = layoutFor({ type: 'storage' });
  const layout = device.createPipelineLayout({
    bindGroupLayouts: [sharedLayout, weightLayout, cacheLayout],
  });
  const code = wideShaderOf(
    d,
    wideLayoutOf(d, (name) => source.has(name)),
  );
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const wrong = messages.find(({ type }) => type === 'error');
  if (wrong !== undefined) throw new Error(`the kernels aren't compiled here: ${wrong.message}`);
  const compiled = await Promise.all(
    ENTRIES.map(async (entryPoint) => {
      const compute = { module, entryPoint };
      return [entryPoint, await device.createComputePipelineAsync({ layout, compute })] as const;
    }),
  );
  const work = 4 * PROMPT_BATCH * workOf(d).reduce((sum, size) => sum + size, 0);
  const buffer = (size: number, usage: number): GPUBuffer => device.createBuffer({ size, usage });
  const angles = turns(d);
  const buffers = {
    params: buffer(ALIGNED * MOST_AHEAD, UNIFORM | COPY_DST),
    turns: buffer(angles.byteLength, STORAGE | COPY_DST),
    work: buffer(work, STORAGE),
    logits: buffer(4 * PROMPT_BATCH * d.vocabulary, STORAGE | COPY_SRC),
    tokens: buffer(4 * (1 + PROMPT_BATCH), STORAGE | COPY_SRC | COPY_DST),
  };
  device.queue.writeBuffer(buffers.turns, 0, angles);
  const entries = WIDE_BINDINGS.map((name, binding) => ({
    binding,
    resource: { buffer: buffers[name], ...(name === 'params' ? { size: 4 * WIDE_PARAMS } : {}) },
  }));
  const weights = await sendWeights(d, source, device);
  const [outer, ...layers] = weights.map((one) => bound(device, weightLayout, [one]));
  return {
    pipelines: Object.fromEntries(compiled) as Made['pipelines'],
    cacheLayout,
    shared: device.createBindGroup({ layout: sharedLayout, entries }),
    buffers,
    weights,
    outer: outer as GPUBindGroup,
    layers,
  };
}
