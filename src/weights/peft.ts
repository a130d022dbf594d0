/**
 * LoRA adapters as peft stores them (adapter_config.json, adapter_model.safetensors), and their merge into a base:
 * W + s (alpha / r) B A in f32, with s the strength (1: the adapter as trained, 0: the base). rsLoRA divides by the
 * root of r. What this doesn't know how to merge it refuses: DoRA, biases, modules saved whole.
 */
import { ok, type Result, refuse } from '../engine/result.ts';
import type { Safetensors, Tensor } from './safetensors.ts';

export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilised: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const MAX_RANK = 1024;

/** Codes: ADAPTER_JSON, ADAPTER_UNSUPPORTED, ADAPTER_VALUE. */
export function parseAdapterConfig(text: string): Result<AdapterConfig> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('ADAPTER_JSON', 'adapter_config.json is not JSON.');
  }
  const fields: Fields = typeof json === 'object' && json !== null ? (json as Fields) : {};
  if (fields.peft_type !== 'LORA')
    return refuse('ADAPTER_UNSUPPORTED', 'Only LoRA adapters can be merged.', 'peft_type');
  if (fields.use_dora === true)
    return refuse('ADAPTER_UNSUPPORTED', 'DoRA adapters can not be merged.', 'use_dora');
  if (fields.bias !== undefined && fields.bias !== 'none')
    return refuse('ADAPTER_UNSUPPORTED', 'Adapters that train biases can not be merged.', 'bias');
  for (const key of ['rank_pattern', 'alpha_pattern'])
    if (Object.keys((fields[key] as object | null | undefined) ?? {}).length > 0)
      return refuse('ADAPTER_UNSUPPORTED', 'Ranks and alphas that differ by module can not be merged.', key);
  const { r, lora_alpha: alpha } = fields;
  if (!Number.isInteger(r) || (r as number) < 1 || (r as number) > MAX_RANK)
    return refuse('ADAPTER_VALUE', `r must be a whole number from 1 to ${MAX_RANK}.`, 'r');
  if (typeof alpha !== 'number' || !Number.isFinite(alpha))
    return refuse('ADAPTER_VALUE', 'lora_alpha must be a number.', 'lora_alpha');
  return ok({ rank: r as number, alpha, rankStabilised: fields.use_rslora === true });
}

const NAME = /^base_model\.model\.(.+)\.lora_(A|B)\.weight$/;

/**
 * A copy of the weights with the adapter merged in; tensors that it doesn't touch are shared.
 * Codes: ADAPTER_TENSOR (a tensor that belongs to no matrix of the base, or without its other half), and those of
 * {@link Safetensors.tensor}.
 */
export function mergeAdapter(
  weights: ReadonlyMap<string, Tensor>,
  adapter: Safetensors,
  { rank, alpha, rankStabilised }: AdapterConfig,
  strength = 1,
): Result<Map<string, Tensor>> {
  const merged = new Map(weights);
  const names = new Set<string>();
  for (const name of adapter.header.tensors.keys()) {
    const match = NAME.exec(name);
    const target = `${match?.[1]}.weight`;
    if (match === null || weights.get(target)?.shape.length !== 2)
      return refuse('ADAPTER_TENSOR', 'This tensor belongs to no matrix of the base model.', name);
    names.add(match[1] as string);
  }
  if (names.size === 0) return refuse('ADAPTER_TENSOR', 'The adapter holds no tensors.');
  const scale = (strength * alpha) / (rankStabilised ? Math.sqrt(rank) : rank);
  for (const name of names) {
    const base = weights.get(`${name}.weight`) as Tensor;
    const [rows, columns] = base.shape as [number, number];
    const down = adapter.tensor(`base_model.model.${name}.lora_A.weight`, [rank, columns]);
    if (!down.ok) return down;
    const up = adapter.tensor(`base_model.model.${name}.lora_B.weight`, [rows, rank]);
    if (!up.ok) return up;
    merged.set(`${name}.weight`, addProduct(base, up.value.data, down.value.data, rank, scale));
  }
  return ok(merged);
}

/** base [rows, columns] + scale * up [rows, rank] * down [rank, columns]; sums in f64, stored in f32. */
function addProduct(base: Tensor, up: Float32Array, down: Float32Array, rank: number, scale: number): Tensor {
  const [rows, columns] = base.shape as [number, number];
  const data = new Float32Array(base.data.length);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    row.fill(0);
    for (let j = 0; j < rank; j++) {
      const factor = up[i * rank + j] as number;
      for (let k = 0; k < columns; k++)
        row[k] = (row[k] as number) + factor * (down[j * columns + k] as number);
    }
    for (let k = 0; k < columns; k++)
      data[i * columns + k] = (base.data[i * columns + k] as number) + scale * (row[k] as number);
  }
  return { shape: base.shape, data };
}
