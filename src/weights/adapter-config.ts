/**
 * adapter_config.json as peft writes it (peft 0.21, tuners/lora/config.py). Ranks and alphas may differ by module; what
 * changes the base or the sum in another way than W + s (alpha / r) B A is refused, every unknown key too.
 */

import { asFields, isObject } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, refuse } from '../base/result.ts';
import { table, wordsIn } from '../base/table.ts';
import { type AdapterTargets, parseAdapterTargets } from './adapter-targets.ts';
import { saysNothing, unknownKey } from './config-keys.ts';
import { type ModulePattern, matchesModule, type PatternCode, parseModulePattern } from './module-pattern.ts';

/** Why it refuses. */
type AdapterCode = 'ADAPTER_JSON' | 'ADAPTER_UNSUPPORTED' | 'ADAPTER_VALUE' | PatternCode;

export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilised: boolean;
  /** For modules that a pattern matches; the first that does counts. */
  readonly ranks: readonly PatternValue[];
  readonly alphas: readonly PatternValue[];
  /** Where the base has embedding and head as one, whole ones in the adapter are one too. */
  readonly keepsTied: boolean;
  /** modules_to_save: modules that the adapter holds whole, by the ends of their names. */
  readonly whole: readonly string[];
  readonly targets: AdapterTargets;
}

interface PatternValue {
  readonly pattern: ModulePattern;
  readonly value: number;
}

const MAX_RANK = 1024;
const MAX_PATTERNS = 4096;

/** Initialisations that leave the base as it is. Gaussian is compared without its case, as peft does. */
const PLAIN_STARTS = new Set(['gaussian', 'eva', 'orthogonal', 'mica']);

/** What says nothing of the merged weights, or is read below: where the adapter sits is told by its tensors. */
const NEUTRAL = new Set(
  wordsIn(`
  auto_mapping base_model_name_or_path corda_config ensure_weight_tying eva_config exclude_modules
  inference_mode init_lora_weights layers_pattern layers_to_transform loftq_config lora_alpha
  lora_dropout lora_ga_config megatron_core modules_to_save peft_type peft_version qalora_group_size r
  rank_pattern alpha_pattern revision target_modules task_type use_rslora
`),
);

/** Known to change the sum, and what they are. */
const REFUSED: Readonly<Record<string, string>> = table({
  use_dora: 'DoRA adapters',
  lora_bias: 'Adapters that train biases',
  fan_in_fan_out: 'Adapters of transposed matrices',
  layer_replication: 'Adapters that repeat layers',
  trainable_token_indices: 'Adapters of single tokens',
  target_parameters: 'Adapters of bare parameters',
  alora_invocation_tokens: "Activated adapters (aLoRA), which aren't part of every token's weights,",
  use_qalora: 'QA-LoRA adapters',
  use_bdlora: 'Block-diagonal adapters (BD-LoRA)',
  arrow_config: 'Routed adapters (Arrow)',
  kasa_config: 'KaSA adapters',
});

