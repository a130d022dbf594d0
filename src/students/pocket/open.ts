/** Puts a pocket student together from its files, wherever they were read from and whatever runs the model. */
import { ok, type Result } from '../../base/result.ts';
import { parseQwen3Config, type Qwen3Config } from '../../weights/qwen3.ts';
import type { Clock, Student } from '../student.ts';
import type { Runtime } from './runtime.ts';
import { createPocketStudent } from './session.ts';
import { parseTokenizer } from './tokenizer.ts';

interface PocketFiles {
  /** config.json */
  readonly config: string;
  /** tokenizer.json */
  readonly tokenizer: string;
}

/** Brings the weights along, wherever they come from. */
export type LoadRuntime = (config: Qwen3Config) => Promise<Result<Runtime>>;

/**
 * Opens a pocket student.
 * @param about its name, and the SHA-256 of what makes it: weights and tokenizer
 * Codes: those of parseQwen3Config, parseTokenizer and the runtime.
 */
export async function openPocket(
  about: { readonly name: string; readonly weights: string },
  files: PocketFiles,
  load: LoadRuntime,
  clock: Clock,
): Promise<Result<Student>> {
  const config = parseQwen3Config(files.config);
  if (!config.ok) return config;
  const tokenizer = parseTokenizer(files.tokenizer);
  if (!tokenizer.ok) return tokenizer;
  const runtime = await load(config.value);
  if (!runtime.ok) return runtime;
  return ok(
    createPocketStudent({ identity: about, runtime: runtime.value, tokenizer: tokenizer.value, clock }),
  );
}
