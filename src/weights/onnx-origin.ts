/**
 * Whether an ONNX file was made of the safetensors beside it (`duomem merge` may have put an adapter in between): then
 * both hold the same student, and either may play it.
 */
import { ok, type Result } from '../base/result.ts';
import { parseQwen3Config, parseQwen3Weights, type Qwen3Config, type Qwen3Weights } from './qwen3.ts';
import { rangedOnnx } from './qwen3-onnx.ts';

interface Origin {
  readonly config: Qwen3Config;
  readonly weights: Qwen3Weights;
  /** What the weights are converted to. */
  readonly onnx: Uint8Array;
}

/**
 * Converts model.safetensors as `duomem merge` does.
 * @param name of the ONNX file that is wanted; it says how numbers are stored
 * Codes: those of parseQwen3Config, Safetensors, readQwen3Weights and rangedOnnx.
 */
export function convertedTo(name: string, configText: string, tensors: Uint8Array): Result<Origin> {
  const config = parseQwen3Config(configText);
  if (!config.ok) return config;
  const weights = parseQwen3Weights(tensors, config.value);
  if (!weights.ok) return weights;
  const onnx = rangedOnnx(config.value, weights.value, name.endsWith('_fp16.onnx') ? 'f16' : 'f32');
  return onnx.ok ? ok({ config: config.value, weights: weights.value, onnx: onnx.value }) : onnx;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
