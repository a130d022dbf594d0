/**
 * The keys of a stranger's config.json and adapter_config.json: what isn't known is refused when it says anything,
 * since each new kind of model or adapter announces itself by a new key and would otherwise be computed as the old.
 */
import { asFields, type Fields, isObject } from '../base/json-fields.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { wordsIn } from '../base/table.ts';

/** Why it refuses. */
export type ConfigKeysCode = 'CONFIG_QUANTIZED' | 'CONFIG_UNKNOWN' | 'CONFIG_VALUE';

/** Keys of config.json that change nothing of a decoder's arithmetic (transformers 4 and 5, Unsloth). */
const NEUTRAL = wordsIn(`
  _attn_implementation _attn_implementation_autoset _name_or_path architectures attention_dropout
  attn_implementation bos_token_id dtype eos_token_id finetuning_task id2label initializer_range
  is_llama_config label2id max_window_layers model_type output_attentions output_hidden_states
  pad_token_id pretraining_tp problem_type return_dict task_specific_params tokenizer_class
  torch_dtype torchscript transformers.js_config transformers_version unsloth_fixed unsloth_version
  use_cache
`);

/** Whether a value is what a key that isn't there means: null, false, or empty. */
export function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The first key that isn't known and says something. */
export function unknownKey(fields: Fields, known: ReadonlySet<string>): string | undefined {
  return Object.keys(fields).find((key) => !known.has(key) && !saysNothing(fields[key]));
}

/**
 * Checks that config.json asks for nothing but what its reader knows.
 * @param known the keys that the reader reads itself
 * Codes: CONFIG_QUANTIZED (the weights are stored in few bits), CONFIG_UNKNOWN.
 */
export function checkConfigKeys(fields: Fields, known: Iterable<string>): Parsed<undefined, ConfigKeysCode> {
  if (!saysNothing(fields.quantization_config)) {
    const method = asFields(fields.quantization_config).quant_method;
    const name = typeof method === 'string' && /^[\w-]{1,40}$/.test(method) ? ` by ${method}` : '';
    return refuse(
      'CONFIG_QUANTIZED',
      `The weights are quantised${name}; give the model's unquantised checkpoint (bf16, f16 or f32).`,
      'quantization_config',
    );
  }
  const key = unknownKey(fields, new Set([...NEUTRAL, ...known]));
  if (key === undefined) return ok(undefined);
  return refuse(
    'CONFIG_UNKNOWN',
    `duomem doesn't know ${JSON.stringify(key.slice(0, 80))}, which may change what the model computes.`,
  );
}

const ROPE_KEYS = new Set(['rope_theta', 'rope_type', 'type', 'partial_rotary_factor']);

/**
 * The base of rotary positions: `rope_theta` as transformers 4 writes it, or `rope_parameters` of transformers 5.
 * Scaled positions (yarn, linear, dynamic, llama3 …) are refused in both spellings.
 */
export function parseRopeTheta(fields: Fields): Parsed<number, ConfigKeysCode> {
  const places = ['rope_parameters', 'rope_scaling'] as const;
  for (const place of places) {
    if (!saysNothing(fields[place]) && !isObject(fields[place]))
      return refuse('CONFIG_VALUE', `${place} must be an object with the kind of positions, or null.`, place);
    const given = asFields(fields[place]);
    for (const key of ['rope_type', 'type'])
      if (given[key] !== undefined && given[key] !== 'default')
        return refuse(
          'CONFIG_VALUE',
          `Scaled positions (${JSON.stringify(given[key]).slice(0, 40)}) aren't supported, only "default".`,
          place,
        );
    const key = unknownKey(given, ROPE_KEYS);
    if (key !== undefined || (given.partial_rotary_factor ?? 1) !== 1)
      return refuse('CONFIG_VALUE', `${key ?? 'partial_rotary_factor'} isn't supported.`, place);
  }
  const thetas = [fields, ...places.map((place) => asFields(fields[place]))]
    .map(({ rope_theta }) => rope_theta)
    .filter((theta) => theta !== undefined && theta !== null);
  if (new Set(thetas).size > 1)
    return refuse('CONFIG_VALUE', `rope_theta has two values, ${thetas.join(' and ')}.`, 'rope_theta');
  const [theta] = thetas;
  return isPositive(theta)
    ? ok(theta)
    : refuse('CONFIG_VALUE', 'rope_theta must be a positive number.', 'rope_theta');
}

export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
