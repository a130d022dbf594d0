/**
 * LoRA adapters as peft stores them (adapter_model.safetensors), and their merge into a base: W + s (alpha / r) B A in
 * f32 (low-rank.ts), with s the strength (1: the adapter as trained, 0: the base). An embedding's pair is stored
 * transposed. Tensors that the adapter holds whole (modules_to_save, or the embedding that peft saves along) take the
 * base's place.
 */

import { ok, type Refused, type Result, refuse } from '../base/result.ts';
import { type AdapterConfig, moduleScale } from './adapter-config.ts';
import { missingTarget, untargeted } from './adapter-targets.ts';
import { cellAt, notFinite } from './faulty-value.ts';
import { firstNotFinite } from './float-blocks.ts';
import { addLowRank } from './low-rank.ts';
import { expectTensor, type Safetensors, type SafetensorsHeader, type Tensor } from './safetensors.ts';

const PREFIX = 'base_model.model.';
const EMBEDDING = 'model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

/** An adapter's two tensors for one matrix: A [rank, columns] and B [rows, rank]; an embedding's are [rank, rows] and [columns, rank]. */
export interface AdapterPair {
  readonly down: string;
  readonly up: string;
  /** `down` and `up` are stored transposed: B's transpose is A's counterpart, and the other way round. */
  readonly transposed: boolean;
  readonly rank: number;
  /** What the product is multiplied with, the strength included. */
  readonly scale: number;
}

interface AdapterParts {
  /** By the name of the matrix (`….weight`) that each is added to. */
  readonly pairs: ReadonlyMap<string, AdapterPair>;
  /** Tensors of the base by name, and the adapter's tensors that replace them. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** The shapes of the base's tensors, and whether its head is its embedding. */
interface AdapterBase {
  readonly tied: boolean;
  readonly names: Iterable<string>;
  /** Undefined where the base has no tensor of this name. */
  shapeOf(name: string): readonly number[] | undefined;
}

/**
 * What each tensor of an adapter is for.
 * Codes: ADAPTER_TENSOR (it belongs to nothing of the base, or to nothing that the
 * configuration names), ADAPTER_TIED, ADAPTER_STRENGTH, TENSOR_MISSING (half an
 * adapter), and those of {@link expectTensor}.
 */
export function adapterParts(
  header: SafetensorsHeader,
  config: AdapterConfig,
  base: AdapterBase,
  strength: number,
): Result<AdapterParts> {
  const pairs = new Map<string, AdapterPair>();
  const replaced = new Map<string, string>();
  for (const tensor of header.tensors.keys()) {
    const [, module, kind] =
      /^base_model\.model\.(.+?)\.(lora_[AB]\.weight|lora_embedding_[AB]|base_layer\.weight|weight)$/.exec(
        tensor,
      ) ?? [];
    const name = `${module}.weight`;
    const whole = kind === 'weight' || kind === 'base_layer.weight';
    if (base.tied && (name === HEAD || name === EMBEDDING)) {
      const both = header.tensors.has(`${PREFIX}${EMBEDDING}`);
      if (!whole || !config.keepsTied || (name === HEAD && !both)) return tiedRefusal(tensor);
      if (name === HEAD) continue;
    }
    const shape = base.shapeOf(name);
    if (module === undefined || kind === undefined || shape === undefined || (replaced.has(name) && whole))
      return foreign(tensor);
    if (whole) {
      const there = expectTensor(header, tensor, shape);
      if (!there.ok) return there;
      if (kind === 'weight' && strength !== 1)
        return refuse('ADAPTER_STRENGTH', 'A tensor saved whole can only be merged with strength 1.', tensor);
      replaced.set(name, tensor);
      continue;
    }
    if (shape.length !== 2) return foreign(tensor);
    const pair = pairOf(header, module, kind.includes('embedding'), shape as [number, number], config);
    if (!pair.ok) return pair;
    pairs.set(name, { ...pair.value, scale: strength * pair.value.scale });
  }
  for (const module of config.whole)
    if (![...header.tensors.keys()].some((tensor) => tensor.endsWith(`${module}.weight`)))
      return refuse('TENSOR_MISSING', "modules_to_save names it, but the adapter doesn't hold it.", module);
  const more = untargeted(config.targets, [...pairs.keys()].map(moduleOf));
  if (more !== undefined)
    return refuse(
      'ADAPTER_TENSOR',
      'The adapter holds tensors for this module, but by its configuration (target_modules, exclude_modules, ' +
        "layers_to_transform) it doesn't change it: the two files don't belong together.",
      more,
    );
  const missing = missingPart(config, base, pairs, replaced);
  if (missing !== undefined) return missing;
  return pairs.size + replaced.size === 0
    ? refuse('ADAPTER_TENSOR', 'The adapter holds no tensors.')
    : ok({ pairs, replaced });
}

/** What the configuration says is changed, and the file doesn't hold. */
function missingPart(
  { targets, whole }: AdapterConfig,
  base: AdapterBase,
  pairs: AdapterParts['pairs'],
  replaced: AdapterParts['replaced'],
): Refused<'TENSOR_MISSING'> | undefined {
  const modules = [...base.names].map(moduleOf);
  const unsaved = modules.find(
    (module) => whole.some((end) => module.endsWith(end)) && !replaced.has(`${module}.weight`),
  );
  const matrices = modules.filter((module) => base.shapeOf(`${module}.weight`)?.length === 2);
  const changed = matrices.filter(
    (module) => pairs.has(`${module}.weight`) || replaced.has(`${module}.weight`),
  );
  const missing = unsaved ?? missingTarget(targets, matrices, new Set(changed), whole);
  if (missing === undefined) return undefined;
  return refuse(
    'TENSOR_MISSING',
    'By its configuration the adapter changes this module too, but it holds no tensors for it: a part of the adapter ' +
      'is lost, save or copy it again.',
    missing,
  );
}

function moduleOf(tensor: string): string {
  return tensor.replace(/\.weight$/, '');
}

function pairOf(
  header: SafetensorsHeader,
  module: string,
  embedding: boolean,
  [rows, columns]: readonly [number, number],
  config: AdapterConfig,
): Result<AdapterPair> {
  const nameOf = (letter: string): string =>
    `${PREFIX}${module}.${embedding ? `lora_embedding_${letter}` : `lora_${letter}.weight`}`;
  const { rank, scale } = moduleScale(config, module);
  const a = expectTensor(header, nameOf('A'), [rank, embedding ? rows : columns]);
  if (!a.ok) return a;
  const b = expectTensor(header, nameOf('B'), [embedding ? columns : rows, rank]);
  if (!b.ok) return b;
  const [down, up] = embedding ? [nameOf('B'), nameOf('A')] : [nameOf('A'), nameOf('B')];
  return ok({ down, up, transposed: embedding, rank, scale });
}

function foreign(tensor: string): Result<never> {
  return refuse('ADAPTER_TENSOR', 'This tensor belongs to no matrix of the base model.', tensor);
}

/** peft merges such adapters into embedding and head at once, which isn't what was trained. */
function tiedRefusal(tensor: string): Result<never> {
  return refuse(
    'ADAPTER_TIED',
    "The base's head is its embedding, and the adapter changes one without the other: no merged matrix can be both.",
    tensor,
  );
}

/** [rows, columns] to [columns, rows]. */
export function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = data[row * columns + column] as number;
  return out;
}

