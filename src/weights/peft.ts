/**
 * LoRA adapters as peft stores them (adapter_config.json, adapter_model.safetensors), and their merge into a base:
 * W + s (alpha / r) B A in f32 (low-rank.ts), with s the strength (1: the adapter as trained, 0: the base). rsLoRA divides by the
 * root of r. What this doesn't know how to merge it refuses: DoRA, biases, modules saved whole.
 */

import { asFields } from '../base/json-fields.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { addLowRank } from './low-rank.ts';
import { expectTensor, type Safetensors, type SafetensorsHeader, type Tensor } from './safetensors.ts';

export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilised: boolean;
}

const MAX_RANK = 1024;

/** Codes: ADAPTER_JSON, ADAPTER_UNSUPPORTED, ADAPTER_VALUE. */
export function parseAdapterConfig(text: string): Result<AdapterConfig> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('ADAPTER_JSON', 'adapter_config.json is not JSON.');
  }
  const fields = asFields(json);
  if (fields.peft_type !== 'LORA')
    return refuse('ADAPTER_UNSUPPORTED', 'Only LoRA adapters can be merged.', 'peft_type');
  if (fields.use_dora === true)
    return refuse('ADAPTER_UNSUPPORTED', 'DoRA adapters can not be merged.', 'use_dora');
  if (fields.bias !== undefined && fields.bias !== 'none')
    return refuse('ADAPTER_UNSUPPORTED', 'Adapters that train biases can not be merged.', 'bias');
  for (const key of ['rank_pattern', 'alpha_pattern'])
    if (Object.keys((fields[key] as object | null | undefined) ?? {}).length > 0)
      return refuse('ADAPTER_UNSUPPORTED', 'Ranks and alphas that differ by module can not be merged.', key);
  if (fields.fan_in_fan_out === true)
    return refuse(
      'ADAPTER_UNSUPPORTED',
      'Adapters of transposed matrices can not be merged.',
      'fan_in_fan_out',
    );
  for (const key of ['modules_to_save', 'layer_replication', 'trainable_token_indices', 'target_parameters'])
    if (Object.keys((fields[key] as object | null | undefined) ?? {}).length > 0)
      return refuse('ADAPTER_UNSUPPORTED', 'Adapters that change more than matrices can not be merged.', key);
  const { r, lora_alpha: alpha } = fields;
  if (!Number.isInteger(r) || (r as number) < 1 || (r as number) > MAX_RANK)
    return refuse('ADAPTER_VALUE', `r must be a whole number from 1 to ${MAX_RANK}.`, 'r');
  if (typeof alpha !== 'number' || !Number.isFinite(alpha))
    return refuse('ADAPTER_VALUE', 'lora_alpha must be a number.', 'lora_alpha');
  return ok({ rank: r as number, alpha, rankStabilised: fields.use_rslora === true });
}

/** What a delta is multiplied with: strength * alpha / r, or by the root of r for rsLoRA. */
export function scaleOf({ rank, alpha, rankStabilised }: AdapterConfig, strength = 1): number {
  return (strength * alpha) / (rankStabilised ? Math.sqrt(rank) : rank);
}

const NAME = /^base_model\.model\.(.+)\.lora_(A|B)\.weight$/;

/** The names of an adapter's two tensors for one matrix: A [rank, columns] and B [rows, rank]. */
export interface AdapterPair {
  readonly down: string;
  readonly up: string;
}

/**
 * The pairs of an adapter by the name of the matrix (`….weight`) that each is added to.
 * @param shapeOf shape of a tensor of the base model, undefined where it has none of this name
 * Codes: ADAPTER_TENSOR (a tensor that belongs to no matrix of the base), and those of {@link expectTensor}.
 */
export function pairAdapter(
  header: SafetensorsHeader,
  { rank }: AdapterConfig,
  shapeOf: (name: string) => readonly number[] | undefined,
): Result<ReadonlyMap<string, AdapterPair>> {
  const pairs = new Map<string, AdapterPair>();
  for (const tensor of header.tensors.keys()) {
    const name = NAME.exec(tensor)?.[1];
    const shape = shapeOf(`${name}.weight`);
    if (name === undefined || shape?.length !== 2)
      return refuse('ADAPTER_TENSOR', 'This tensor belongs to no matrix of the base model.', tensor);
    const [rows, columns] = shape as [number, number];
    const pair = {
      down: `base_model.model.${name}.lora_A.weight`,
      up: `base_model.model.${name}.lora_B.weight`,
    };
    const down = expectTensor(header, pair.down, [rank, columns]);
    if (!down.ok) return down;
    const up = expectTensor(header, pair.up, [rows, rank]);
    if (!up.ok) return up;
    pairs.set(`${name}.weight`, pair);
  }
  return pairs.size === 0 ? refuse('ADAPTER_TENSOR', 'The adapter holds no tensors.') : ok(pairs);
}

/**
 * A copy of the weights with the adapter merged in; tensors that it doesn't touch are shared.
 * Codes: those of {@link pairAdapter} and {@link Safetensors.tensor}.
 */
export function mergeAdapter(
  weights: ReadonlyMap<string, Tensor>,
  adapter: Safetensors,
  config: AdapterConfig,
  strength = 1,
): Result<Map<string, Tensor>> {
  const pairs = pairAdapter(adapter.header, config, (name) => weights.get(name)?.shape);
  if (!pairs.ok) return pairs;
  const merged = new Map(weights);
  for (const [name, pair] of pairs.value) {
    const base = weights.get(name) as Tensor;
    const [rows, columns] = base.shape as [number, number];
    const down = adapter.tensor(pair.down, [config.rank, columns]);
    if (!down.ok) return down;
    const up = adapter.tensor(pair.up, [rows, config.rank]);
    if (!up.ok) return up;
    const data = base.data.slice();
    addLowRank(data, columns, up.value.data, down.value.data, config.rank, scaleOf(config, strength));
    merged.set(name, { shape: base.shape, data });
  }
  return ok(merged);
}
