/**
 * Puts the student together: weights of eight bits on the kernels of this project, on the CPU or on the GPU, which on the
 * CPU are faster at it than ONNX Runtime (models/smollm2/README.md has the measurement), and the base's own tokenizer.
 */
import { ok, type Result } from '../../base/result.ts';
import { sha256Text } from '../../base/sha256.ts';
import type { MergedWeights } from '../../weights/gguf/merged.ts';
import { packedTensor } from '../../weights/merged-file.ts';
import type { EightBitWeights } from '../../weights/panels8.ts';
import type { Qwen3Config } from '../../weights/qwen3.ts';
import { parseBpeTokenizer } from '../pocket/bpe.ts';
import type { Runtime } from '../pocket/runtime.ts';
import { createPocketStudent } from '../pocket/session.ts';
import type { Clock, Student } from '../student.ts';
import { SMOLLM2_FILE, SMOLLM2_NAME } from './base.ts';

interface SmolLm2Parts {
  readonly config: Qwen3Config;
  /** tokenizer.json and tokenizer_config.json. */
  readonly tokenizer: ReadonlyMap<string, string>;
  readonly weights: EightBitWeights;
  /** The adapter that was merged in, by the SHA-256 of its two files; undefined for the base alone. */
  readonly adapter: { readonly sha256: string; readonly strength: number } | undefined;
  /** Brings what computes it. */
  readonly load: (config: Qwen3Config, weights: EightBitWeights) => Promise<Result<Runtime>>;
  readonly clock: Clock;
}

/** A conversation that one device is held to another by: the opening of a game. */
const TRIAL = [
  {
    role: 'user',
    content:
      'You are in the middle of a room. Looking quickly around you, you see a cabinet 2, a cabinet 1, a countertop 1, a drawer 1, a fridge 1, a garbagecan 1, a microwave 1, a sinkbasin 1, and a stoveburner 1.\n\nYour task is to: put a clean mug in cabinet.',
  },
] as const;

export interface OpenedSmolLm2 {
  readonly student: Student;
  readonly runtime: Runtime;
  /** Tokens of a prompt that devices can be compared by. */
  readonly trial: readonly number[];
}

/** Codes: those of parseBpeTokenizer and of `load`. */
export async function openSmolLm2(parts: SmolLm2Parts): Promise<Result<OpenedSmolLm2>> {
  const text = (name: string): string => parts.tokenizer.get(name) ?? '';
  const tokenizer = parseBpeTokenizer(text('tokenizer.json'), text('tokenizer_config.json'));
  if (!tokenizer.ok) return tokenizer;
  const runtime = await parts.load(parts.config, parts.weights);
  if (!runtime.ok) return runtime;
  const identity = { kind: 'smollm2', ...smolLm2Identity(parts.adapter) } as const;
  const about = { identity, runtime: runtime.value, tokenizer: tokenizer.value, clock: parts.clock };
  return ok({
    student: createPocketStudent(about),
    runtime: runtime.value,
    trial: tokenizer.value.encodeChat(TRIAL, true),
  });
}

/** Its name, and the SHA-256 of what makes it. With strength 0 it is the base, whatever adapter there is. */
export function smolLm2Identity(adapter: SmolLm2Parts['adapter']): {
  readonly name: string;
  readonly weights: string;
} {
  const base = SMOLLM2_FILE.digest.hex;
  if (adapter === undefined || adapter.strength === 0)
    return { name: SMOLLM2_NAME, weights: sha256Text(base) };
  const { sha256, strength } = adapter;
  return {
    name: `${SMOLLM2_NAME}, distilled${strength === 1 ? '' : ` (strength ${strength})`}`,
    weights: sha256Text(`${base}${sha256}${strength === 1 ? '' : strength}`),
  };
}

/** Merged weights as the kernels take them, packed when they are asked for. `refused`: what went wrong with a tensor. */
export function packedWeights(
  merged: MergedWeights,
): EightBitWeights & { readonly refused: () => Result<never> | undefined } {
  let refusal: Result<never> | undefined;
  return {
    refused: () => refusal,
    has: (name) => merged.shapes.has(name),
    async get(name) {
      const packed = await packedTensor(merged, name);
      if (packed.ok) return packed.value;
      refusal ??= packed;
      return undefined;
    },
  };
}
