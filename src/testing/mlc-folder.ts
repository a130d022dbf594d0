/**
 * A small MLC folder as `duomem convert` writes it, for tests of downloads and of web-llm: real lists, a real
 * tokenizer, weights of noise. Its shape is Qwen3-0.6B's in name only: no test computes with it.
 */

import { sha256Hex } from '../base/sha256.ts';
import { addedToken, CHARACTER_OF } from '../weights/byte-level.ts';
import { formatManifest, type Manifest } from '../weights/manifest.ts';
import { formatTensorCache } from '../weights/tensor-cache.ts';

export interface FolderOptions {
  readonly ropeTheta?: number;
  readonly quantization?: 'q4f16_1' | 'q4f32_1';
  /** Bytes of each shard. */
  readonly shardBytes?: number;
  readonly shards?: number;
  /** A compiled library to put in. */
  readonly library?: Uint8Array;
  readonly kind?: Manifest['kind'];
  /** Named in the manifest. */
  readonly model?: string;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export function mlcFolder(options: FolderOptions = {}): Map<string, Uint8Array> {
  const { ropeTheta = 1_000_000, quantization = 'q4f32_1', shardBytes = 64_000, shards = 3 } = options;
  const files = new Map<string, Uint8Array>();
  files.set('mlc-chat-config.json', encode(chatConfig(ropeTheta, quantization)));
  files.set('tokenizer.json', encode(tokenizer()));
  files.set('tokenizer_config.json', encode('{}\n'));
  const list = Array.from({ length: shards }, (_, i) => {
    const dataPath = `params_shard_${i}.bin`;
    files.set(
      dataPath,
      Uint8Array.from({ length: shardBytes }, (_, at) => (at * (2 * i + 3) + (at >> 7)) & 255),
    );
    const shape = [shardBytes / 4];
    const record = { name: `p${i}`, shape, dtype: 'float32', format: 'raw', nbytes: shardBytes } as const;
    return { dataPath, nbytes: shardBytes, records: [{ ...record, byteOffset: 0 }] };
  });
  files.set('tensor-cache.json', encode(formatTensorCache({ shards: list, bitsPerParameter: 4.5 })));
  if (options.library !== undefined) files.set('library.wasm', options.library);
  files.set('manifest.json', encode(manifestOf(files, quantization, options)));
  return files;
}

function manifestOf(
  files: ReadonlyMap<string, Uint8Array>,
  quantization: 'q4f16_1' | 'q4f32_1',
  { kind = 'mlc', model = 'Tiny-Qwen3' }: FolderOptions,
): string {
  return formatManifest({
    kind,
    model,
    architecture: 'qwen3',
    quantization: kind === 'mlc' ? quantization : 'bf16',
    parameters: { model: 1000, adapter: 0 },
    files: [...files]
      .map(([path, content]) => ({ path, bytes: content.length, sha256: sha256Hex(content) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
}

function chatConfig(ropeTheta: number, quantization: string): string {
  return JSON.stringify({
    version: '0.1.0',
    model_type: 'qwen3',
    quantization,
    model_config: {
      hidden_size: 1024,
      intermediate_size: 3072,
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      head_dim: 128,
      rope_theta: ropeTheta,
      vocab_size: 151_936,
      tie_word_embeddings: true,
    },
    vocab_size: 151_936,
    context_window_size: 4096,
    sliding_window_size: -1,
    prefill_chunk_size: 1024,
    attention_sink_size: -1,
    temperature: 0.7,
    presence_penalty: 0,
    frequency_penalty: 0,
    repetition_penalty: 1,
    top_p: 0.8,
    tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'],
    tokenizer_info: {
      token_postproc_method: 'byte_level',
      prepend_space_in_encode: false,
      strip_space_in_decode: false,
    },
    conv_template: {
      name: 'qwen3',
      system_template: '<|im_start|>system\n{system_message}<|im_end|>\n',
      system_message: '',
      render_empty_system_message: false,
      add_role_after_system_message: true,
      roles: { user: '<|im_start|>user', assistant: '<|im_start|>assistant', tool: '<|im_start|>user' },
      role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
      seps: ['<|im_end|>\n'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: ['<|endoftext|>', '<|im_end|>'],
      stop_token_ids: [TURN_END, 256],
    },
  });
}

/** `<|im_end|>` in {@link tokenizer}. */
const TURN_END = 258;

/** One token a byte, as Qwen's byte-level BPE without any merge, and Qwen's special tokens. */
function tokenizer(): string {
  const vocab = Object.fromEntries(CHARACTER_OF.map((letter, byte) => [letter, byte]));
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      addedToken(256, '<|endoftext|>'),
      addedToken(257, '<|im_start|>'),
      addedToken(TURN_END, '<|im_end|>'),
      addedToken(259, '<think>', false),
      addedToken(260, '</think>', false),
    ],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: [],
    },
  });
}
