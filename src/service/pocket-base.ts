/** The pocket student's own numbers, as adapters are trained on and merged into; and the students made of them. */
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Hex, sha256Text } from '../base/sha256.ts';
import type { StoredAdapter } from '../storage/adapters-db.ts';
import { createKernelRuntime } from '../students/pocket/kernel-runtime.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { createPocketStudent } from '../students/pocket/session.ts';
import { type PocketTokenizer, parseTokenizer } from '../students/pocket/tokenizer.ts';
import type { Student } from '../students/student.ts';
import { parseAdapterConfig } from '../weights/adapter-config.ts';
import { mergeAdapter } from '../weights/peft.ts';
import {
  parseQwen3Config,
  parseQwen3Weights,
  type Qwen3Config,
  type Qwen3Weights,
} from '../weights/qwen3.ts';
import { Safetensors } from '../weights/safetensors.ts';
import { type PageAddress, readChecked, shippedFiles } from './shipped.ts';

const FOLDER = 'models/pocket/';
const now = (): number => performance.now();

export interface PocketBase {
  /** SHA-256 of model.safetensors, in hex. */
  readonly digest: string;
  readonly config: Qwen3Config;
  readonly tokenizer: PocketTokenizer;
  readonly weights: Qwen3Weights;
}

/** What of an adapter is merged. */
type MergedAdapter = Pick<StoredAdapter, 'name' | 'base' | 'config' | 'weights' | 'strength'>;

/** Codes: STUDENT_NOT_HERE, SHIPPED_…, and those of the files. */
export async function readPocketBase(page: PageAddress): Promise<Result<PocketBase>> {
  const shipped = await shippedFiles(page);
  if (!shipped.ok) return shipped;
  const texts: Uint8Array[] = [];
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
    const file = shipped.value.find(({ path }) => path === FOLDER + name);
    if (file === undefined)
      return refuse('STUDENT_NOT_HERE', 'This build of the page holds no pocket student that can practise.');
    const bytes = await readChecked(page, file);
    if (!bytes.ok) return bytes;
    texts.push(bytes.value);
  }
  const [configBytes, tokenizerBytes, model] = texts as [Uint8Array, Uint8Array, Uint8Array];
  const config = parseQwen3Config(new TextDecoder().decode(configBytes));
  if (!config.ok) return config;
  const tokenizer = parseTokenizer(new TextDecoder().decode(tokenizerBytes));
  if (!tokenizer.ok) return tokenizer;
  const weights = parseQwen3Weights(model, config.value);
  if (!weights.ok) return weights;
  return ok({
    digest: sha256Hex(model),
    config: config.value,
    tokenizer: tokenizer.value,
    weights: weights.value,
  });
}

/** Codes: ADAPTER_BASE (it was trained on another student), and those of mergeAdapter. */
export function mergeAll(base: PocketBase, adapters: readonly MergedAdapter[]): Result<Qwen3Weights> {
  let weights = base.weights;
  for (const { name, base: digest, config, weights: bytes, strength } of adapters) {
    if (digest !== base.digest)
      return refuse(
        'ADAPTER_BASE',
        'This adapter was trained on another student than the one of this page. Practise again.',
        name,
      );
    const parsed = parseAdapterConfig(config);
    if (!parsed.ok) return parsed;
    const file = Safetensors.parse(bytes);
    if (!file.ok) return file;
    const merged = mergeAdapter(new Map(weights), file.value, parsed.value, {
      strength,
      tied: base.config.tied,
    });
    if (!merged.ok) return merged;
    weights = merged.value;
  }
  return ok(weights);
}

/** `pocket, practised: boots time, another (50 %)`: what a trace calls it. */
export function nameWith(adapters: readonly Pick<MergedAdapter, 'name' | 'strength'>[]): string {
  if (adapters.length === 0) return 'pocket';
  const told = adapters.map(({ name, strength }) =>
    strength === 1 ? name : `${name} (${Math.round(100 * strength)} %)`,
  );
  return `pocket, practised: ${told.join(', ')}`;
}

/** The student with these adapters in it, by the kernels. Codes: those of mergeAll and the kernels. */
export async function openAdapted(
  base: PocketBase,
  adapters: readonly MergedAdapter[],
): Promise<Result<Student>> {
  const weights = mergeAll(base, adapters);
  if (!weights.ok) return weights;
  const runtime = await createKernelRuntime(base.config, weights.value, messageTurns(now));
  if (!runtime.ok) return runtime;
  const parts = adapters.map(({ weights: bytes, config, strength }) => [sha256Hex(bytes), config, strength]);
  const digest = adapters.length === 0 ? base.digest : sha256Text(JSON.stringify([base.digest, parts]));
  return ok(
    createPocketStudent({
      identity: { name: nameWith(adapters), weights: digest },
      runtime: runtime.value,
      tokenizer: base.tokenizer,
      clock: now,
    }),
  );
}
