/** What a folder holds in place of the file that was looked for in it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, refuse } from '../../base/result.ts';
import { PICKLE_HELP } from '../../weights/foreign-file.ts';

const GGUF = 'This is a GGUF file; give the file itself in place of its folder.';

/** By the file that is there: what it is, and what to do. */
const INSTEAD: readonly (readonly [wanted: RegExp, there: RegExp, message: string])[] = [
  [
    /^adapter_model\.safetensors$/,
    /^adapter_model\.(bin|pt|pth)$/,
    `This is a file of PyTorch's. ${PICKLE_HELP}`,
  ],
  [
    /^model\.safetensors$/,
    /^(pytorch_model.*\.bin|consolidated.*\.pth|.*\.ckpt)$/,
    `This is a file of PyTorch's. ${PICKLE_HELP}`,
  ],
  [
    /^adapter_model\.safetensors$/,
    /\.gguf$/i,
    'This is a GGUF file; give the folder of the safetensors that the adapter was made from.',
  ],
  [/^model\.safetensors$/, /\.gguf$/i, GGUF],
  [/^config\.json$/, /^adapter_config\.json$/, 'This folder holds an adapter: give it with --adapter.'],
  [
    /^adapter_config\.json$/,
    /^config\.json$/,
    'This folder holds a whole model, not an adapter: give it with --base.',
  ],
  [/^config\.json$/, /\.gguf$/i, GGUF],
];

/** Code FILE_FOREIGN where the folder tells more than that the file isn't there; else the result as it is. */
export async function explainMissing<T>(folder: string, name: string, result: Result<T>): Promise<Result<T>> {
  if (result.ok) return result;
  const there = (await readdir(folder).catch(() => [] as string[])).sort();
  if (there.includes(name)) return result;
  for (const [wanted, pattern, message] of INSTEAD) {
    const found = wanted.test(name) ? there.find((one) => pattern.test(one)) : undefined;
    if (found !== undefined) return refuse('FILE_FOREIGN', message, join(folder, found));
  }
  return result;
}
