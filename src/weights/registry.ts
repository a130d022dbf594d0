/**
 * The models that can be fetched, as data: which weights, which compiled library, which version of web-llm, what they
 * need. A library is compiled for one architecture: sizes and RoPE's theta are in it, so that one made for Qwen3-4B
 * (theta 1e6) runs Qwen3-4B-Instruct-2507 (theta 5e6) without a complaint and wrongly; {@link findLibrary} tells them
 * apart.
 *
 * Facts: web-llm 0.2.86 loads libraries of v0_2_84 and v0_2_86 (older ones fail with a LinkError); its own record has
 * 4,096 tokens of context and 3,432 MB (q4f16_1) or 4,328 MB (q4f32_1) of GPU memory for Qwen3-4B. Libraries lie in
 * mlc-ai/binary-mlc-llm-libs and are pinned to a commit, so that what was tested is what is fetched. In v0_2_80 the
 * library of Instruct-2507 and that of Thinking-2507 are one and the same file (one git blob): the architecture is the
 * same. Of v0_2_84 the one under the name of Thinking was seen for q4f16_1, and is taken for both.
 */

import type { Qwen3Config } from './qwen3.ts';

/** Exactly the version in package.json; another one needs other libraries (registry.test.ts compares). */
export const WEB_LLM_VERSION = '0.2.86';

/** What a library is compiled for. */
export interface LibraryShape
  extends Omit<Qwen3Config, 'modelType' | 'vocabSize' | 'maxPositions' | 'normEpsilon' | 'ends'> {
  readonly vocabulary: number;
}

export type Quantization = 'q4f16_1' | 'q4f32_1' | 'q0f16' | 'q0f32';

export interface Library {
  readonly id: string;
  readonly shape: LibraryShape;
  readonly quantization: Quantization;
  /** Repository, commit and path on GitHub. */
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  /** Versions of web-llm that load it. */
  readonly webLlm: readonly string[];
  /** Of the models that have this shape; see {@link RegisteredModel.thinking}. */
  readonly thinking: Thinking;
}

/** `switchable`: Qwen3's hybrid, off unless asked for. `never`: the 2507 Instruct models, which know no thinking. */
export type Thinking = 'switchable' | 'never';

/** Where the weights of a model come from. */
export type WeightsSource =
  /** A repository of Hugging Face, whose own digests are checked. */
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  /** Nowhere: the user brings what `duomem convert` wrote. */
  | { readonly kind: 'own' };

export interface RegisteredModel {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly shape: LibraryShape;
  readonly quantization: Quantization;
  readonly source: WeightsSource;
  /** Bytes of the weights, about; the plan of a download knows them exactly. */
  readonly bytes: number;
  /** GPU memory in MB at {@link contextLimit}. */
  readonly gpuMemoryMB: number;
  /** Tokens of context that it is opened with. */
  readonly contextLimit: number;
  readonly thinking: Thinking;
  /** The same weights in another quantisation, offered where this one can't run. */
  readonly instead?: string;
}

const QWEN3_4B: LibraryShape = {
  hiddenSize: 2560,
  layers: 36,
  heads: 32,
  kvHeads: 8,
  headDim: 128,
  intermediateSize: 9728,
  vocabulary: 151_936,
  ropeTheta: 1_000_000,
  tied: true,
};
const QWEN3_4B_2507: LibraryShape = { ...QWEN3_4B, ropeTheta: 5_000_000 };
/** The smallest of the same architecture: for trying the whole way out with synthetic weights. */
const QWEN3_06B: LibraryShape = {
  ...QWEN3_4B,
  hiddenSize: 1024,
  layers: 28,
  heads: 16,
  intermediateSize: 3072,
};

export const SMOLLM2_SHAPE: LibraryShape = {
  hiddenSize: 576,
  layers: 30,
  heads: 9,
  kvHeads: 3,
  headDim: 64,
  intermediateSize: 1536,
  vocabulary: 49_152,
  ropeTheta: 100_000,
  tied: true,
};

const REPOSITORY = 'mlc-ai/binary-mlc-llm-libs';
const FOLDER = 'web-llm-models/v0_2_84/base';
const LOADED_BY = ['0.2.85', '0.2.86'] as const;
/** Two commits at which the files were seen. */
const EARLIER = '025bcaf3780fa8254f5e5efd3bfea0a5397248f4';
const LATER = '7df831763b54fab114fdf200ef6b2e68e7777a19';

function library(name: string, commit: string, shape: LibraryShape, quantization: Quantization): Library {
  const path = `${FOLDER}/${name}-${quantization}_cs1k-webgpu.wasm`;
  return {
    id: `${name}-${quantization}`,
    shape,
    quantization,
    repository: REPOSITORY,
    commit,
    path,
    webLlm: LOADED_BY,
    thinking: name.startsWith('Qwen3') && !name.includes('2507') ? 'switchable' : 'never',
  };
}

