/**
 * mlc-chat-config.json: what MLC's runtime wants to know of a model beside its weights (mlc-llm,
 * protocol/mlc_chat_config.py and interface/gen_config.py; web-llm reads the part after `model_config`).
 *
 * The conversation is ChatML without a default system message, which Qwen3 and SmolLM2 were trained with; SmolLM2's own
 * template adds one where there is none, and an episode always has one. Models with another template, or a tokenizer
 * that puts a space before a text, never get here (chat-template.ts).
 */

import { asFields, isCount } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed } from '../base/result.ts';
import { architectureOf } from './architecture.ts';
import type { MlcQuantization } from './manifest.ts';
import type { Qwen3Config } from './qwen3.ts';

export const CHAT_CONFIG_NAME = 'mlc-chat-config.json';

/** Files of a Hugging Face folder that belong to its tokenizer, in mlc-llm's order; tokenizer.json is a must. */
export const TOKENIZER_FILES = [
  'tokenizer.json',
  'vocab.json',
  'merges.txt',
  'added_tokens.json',
  'tokenizer_config.json',
] as const;

interface ChatConfigOptions {
  readonly quantization: MlcQuantization;
  /** Rows of the embedding, padding included. */
  readonly vocabulary: number;
  /** Tokens of prompt and reply; what the KV cache is laid out for. */
  readonly contextWindow: number;
  readonly prefillChunk: number;
  readonly tokenizerFiles: readonly string[];
  readonly tokenPostprocessing: TokenPostprocessing;
  /** generation_config.json, where there is one. */
  readonly generation: GenerationDefaults;
}

interface GenerationDefaults {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly repetitionPenalty?: number | undefined;
  /** Tokens that end a reply. */
  readonly ends: readonly number[];
  readonly pad?: number | undefined;
  readonly begin?: number | undefined;
}

/** The text of mlc-chat-config.json. */
export function formatChatConfig(c: Qwen3Config, options: ChatConfigOptions): string {
  const { generation, vocabulary, contextWindow, prefillChunk } = options;
  const ends = generation.ends.length > 0 ? generation.ends : c.ends;
  const content = {
    version: '0.1.0',
    model_type: c.modelType,
    quantization: options.quantization,
    model_config: {
      hidden_act: 'silu',
      hidden_size: c.hiddenSize,
      intermediate_size: c.intermediateSize,
      attention_bias: false,
      num_attention_heads: c.heads,
      num_hidden_layers: c.layers,
      num_key_value_heads: c.kvHeads,
      rms_norm_eps: c.normEpsilon,
      [architectureOf(c.modelType).mlcRope]: c.ropeTheta,
      vocab_size: vocabulary,
      tie_word_embeddings: c.tied,
      context_window_size: contextWindow,
      prefill_chunk_size: prefillChunk,
      tensor_parallel_shards: 1,
      head_dim: c.headDim,
      dtype: options.quantization.includes('f16') ? 'float16' : 'float32',
      max_batch_size: 1,
    },
    vocab_size: vocabulary,
    context_window_size: contextWindow,
    sliding_window_size: -1,
    prefill_chunk_size: prefillChunk,
    attention_sink_size: -1,
    tensor_parallel_shards: 1,
    pipeline_parallel_stages: 1,
    temperature: generation.temperature ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    repetition_penalty: generation.repetitionPenalty ?? 1,
    top_p: generation.topP ?? 1,
    tokenizer_files: options.tokenizerFiles,
    tokenizer_info: {
      token_postproc_method: options.tokenPostprocessing,
      prepend_space_in_encode: false,
      strip_space_in_decode: false,
    },
    conv_template: {
      name: c.modelType === 'qwen3' ? 'qwen3' : 'chatml',
      system_template: '<|im_start|>system\n{system_message}<|im_end|>\n',
      system_message: '',
      render_empty_system_message: false,
      add_role_after_system_message: true,
      roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant', tool: '<|im_start|>user' },
      role_templates: {
        user: '{user_message}',
        assistant: '{assistant_message}',
        tool: '<tool_response>\n{tool_message}\n</tool_response>',
      },
      seps: ['<|im_end|>\n'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: ['<|endoftext|>', '<|im_end|>'],
      stop_token_ids: ends,
    },
    pad_token_id: generation.pad ?? ends[0],
    bos_token_id: generation.begin ?? ends[0],
    eos_token_id: ends,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * What generation_config.json says, or {} where there is none; what is odd in it is left out, as it only sets
 * defaults.
 */
export function parseGenerationDefaults(
  text: string | undefined,
): Parsed<GenerationDefaults, 'GENERATION_JSON'> {
  if (text === undefined) return ok({ ends: [] });
  const json = readObject(text, {
    code: 'GENERATION_JSON',
    what: 'generation_config.json',
    longest: 1_000_000,
  });
  if (!json.ok) return json;
  const fields = json.value;
  const number = (value: unknown, min: number, max: number): number | undefined =>
    typeof value === 'number' && value >= min && value <= max ? value : undefined;
  const token = (value: unknown): number | undefined => (isCount(value) ? value : undefined);
  const ends = [fields.eos_token_id].flat().map(token);
  return ok({
    temperature: number(fields.temperature, 0, 10),
    topP: number(fields.top_p, 0, 1),
    repetitionPenalty: number(fields.repetition_penalty, 0, 10),
    ends: ends.filter((end) => end !== undefined).slice(0, 16),
    pad: token(fields.pad_token_id),
    begin: token(fields.bos_token_id),
  });
}

/** How tokens become bytes: MLC asks for grammars. */
type TokenPostprocessing = 'byte_level' | 'byte_fallback' | 'raw';

/** Looks for it in tokenizer.json's decoder. */
export function parseTokenPostprocessing(text: string): Parsed<TokenPostprocessing, 'TOKENIZER_JSON'> {
  const json = readObject(text, { code: 'TOKENIZER_JSON', what: 'tokenizer.json', longest: 100_000_000 });
  if (!json.ok) return json;
  const fields = json.value;
  const decoder = asFields(fields.decoder);
  const steps = Array.isArray(decoder.decoders) ? decoder.decoders : [decoder];
  const types = steps.slice(0, 100).map((step) => asFields(step).type);
  if (types.includes('ByteLevel')) return ok('byte_level');
  return ok(types.includes('ByteFallback') ? 'byte_fallback' : 'raw');
}
