/** What a compiled MLC library says of itself: it holds JSON with its parameters and the shape of its KV cache. */

import { asFields } from '../../src/base/json-fields.ts';
import { ok, type Result, refuse } from '../../src/base/result.ts';
import type { Qwen3Config } from '../../src/weights/qwen3.ts';

export interface LibraryMetadata {
  readonly quantization: string;
  /** Name to dtype and sizes: `float32 1152`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly sizes: Pick<
    Qwen3Config,
    'hiddenSize' | 'layers' | 'heads' | 'kvHeads' | 'headDim' | 'intermediateSize' | 'vocabSize' | 'tied'
  >;
}

const START = '{"model_type"';
/** A list of 300 parameters takes 30 kB. */
const LONGEST = 4_000_000;

/** Codes: LIBRARY_FILE (no compiled library), LIBRARY_KIND (of another architecture). */
export function readMetadata(library: Uint8Array): Result<LibraryMetadata> {
  const bytes = Buffer.from(library.buffer, library.byteOffset, library.length);
  const at = bytes.toString('latin1', 0, 4) === '\0asm' ? bytes.indexOf(START) : -1;
  const text = at < 0 ? undefined : closed(bytes.toString('latin1', at, at + LONGEST));
  if (text === undefined) return refuse('LIBRARY_FILE', "The file isn't a compiled library of MLC.");
  const { model_type: kind, quantization, params, kv_cache: cache } = asFields(JSON.parse(text));
  if ((kind !== 'qwen2' && kind !== 'qwen3') || !Array.isArray(params)) {
    return refuse(
      'LIBRARY_KIND',
      `The library is for ${String(kind)}; what can be tried is qwen3, and qwen2 without biases.`,
    );
  }
  const shapes = new Map<string, readonly number[]>();
  const parameters = new Map<string, string>();
  for (const { name, shape, dtype } of params.map(asFields)) {
    shapes.set(String(name), shape as readonly number[]);
    parameters.set(String(name), `${dtype} ${(shape as readonly number[]).join(' x ')}`);
  }
  const rows = (name: string): number =>
    (shapes.get(`${name}.q_weight`) ?? shapes.get(`${name}.weight`))?.[0] ?? 0;
  const { num_hidden_layers, num_attention_heads, num_key_value_heads, head_dim } = asFields(cache);
  const sizes = {
    hiddenSize: shapes.get('model.norm.weight')?.[0] ?? 0,
    layers: Number(num_hidden_layers),
    heads: Number(num_attention_heads),
    kvHeads: Number(num_key_value_heads),
    headDim: Number(head_dim),
    intermediateSize: rows('model.layers.0.mlp.gate_up_proj') / 2,
    vocabSize: rows('model.embed_tokens'),
    tied: rows('lm_head') === 0,
  };
  if (!Object.values(sizes).every((one) => typeof one === 'boolean' || one > 0)) {
    return refuse('LIBRARY_KIND', "The library doesn't say of which sizes it is.");
  }
  return ok({ quantization: String(quantization), parameters, sizes });
}

/** The text up to the brace that closes its first one; names and types hold none. */
function closed(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return text.slice(0, at + 1);
  }
  return undefined;
}
