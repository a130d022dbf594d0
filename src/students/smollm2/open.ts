/** Puts the student together: base, adapter, tokenizer, and whatever runs the merged model. */
import { ok, type Result } from '../../base/result.ts';
import { type GgufBase, type LoadedAdapter, openGguf } from '../../weights/gguf/merged.ts';
import type { Storage } from '../../weights/onnx-graph.ts';
import { qwen3Onnx } from '../../weights/qwen3-onnx.ts';
import { parseBpeTokenizer } from '../pocket/bpe.ts';
import { type ModelShape, type Runtime, shapeOf } from '../pocket/runtime.ts';
import { createPocketStudent } from '../pocket/session.ts';
import type { Clock, Student } from '../student.ts';
import { SMOLLM2_NAME } from './base.ts';

export interface SmolLm2Parts {
  /** The base's file, whole and verified. */
  readonly base: Uint8Array;
  readonly adapter: LoadedAdapter | undefined;
  /** SHA-256 of what makes it: base, adapter and strength. */
  readonly weights: string;
  /**
   * q8 plays a game in three quarters of the CPU's time that f32 takes (models/smollm2/README.md has the
   * measurement); f32 says what torch says, token for token.
   */
  readonly storage: Storage;
  readonly load: (model: Uint8Array, shape: ModelShape) => Promise<Result<Runtime>>;
  readonly clock: Clock;
}

/** Codes: those of openGguf, of its `write`, of parseBpeTokenizer and of the runtime. */
export async function openSmolLm2(parts: SmolLm2Parts): Promise<Result<Student>> {
  const base: Result<GgufBase> = openGguf(parts.base);
  if (!base.ok) return base;
  const { config, tokenizer: texts, write } = base.value;
  const text = (name: string): string => texts.get(name) ?? '';
  const tokenizer = parseBpeTokenizer(text('tokenizer.json'), text('tokenizer_config.json'));
  if (!tokenizer.ok) return tokenizer;
  const model = write(parts.adapter, (weights) => qwen3Onnx(config, weights, parts.storage));
  if (!model.ok) return model;
  const runtime = await parts.load(model.value, shapeOf(config));
  if (!runtime.ok) return runtime;
  const name = parts.adapter === undefined ? SMOLLM2_NAME : `${SMOLLM2_NAME}, distilled`;
  return ok(
    createPocketStudent({
      identity: { kind: 'smollm2', name, weights: parts.weights },
      runtime: runtime.value,
      tokenizer: tokenizer.value,
      clock: parts.clock,
    }),
  );
}
