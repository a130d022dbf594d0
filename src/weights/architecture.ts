/**
 * What tells the architectures apart that are read and written here: decoder-only transformers with RMS norms, rotary
 * positions (the halves of a head are turned against each other, as transformers stores them), grouped queries, SwiGLU
 * and no biases. The next one of this kind is another entry.
 */

export interface Architecture {
  /** transformers' name of it, in config.json. */
  readonly modelType: 'qwen3' | 'llama';
  /** As a person calls it. */
  readonly name: string;
  /** transformers' class, in config.json. */
  readonly className: string;
  /** Queries and keys are normed, head by head, before they are turned. */
  readonly queryKeyNorms: boolean;
  /** A config.json without head_dim means hidden_size / num_attention_heads. */
  readonly headDimFollows: boolean;
  /** MLC's name of the stacked queries, keys and values (mlc-llm, python/mlc_llm/model). */
  readonly mlcAttention: 'c_attn' | 'qkv_proj';
  /** MLC's name of RoPE's base in model_config. */
  readonly mlcRope: 'rope_theta' | 'position_embedding_base';
  /** general.architecture in a GGUF file, and the prefix of its other keys. */
  readonly gguf: string;
  /**
   * GGUF keeps the rows of queries and keys so that the two numbers that are turned together stand together
   * (llama.cpp, conversion of Llama: permute).
   */
  readonly ggufPairsRows: boolean;
}

export const ARCHITECTURES: readonly Architecture[] = [
  {
    modelType: 'qwen3',
    name: 'Qwen3',
    className: 'Qwen3ForCausalLM',
    queryKeyNorms: true,
    headDimFollows: false,
    mlcAttention: 'c_attn',
    mlcRope: 'rope_theta',
    gguf: 'qwen3',
    ggufPairsRows: false,
  },
  {
    modelType: 'llama',
    name: 'Llama',
    className: 'LlamaForCausalLM',
    queryKeyNorms: false,
    headDimFollows: true,
    mlcAttention: 'qkv_proj',
    mlcRope: 'position_embedding_base',
    gguf: 'llama',
    ggufPairsRows: true,
  },
];

export type ModelType = Architecture['modelType'];

export function architectureOf(modelType: ModelType): Architecture {
  return ARCHITECTURES.find((one) => one.modelType === modelType) as Architecture;
}

/** The names, for sentences: `Qwen3 or Llama`. */
export const ARCHITECTURE_NAMES = ARCHITECTURES.map(({ name }) => name).join(' or ');
