/** Models in folders, the pocket student that ships unless another is named, read from the disk. */
import { readFileSync } from 'node:fs';
import { unwrap } from '../base/result.ts';
import { type PocketTokenizer, parseTokenizer } from '../students/pocket/tokenizer.ts';
import {
  parseQwen3Config,
  parseQwen3Weights,
  type Qwen3Config,
  type Qwen3Weights,
} from '../weights/qwen3.ts';

export const POCKET = new URL('../../models/pocket/', import.meta.url);

export function readModelFiles(folder = POCKET): { config: Qwen3Config; weights: Qwen3Weights } {
  const config = unwrap(parseQwen3Config(readFileSync(new URL('config.json', folder), 'utf8')));
  const bytes = readFileSync(new URL('model.safetensors', folder));
  return { config, weights: unwrap(parseQwen3Weights(bytes, config)) };
}

export function readTokenizer(): PocketTokenizer {
  return unwrap(parseTokenizer(readFileSync(new URL('tokenizer.json', POCKET), 'utf8')));
}
