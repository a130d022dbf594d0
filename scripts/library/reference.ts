/**
 * A forward pass in plain arithmetic over an MLC folder, to compare a compiled library with. It reads the folder by the
 * format's description (groups of 32, eight words of four bits in a uint32, w = (q - 7) * scale; bfloat16 where the
 * list says f32-to-bf16) and shares no code with what wrote it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryMetadata } from './metadata.ts';

interface Stored {
  readonly bytes: Buffer;
  readonly shape: readonly number[];
  readonly format: string;
}

const EPSILON = 1e-6;

interface ReferenceOptions {
  readonly ropeTheta: number;
  /** Queries and keys have norms, as in Qwen3. */
  readonly normed: boolean;
}

export class Reference {
  readonly #stored = new Map<string, Stored>();
  readonly #sizes: LibraryMetadata['sizes'];
  readonly #options: ReferenceOptions;

  constructor(folder: string, sizes: LibraryMetadata['sizes'], options: ReferenceOptions) {
    this.#sizes = sizes;
    this.#options = options;
    const { records: shards } = JSON.parse(readFileSync(join(folder, 'tensor-cache.json'), 'utf8'));
    for (const { dataPath, records } of shards) {
      const shard = readFileSync(join(folder, dataPath));
      for (const { name, shape, format, byteOffset, nbytes } of records) {
        this.#stored.set(name, { bytes: shard.subarray(byteOffset, byteOffset + nbytes), shape, format });
      }
    }
  }

  /** Scores of all tokens to come next. */
  next(tokens: readonly number[]): Float64Array {
    const { layers, hiddenSize } = this.#sizes;
    let states = tokens.map((token) => this.#row('model.embed_tokens', token));
    for (let i = 0; i < layers; i++) {
      const layer = `model.layers.${i}`;
      const mixed = this.#attention(`${layer}.self_attn`, this.#normAll(states, `${layer}.input_layernorm`));
      states = states.map((state, t) => sum(state, mixed[t]));
      const read = this.#normAll(states, `${layer}.post_attention_layernorm`);
      const gated = this.#times(`${layer}.mlp.gate_up_proj`, read).map((both) => {
        const half = both.length / 2;
        return both.subarray(0, half).map((g, j) => (g / (1 + Math.exp(-g))) * (both[half + j] as number));
      });
      const fed = this.#times(`${layer}.mlp.down_proj`, gated);
      states = states.map((state, t) => sum(state, fed[t]));
    }
    const last = norm(states.at(-1) ?? new Float64Array(hiddenSize), this.#vector('model.norm.weight'));
    return this.#times(this.#sizes.tied ? 'model.embed_tokens' : 'lm_head', [last])[0] as Float64Array;
  }

  #attention(name: string, states: readonly Float64Array[]): Float64Array[] {
    const { heads, kvHeads, headDim } = this.#sizes;
    const { normed: withNorms, ropeTheta } = this.#options;
    const parts = this.#times(`${name}.c_attn`, states).map((all, t) => {
      const part = (index: number, normed: string | undefined): Float64Array => {
        const one = all.slice(index * headDim, (index + 1) * headDim);
        if (normed === undefined) return one;
        const scaled = withNorms ? norm(one, this.#vector(`${name}.${normed}.weight`)) : one;
        return turned(scaled, t, ropeTheta);
      };
      return {
        queries: range(heads, (h) => part(h, 'q_norm')),
        keys: range(kvHeads, (h) => part(heads + h, 'k_norm')),
        values: range(kvHeads, (h) => part(heads + kvHeads + h, undefined)),
      };
    });
    const mixed = parts.map(({ queries }, t) => {
      const out = new Float64Array(heads * headDim);
      for (const [h, query] of queries.entries()) {
        const group = Math.floor((h * kvHeads) / heads);
        const before = parts.slice(0, t + 1);
        const scores = before.map(({ keys }) => dot(query, keys[group]) / Math.sqrt(headDim));
        const most = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - most));
        const whole = shares.reduce((a, b) => a + b, 0);
        for (const [s, { values }] of before.entries()) {
          const share = (shares[s] as number) / whole;
          values[group]?.forEach((value, j) => {
            out[h * headDim + j] = (out[h * headDim + j] as number) + share * value;
          });
        }
      }
      return out;
    });
    return this.#times(`${name}.o_proj`, mixed);
  }

  #normAll(states: readonly Float64Array[], name: string): Float64Array[] {
    const weights = this.#vector(`${name}.weight`);
    return states.map((state) => norm(state, weights));
  }

  /** A matrix times each of the columns. */
  #times(name: string, columns: readonly Float64Array[]): Float64Array[] {
    const rows = this.#rows(name);
    const out = columns.map(() => new Float64Array(rows));
    for (let row = 0; row < rows; row++) {
      const weights = this.#row(name, row);
      for (const [c, column] of columns.entries()) (out[c] as Float64Array)[row] = dot(weights, column);
    }
    return out;
  }

  #rows(name: string): number {
    return (this.#stored.get(`${name}.q_weight`) ?? this.#tensor(`${name}.weight`)).shape[0] ?? 0;
  }

  #row(name: string, row: number): Float64Array {
    const words = this.#stored.get(`${name}.q_weight`);
    if (words === undefined) {
      const [rows = 1] = this.#tensor(`${name}.weight`).shape;
      const all = this.#vector(`${name}.weight`);
      return all.slice((row * all.length) / rows, ((row + 1) * all.length) / rows);
    }
    const columns = 8 * (words.shape[1] as number);
    const scales = this.#vector(`${name}.q_scale`);
    const values = new Float64Array(columns);
    for (let at = 0; at < columns; at += 8) {
      const first = row * columns + at;
      const word = words.bytes.readUInt32LE(first / 2);
      const scale = scales[first >> 5] as number;
      for (let k = 0; k < 8; k++) values[at + k] = (((word >>> (4 * k)) & 15) - 7) * scale;
    }
    return values;
  }

  readonly #vectors = new Map<string, Float64Array>();

  #vector(name: string): Float64Array {
    const kept = this.#vectors.get(name);
    if (kept !== undefined) return kept;
    const { bytes, format } = this.#tensor(name);
    const wide = Buffer.alloc(4);
    const values =
      format === 'f32-to-bf16'
        ? Float64Array.from({ length: bytes.length / 2 }, (_, i) => {
            wide.writeUInt16LE(bytes.readUInt16LE(2 * i), 2);
            return wide.readFloatLE(0);
          })
        : Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
    this.#vectors.set(name, values);
    return values;
  }

  #tensor(name: string): Stored {
    const stored = this.#stored.get(name);
    if (stored === undefined) throw new Error(`the folder has no ${name}`);
    return stored;
  }
}

function range<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function dot(a: Float64Array, b: Float64Array | undefined): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b?.[i] as number);
  return total;
}

function sum(a: Float64Array, b: Float64Array | undefined): Float64Array {
  return a.map((one, i) => one + (b?.[i] as number));
}

function norm(state: Float64Array, weights: Float64Array): Float64Array {
  const scale = Math.sqrt(dot(state, state) / state.length + EPSILON);
  return state.map((one, i) => (one / scale) * (weights[i] as number));
}

/** Rotary position embedding: the first half of a head is turned against the second. */
function turned(head: Float64Array, position: number, theta: number): Float64Array {
  const half = head.length / 2;
  return head.map((one, i) => {
    const angle = position * theta ** (-(i % half) / half);
    const other = i < half ? -(head[i + half] as number) : (head[i - half] as number);
    return one * Math.cos(angle) + other * Math.sin(angle);
  });
}