/**
 * A copy of the weights with the adapter merged in; tensors that it doesn't touch are shared.
 * Codes: those of {@link adapterParts} and {@link Safetensors.tensor}.
 */
export function mergeAdapter(
  weights: ReadonlyMap<string, Tensor>,
  adapter: Safetensors,
  config: AdapterConfig,
  { strength = 1, tied = false }: { readonly strength?: number; readonly tied?: boolean } = {},
): Result<Map<string, Tensor>> {
  const base: AdapterBase = { tied, names: weights.keys(), shapeOf: (name) => weights.get(name)?.shape };
  const parts = adapterParts(adapter.header, config, base, strength);
  if (!parts.ok) return parts;
  const merged = new Map(weights);
  for (const name of new Set([...parts.value.replaced.keys(), ...parts.value.pairs.keys()])) {
    const tensor = mergeTensor(name, weights.get(name) as Tensor, adapter, parts.value);
    if (!tensor.ok) return tensor;
    merged.set(name, tensor.value);
  }
  return ok(merged);
}

/**
 * One tensor with the adapter's part in it; the base's itself where there is none.
 * Codes: those of {@link Safetensors.tensor}; TENSOR_NOT_FINITE also where the sum overflows.
 */
export function mergeTensor(
  name: string,
  base: Tensor,
  adapter: Safetensors,
  { pairs, replaced }: AdapterParts,
): Result<Tensor> {
  const { shape } = base;
  const instead = replaced.get(name);
  const before = instead === undefined ? ok(base) : adapter.tensor(instead, shape);
  const pair = pairs.get(name);
  if (!before.ok || pair === undefined) return before;
  const { down, up, transposed, rank, scale } = pair;
  const [rows, columns] = shape as [number, number];
  const a = adapter.tensor(down, transposed ? [columns, rank] : [rank, columns]);
  if (!a.ok) return a;
  const b = adapter.tensor(up, transposed ? [rank, rows] : [rows, rank]);
  if (!b.ok) return b;
  const data = before.value.data.slice();
  const [left, right] = transposed
    ? [transpose(b.value.data, rank, rows), transpose(a.value.data, columns, rank)]
    : [b.value.data, a.value.data];
  addLowRank(data, columns, left, right, rank, scale);
  const overflow = firstNotFinite(data);
  return overflow === -1
    ? ok({ shape, data })
    : notFinite(`${name} with the adapter`, cellAt(overflow, columns));
}