/** Reads adapter_config.json. */
export function parseAdapterConfig(text: string): Parsed<AdapterConfig, AdapterCode> {
  const json = readObject(text, { code: 'ADAPTER_JSON', what: 'adapter_config.json', longest: 1_000_000 });
  if (!json.ok) return json;
  const fields = json.value;
  if (fields.peft_type !== 'LORA')
    return refuse('ADAPTER_UNSUPPORTED', 'Only LoRA adapters can be merged.', 'peft_type');
  for (const [key, what] of Object.entries(REFUSED))
    if (!saysNothing(fields[key])) return refuse('ADAPTER_UNSUPPORTED', `${what} can't be merged.`, key);
  if ((fields.bias ?? 'none') !== 'none')
    return refuse('ADAPTER_UNSUPPORTED', "Adapters that train biases can't be merged.", 'bias');
  const unknown = unknownKey(fields, new Set([...NEUTRAL, 'bias']));
  if (unknown !== undefined)
    return refuse(
      'ADAPTER_UNSUPPORTED',
      `duomem doesn't know ${JSON.stringify(unknown.slice(0, 80))}, which may change what the adapter does.`,
    );
  const start = fields.init_lora_weights ?? true;
  if (typeof start !== 'boolean' && !PLAIN_STARTS.has(String(start).toLowerCase())) {
    const name = JSON.stringify(start).slice(0, 40);
    return refuse(
      'ADAPTER_UNSUPPORTED',
      `This adapter was trained on a base that its initialisation (${name}) had changed. Save it again from the ` +
        'training with path_initial_model_for_weight_conversion, which makes it an adapter of the base as it was.',
      'init_lora_weights',
    );
  }
  const { r: rank, lora_alpha: alpha } = fields;
  if (!isRank(rank)) return refuse('ADAPTER_VALUE', `r must be a whole number from 1 to ${MAX_RANK}.`, 'r');
  if (!isNumber(alpha)) return refuse('ADAPTER_VALUE', 'lora_alpha must be a number.', 'lora_alpha');
  for (const key of ['use_rslora', 'ensure_weight_tying'])
    if (typeof (fields[key] ?? false) !== 'boolean')
      return refuse('ADAPTER_VALUE', `${key} must be true or false.`, key);
  const whole = fields.modules_to_save ?? [];
  if (!Array.isArray(whole) || !whole.every((one): one is string => typeof one === 'string'))
    return refuse('ADAPTER_VALUE', 'modules_to_save must be a list of names.', 'modules_to_save');
  const ranks = patterns(fields.rank_pattern, 'rank_pattern', isRank);
  if (!ranks.ok) return ranks;
  const alphas = patterns(fields.alpha_pattern, 'alpha_pattern', isNumber);
  if (!alphas.ok) return alphas;
  const targets = parseAdapterTargets(fields);
  if (!targets.ok) return targets;
  return ok({
    rank,
    alpha,
    rankStabilised: fields.use_rslora === true,
    ranks: ranks.value,
    alphas: alphas.value,
    keepsTied: fields.ensure_weight_tying === true || !whole.some(isWords),
    whole,
    targets: targets.value,
  });
}

/** Whether a module is the embedding or the head. */
function isWords(module: string): boolean {
  return /(^|\.)(embed_tokens|lm_head)$/.test(module);
}

function patterns(
  value: unknown,
  place: string,
  allowed: (value: unknown) => value is number,
): Parsed<PatternValue[], AdapterCode> {
  if (!isObject(value ?? {}))
    return refuse('ADAPTER_VALUE', `${place} must be an object of numbers by module.`, place);
  const entries = Object.entries(asFields(value));
  if (entries.length > MAX_PATTERNS)
    return refuse('ADAPTER_VALUE', `There are more than ${MAX_PATTERNS} patterns.`, place);
  const found: PatternValue[] = [];
  for (const [key, one] of entries) {
    if (!allowed(one)) return refuse('ADAPTER_VALUE', "A value isn't a number that fits.", place);
    const pattern = parseModulePattern(key);
    if (!pattern.ok) return refuse('ADAPTER_UNSUPPORTED', pattern.error.message, place);
    found.push({ pattern: pattern.value, value: one });
  }
  return ok(found);
}

function isRank(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_RANK;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Rank of a module's adapter, and what its delta is multiplied with: alpha / r, or by the root of r for rsLoRA. */
export function moduleScale(config: AdapterConfig, module: string): { rank: number; scale: number } {
  const first = (values: readonly PatternValue[]) =>
    values.find(({ pattern }) => matchesModule(pattern, module))?.value;
  const rank = first(config.ranks) ?? config.rank;
  const alpha = first(config.alphas) ?? config.alpha;
  return { rank, scale: alpha / (config.rankStabilised ? Math.sqrt(rank) : rank) };
}
