/**
 * Synthetic checkpoints of any shape, as transformers and peft would save them: the real sizes to measure a
 * conversion with, small ones to test it. The same seed gives the same bytes. The weights are random: such a model
 * says nothing of use.
 *
 * Numbers are drawn from a table of 4,096 values, normally distributed, by a xorshift generator (Marsaglia 2003): the
 * project's own generator seeds both, but is too slow for eight gigabytes.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../base/random.ts';
import { architectureOf } from '../weights/architecture.ts';
import { addedToken, CHARACTER_OF } from '../weights/byte-level.ts';
import { type StoredTensor, safetensorsPlan } from '../weights/conversion-plan.ts';
import {
  bitsOf,
  FLOAT_BYTES,
  type FloatDtype,
  packBfloat16,
  packFloat16,
  roundToFloat16,
} from '../weights/float-blocks.ts';
import { type Qwen3Config, tensorShapes } from '../weights/qwen3.ts';
import { formatWeightMap, SINGLE_FILE_NAME, WEIGHT_MAP_NAME } from '../weights/weight-map.ts';

export const REAL: Readonly<Record<'qwen3-4b' | 'qwen3-0.6b', Qwen3Config>> = {
  'qwen3-4b': shape({ hiddenSize: 2560, layers: 36, heads: 32, kvHeads: 8, intermediateSize: 9728 }),
  'qwen3-0.6b': shape({ hiddenSize: 1024, layers: 28, heads: 16, kvHeads: 8, intermediateSize: 3072 }),
};

/** A configuration like the real ones but for what is given. */
export function shape(sizes: Partial<Qwen3Config>): Qwen3Config {
  return {
    modelType: 'qwen3',
    vocabSize: 151_936,
    hiddenSize: 64,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headDim: 128,
    intermediateSize: 96,
    ropeTheta: 1_000_000,
    maxPositions: 40_960,
    normEpsilon: 1e-6,
    tied: true,
    ends: [(sizes.vocabSize ?? 151_936) - 291],
    ...sizes,
  };
}

interface SyntheticOptions {
  readonly seed: number;
  readonly dtype: FloatDtype;
  /** A file is closed before it grows beyond this; the real Qwen3-4B lies in three files of up to 4 GB. */
  readonly shardBytes: number;
}

/** Writes config.json, the weights and a tokenizer of single bytes. Returns the bytes of the weights. */
export function writeSyntheticModel(folder: string, config: Qwen3Config, options: SyntheticOptions): number {
  mkdirSync(folder, { recursive: true });
  const text = (name: string, content: object): void =>
    writeFileSync(join(folder, name), `${JSON.stringify(content, undefined, 1)}\n`);
  text('config.json', configJson(config, options.dtype));
  text('generation_config.json', { eos_token_id: config.ends, temperature: 0.6, top_p: 0.95 });
  text('tokenizer.json', tokenizerJson((config.ends[0] ?? 0) - 2));
  text('tokenizer_config.json', { tokenizer_class: 'Qwen2Tokenizer', eos_token: '<|im_end|>' });
  const tensors = [...tensorShapes(config)].map(([name, sizes]) => ({
    name,
    shape: sizes,
    dtype: options.dtype,
  }));
  const placed = intoFiles(tensors, options.shardBytes);
  const total = writeTensors(folder, placed, options.seed);
  if (placed.some(({ file }) => file !== SINGLE_FILE_NAME))
    writeFileSync(
      join(folder, WEIGHT_MAP_NAME),
      formatWeightMap(new Map(placed.map(({ name, file }) => [name, file])), total),
    );
  return total;
}

/** Writes a LoRA adapter for the attention's projections, as peft saves it. */
export function writeSyntheticAdapter(
  folder: string,
  config: Qwen3Config,
  { rank, alpha, seed }: { readonly rank: number; readonly alpha: number; readonly seed: number },
): void {
  mkdirSync(folder, { recursive: true });
  const targets = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
  const fields = { peft_type: 'LORA', r: rank, lora_alpha: alpha, bias: 'none', target_modules: targets };
  writeFileSync(join(folder, 'adapter_config.json'), `${JSON.stringify(fields, undefined, 1)}\n`);
  const tensors: StoredTensor[] = [];
  for (const [name, sizes] of tensorShapes(config)) {
    const matrix = name.replace(/\.weight$/, '');
    const [rows = 1, columns = 1] = sizes;
    if (!targets.some((target) => matrix.endsWith(target))) continue;
    const pair = [['A', [rank, columns]] as const, ['B', [rows, rank]] as const];
    for (const [letter, of] of pair)
      tensors.push({
        name: `base_model.model.${matrix}.lora_${letter}.weight`,
        shape: of,
        dtype: 'F32',
        file: 'adapter_model.safetensors',
      });
  }
  writeTensors(folder, tensors, seed);
}

