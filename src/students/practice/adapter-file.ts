/** A LoRA adapter as peft saves it: adapter_config.json and adapter_model.safetensors, f32. */
import type { LoraShape, LoraTensors } from '../../kernels/trained-matrices.ts';
import { formatSafetensors } from '../../weights/format-safetensors.ts';

export interface AdapterFiles {
  /** adapter_config.json */
  readonly config: string;
  /** adapter_model.safetensors */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * @param base what it is an adapter of, for a reader
 * @param about goes into the file's own notes, where the format has a place for them
 */
export function formatAdapter(
  { rank, alpha, targets }: LoraShape,
  tensors: LoraTensors,
  base: string,
  about: Readonly<Record<string, string>> = {},
): AdapterFiles {
  const config = {
    base_model_name_or_path: base,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    target_modules: targets,
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  };
  const named = [...tensors].flatMap(([module, { down, up }]) => [
    { name: `base_model.model.${module}.lora_A.weight`, shape: [rank, down.length / rank], data: down },
    { name: `base_model.model.${module}.lora_B.weight`, shape: [up.length / rank, rank], data: up },
  ]);
  return {
    config: `${JSON.stringify(config, undefined, 2)}\n`,
    weights: formatSafetensors(named, { format: 'pt', ...about }),
  };
}
