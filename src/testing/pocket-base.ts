/** The pocket student that ships, read from the disk as the page reads it from its host, and a small adapter of it. */
import { readFileSync } from 'node:fs';
import { Random } from '../base/random.ts';
import { sha256Hex } from '../base/sha256.ts';
import { dimensionsOf } from '../kernels/model.ts';
import { Trainer } from '../kernels/trainer.ts';
import { BASE_NAME, BASE_NOTE } from '../service/adapters.ts';
import type { PocketBase } from '../service/pocket-base.ts';
import { type AdapterFiles, formatAdapter } from '../students/practice/adapter-file.ts';
import { POCKET, readModelFiles, readTokenizer } from './model-files.ts';

export const SMALL_SHAPE = { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] } as const;

export function readShippedBase(): PocketBase {
  const digest = sha256Hex(readFileSync(new URL('model.safetensors', POCKET)));
  return { digest, ...readModelFiles(), tokenizer: readTokenizer() };
}

/** One step of training away from the base. */
export async function smallAdapter(base: PocketBase, name: string): Promise<AdapterFiles> {
  const options = { longest: 8, build: 'simd' } as const;
  const trainer = await Trainer.create(dimensionsOf(base.config), base.weights, SMALL_SHAPE, options);
  trainer.matrices.begin(new Random('adapter'));
  trainer.learn({ tokens: [1, 2, 3, 4], learnt: [2, 3] }, 1);
  trainer.matrices.step(0.01, 1);
  return formatAdapter(SMALL_SHAPE, trainer.matrices.get(), BASE_NAME, { [BASE_NOTE]: base.digest, name });
}