function intoFiles(tensors: readonly Omit<StoredTensor, 'file'>[], limit: number): StoredTensor[] {
  const indexes: number[] = [];
  let size = 0;
  let file = 0;
  for (const { shape: sizes, dtype } of tensors) {
    const bytes = sizes.reduce((product, one) => product * one, FLOAT_BYTES[dtype]);
    if (size > 0 && size + bytes > limit) {
      file++;
      size = 0;
    }
    size += bytes;
    indexes.push(file);
  }
  const five = (n: number): string => String(n).padStart(5, '0');
  const nameOf = (index: number): string =>
    file === 0 ? SINGLE_FILE_NAME : `model-${five(index + 1)}-of-${five(file + 1)}.safetensors`;
  return tensors.map((tensor, i) => ({ ...tensor, file: nameOf(indexes[i] as number) }));
}

/** Numbers that are made at once. */
const PIECE = 2 ** 20;

/** Writes tensors of random numbers into their files. Returns the bytes without headers. */
function writeTensors(folder: string, tensors: readonly StoredTensor[], seed: number): number {
  const plan = safetensorsPlan(tensors);
  const source = createSource(seed);
  let total = 0;
  for (const [index, { path, head }] of plan.files.entries()) {
    const file = openSync(join(folder, path), 'w');
    try {
      let position = writeSync(file, head as Uint8Array);
      for (const { name, columns, parts, outputs } of plan.matrices) {
        if (outputs[0]?.file !== index) continue;
        const { dtype } = tensors.find((tensor) => tensor.name === name) as StoredTensor;
        let left = columns * (parts[0]?.rows ?? 0);
        source.begin(name);
        while (left > 0) {
          const bytes = source.next(Math.min(PIECE, left), dtype, name.endsWith('norm.weight'));
          position += writeSync(file, bytes, 0, bytes.length, position);
          total += bytes.length;
          left -= bytes.length / FLOAT_BYTES[dtype];
        }
      }
    } finally {
      closeSync(file);
    }
  }
  return total;
}

function createSource(seed: number) {
  const random = new Random(seed);
  const normal = (): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.next();
    return sum;
  };
  const weights = Float32Array.from({ length: 4096 }, () => 0.02 * normal());
  const norms = Float32Array.from({ length: 4096 }, () => 1 + 0.1 * normal());
  const bits = {
    weights: tableOf(weights),
    norms: tableOf(norms),
  };
  const narrow = new Uint16Array(PIECE);
  const wide = new Uint32Array(PIECE);
  let state = 1;
  return {
    begin(name: string): void {
      state = random.fork(name).int(2 ** 32 - 1) + 1;
    },
    next(count: number, dtype: FloatDtype, norm: boolean): Uint8Array {
      const table = bits[norm ? 'norms' : 'weights'][dtype];
      const out = dtype === 'F32' ? wide : narrow;
      let x = state | 0;
      for (let i = 0; i < count; i++) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        out[i] = table[(x >>> 8) & 4095] as number;
      }
      state = x;
      return new Uint8Array(out.buffer, 0, count * out.BYTES_PER_ELEMENT);
    },
  };
}

/** The bit patterns of a table in each type. */
function tableOf(values: Float32Array): Readonly<Record<FloatDtype, Uint32Array | Uint16Array>> {
  const [bf16, f16] = [new Uint16Array(values.length), new Uint16Array(values.length)];
  packBfloat16(values, bf16);
  const rounded = values.slice();
  roundToFloat16(rounded);
  packFloat16(rounded, f16);
  return { F32: bitsOf(values.slice()), F16: f16, BF16: bf16 };
}

/** As transformers writes config.json. */
export function configJson(c: Qwen3Config, dtype: FloatDtype): object {
  return {
    architectures: [architectureOf(c.modelType).className],
    model_type: c.modelType,
    vocab_size: c.vocabSize,
    hidden_size: c.hiddenSize,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    intermediate_size: c.intermediateSize,
    rope_theta: c.ropeTheta,
    max_position_embeddings: c.maxPositions,
    rms_norm_eps: c.normEpsilon,
    hidden_act: 'silu',
    attention_bias: false,
    tie_word_embeddings: c.tied,
    eos_token_id: c.ends[0],
    pad_token_id: c.ends[0],
    torch_dtype: { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype],
  };
}

/** Byte-level BPE without merges: a token for each byte, and Qwen's marks from `first` on. */
export function tokenizerJson(first: number): object {
  const vocab = Object.fromEntries(CHARACTER_OF.map((letter, byte) => [letter, byte]));
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<think>', '</think>'].map((content, i) =>
      addedToken(first + i, content, i < 3),
    ),
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: null,
    decoder: bytes,
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
  };
}
