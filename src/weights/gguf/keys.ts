/**
 * What a GGUF file says of its architecture (the keys under `llama.` or `qwen3.`), held against what is computed here:
 * as in config.json, each new kind of model announces itself by a key, and would otherwise be computed as the old.
 */
import { ok, type Parsed, refuse } from '../../base/result.ts';
import { table, wordsIn } from '../../base/table.ts';
import type { Qwen3Config } from '../qwen3.ts';
import type { GgufHeader, GgufValue } from './header.ts';

/** Those that become config.json, which has its own checks; the embedding's rows count, whatever vocab_size says. */
const INTO_CONFIG = new Set(
  wordsIn(`
  attention.head_count attention.head_count_kv attention.key_length attention.layer_norm_rms_epsilon block_count
  context_length embedding_length feed_forward_length rope.freq_base rope.scaling.type vocab_size
`),
);

/**
 * The values at which a key changes nothing (llama.cpp, llama_model::load_hparams: many numbers mean "none" where
 * they are 0). The layout is the one that a Llama's rows are put back from (model.ts, storedRow).
 */
const HARMLESS: Readonly<Record<string, readonly GgufValue[]>> = table<readonly GgufValue[]>({
  'attention.causal': [true],
  'attention.clamp_kqv': [0],
  'attention.max_alibi_bias': [0],
  'attention.scale': [0],
  'attention.sliding_window': [0],
  attn_logit_softcapping: [0],
  embedding_scale: [0, 1],
  expert_count: [0],
  expert_used_count: [0],
  final_logit_softcapping: [0],
  leading_dense_block_count: [0],
  logit_scale: [0, 1],
  nextn_predict_layers: [0],
  pooling_type: [0],
  residual_scale: [0, 1],
  'rope.scale_linear': [0, 1],
  'rope.scaling.attn_factor': [1],
  'rope.scaling.factor': [0, 1],
  'rope.scaling.finetuned': [false],
  'rope.scaling.yarn_log_multiplier': [0],
  tensor_data_layout: ['Meta AI original pth'],
  use_parallel_residual: [false],
});

/**
 * Checks that the keys under a prefix ask for nothing but what is computed here. The place is the key.
 * @param config what the other keys were read as
 */
export function checkGgufKeys(
  { metadata }: GgufHeader,
  prefix: string,
  { headDim, maxPositions }: Qwen3Config,
): Parsed<undefined, 'GGUF_KEY'> {
  // Heads are turned as a whole, and their values are as wide as their keys; and scaled positions are refused, so
  // that their length before it can only be the one that there is.
  const byShape = table<readonly GgufValue[]>({
    'attention.value_length': [headDim],
    'rope.dimension_count': [headDim],
    'rope.scaling.original_context_length': [maxPositions],
  });
  for (const [place, value] of metadata) {
    if (!place.startsWith(`${prefix}.`)) continue;
    const key = place.slice(prefix.length + 1);
    if (INTO_CONFIG.has(key)) continue;
    const harmless = byShape[key] ?? HARMLESS[key];
    if (harmless === undefined)
      return refuse(
        'GGUF_KEY',
        "duomem doesn't know this key, which may change what the model computes: give a model without it.",
        place.slice(0, 100),
      );
    if (!harmless.includes(value))
      return refuse(
        'GGUF_KEY',
        `The model asks for ${quote(value)} here, and duomem computes only with ${harmless.map(quote).join(' or ')}: ` +
          'give a model without it.',
        place,
      );
  }
  return ok(undefined);
}

function quote(value: GgufValue): string {
  return String(value).slice(0, 40);
}