export const LIBRARIES: readonly Library[] = [
  library('Qwen3-4B', LATER, QWEN3_4B, 'q4f16_1'),
  library('Qwen3-4B', EARLIER, QWEN3_4B, 'q4f32_1'),
  library('Qwen3-4B-Thinking-2507', EARLIER, QWEN3_4B_2507, 'q4f16_1'),
  library('Qwen3-4B-Instruct-2507', LATER, QWEN3_4B_2507, 'q4f32_1'),
  library('Qwen3-0.6B', LATER, QWEN3_06B, 'q4f16_1'),
  library('Qwen3-0.6B', LATER, QWEN3_06B, 'q4f32_1'),
  library('Qwen3-0.6B', EARLIER, QWEN3_06B, 'q0f16'),
  library('Qwen3-0.6B', EARLIER, QWEN3_06B, 'q0f32'),
  // For a folder that `duomem convert` wrote of SmolLM2; the page's own SmolLM2 is played by the page's kernels.
  library('SmolLM2-135M-Instruct', EARLIER, SMOLLM2_SHAPE, 'q4f16_1'),
  library('SmolLM2-135M-Instruct', EARLIER, SMOLLM2_SHAPE, 'q4f32_1'),
  library('SmolLM2-135M-Instruct', EARLIER, SMOLLM2_SHAPE, 'q0f16'),
  library('SmolLM2-135M-Instruct', LATER, SMOLLM2_SHAPE, 'q0f32'),
];

/** web-llm's own figure for its records of Qwen3. */
export const CONTEXT_LIMIT = 4096;

/** With 16-bit arithmetic, and with 32-bit for GPUs that don't have it: bytes of the weights, MB of GPU memory. */
const Q4F16 = {
  quantization: 'q4f16_1',
  bytes: 2_280_000_000,
  gpuMemoryMB: 3432,
  contextLimit: CONTEXT_LIMIT,
} as const;
const Q4F32 = {
  quantization: 'q4f32_1',
  bytes: 2_530_000_000,
  gpuMemoryMB: 4328,
  contextLimit: CONTEXT_LIMIT,
} as const;
const HYBRID = { shape: QWEN3_4B, thinking: 'switchable' } as const;
const INSTRUCT = { shape: QWEN3_4B_2507, thinking: 'never', source: { kind: 'own' } } as const;

function onHub(repository: string): WeightsSource {
  return { kind: 'hub', repository, revision: 'main' };
}

export const MODELS: readonly RegisteredModel[] = [
  {
    ...{ ...HYBRID, ...Q4F16, source: onHub('mlc-ai/Qwen3-4B-q4f16_1-MLC') },
    ...{ id: 'qwen3-4b-q4f16_1', title: 'Qwen3 4B', instead: 'qwen3-4b-q4f32_1' },
    about:
      'The untrained hybrid, as MLC publishes it. The paper starts from Instruct 2507, which never thinks.',
  },
  {
    ...{ ...HYBRID, ...Q4F32, source: onHub('mlc-ai/Qwen3-4B-q4f32_1-MLC') },
    ...{ id: 'qwen3-4b-q4f32_1', title: 'Qwen3 4B, 32-bit arithmetic' },
    about: 'The same weights for GPUs without 16-bit arithmetic. Slower.',
  },
  {
    ...{ ...INSTRUCT, ...Q4F16, id: 'qwen3-4b-2507-q4f16_1', instead: 'qwen3-4b-2507-q4f32_1' },
    title: 'Qwen3 4B Instruct 2507, trained',
    about: "The paper's student: you train its adapter, merge and convert it, and bring the folder.",
  },
  {
    ...{ ...INSTRUCT, ...Q4F32, id: 'qwen3-4b-2507-q4f32_1' },
    title: 'Qwen3 4B Instruct 2507, trained, 32-bit arithmetic',
    about: 'The same for GPUs without 16-bit arithmetic.',
  },
];

export function registeredModel(id: string): RegisteredModel | undefined {
  return MODELS.find((model) => model.id === id);
}

export function sameShape(a: LibraryShape, b: LibraryShape): boolean {
  return (Object.keys(a) as (keyof LibraryShape)[]).every((key) => a[key] === b[key]);
}

/** The library compiled for exactly this shape and quantisation that the installed web-llm loads. */
export function findLibrary(shape: LibraryShape, quantization: string): Library | undefined {
  return LIBRARIES.find(
    (one) =>
      one.quantization === quantization &&
      sameShape(one.shape, shape) &&
      one.webLlm.includes(WEB_LLM_VERSION),
  );
}

/** Bytes of the largest tensor, the embedding: it must fit into one buffer that a shader can be bound to. */
export function largestTensorBytes({ vocabulary, hiddenSize }: LibraryShape, quantization: string): number {
  const perWeight = { q4f16_1: 0.5, q4f32_1: 0.5, q0f16: 2, q0f32: 4 }[quantization] ?? 4;
  return vocabulary * hiddenSize * perWeight;
}

/** What a model of this shape takes of the GPU's memory, about: weights, KV cache, and half a GB of intermediates. */
export function gpuMemoryMB(
  shape: LibraryShape,
  quantization: string,
  weightBytes: number,
  context = CONTEXT_LIMIT,
): number {
  const perNumber = quantization.includes('f32') ? 4 : 2;
  const cache = 2 * shape.layers * shape.kvHeads * shape.headDim * context * perNumber;
  return Math.ceil((weightBytes + cache) / 1e6 + 500);
}
