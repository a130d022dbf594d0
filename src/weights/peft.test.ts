import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { readModelFiles } from '../testing/model-files.ts';
import { parseAdapterConfig } from './adapter-config.ts';
import { mergeAdapter } from './peft.ts';
import { parseQwen3Config } from './qwen3.ts';
import { Safetensors, type Tensor } from './safetensors.ts';

const folder = new URL('./fixtures/tiny-qwen3/', import.meta.url);
const configText = readFileSync(new URL('config.json', folder), 'utf8');
const adapterText = readFileSync(new URL('adapter/adapter_config.json', folder), 'utf8');
const adapterFile = readFileSync(new URL('adapter/adapter_model.safetensors', folder));

function changed(text: string, change: object): string {
  return JSON.stringify({ ...JSON.parse(text), ...change });
}
const codeOf = (result: { ok: true } | { ok: false; error: { code: string } }): string =>
  result.ok ? 'ok' : result.error.code;

describe('parseAdapterConfig', () => {
  it("reads peft's own file", () => {
    expect(parseAdapterConfig(adapterText)).toEqual({
      ok: true,
      value: {
        rank: 4,
        alpha: 8,
        rankStabilised: false,
        ranks: [],
        alphas: [],
        keepsTied: true,
        whole: [],
        targets: {
          modules: { ends: ['k_proj', 'q_proj', 'o_proj', 'v_proj'] },
          excluded: { ends: [] },
          layers: undefined,
        },
      },
    });
  });

  it.each<readonly [text: string, code: string]>([
    ['{', 'ADAPTER_JSON'],
    ['null', 'ADAPTER_JSON'],
    [changed(adapterText, { peft_type: 'IA3' }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { use_dora: true }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { bias: 'all' }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { rank_pattern: { q_proj: 2.5 } }), 'ADAPTER_VALUE'],
    [changed(adapterText, { rank_pattern: { '(q|k)*': 2 } }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { alpha_pattern: { q_proj: '4' } }), 'ADAPTER_VALUE'],
    ...['pissa', 'pissa_niter_16', 'olora', 'corda', 'loftq', 'lora_ga', 'a new one', 7].map(
      (start) => [changed(adapterText, { init_lora_weights: start }), 'ADAPTER_UNSUPPORTED'] as const,
    ),
    [changed(adapterText, { alora_invocation_tokens: [1, 2] }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { use_qalora: true }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { use_bdlora: { nblocks: 2 } }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { arrow_config: { top_k: 2 } }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { velora_config: { scale: 1 } }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { of_next_year: 1 }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { r: 0 }), 'ADAPTER_VALUE'],
    [changed(adapterText, { r: 1e9 }), 'ADAPTER_VALUE'],
    [changed(adapterText, { lora_alpha: '8' }), 'ADAPTER_VALUE'],
    ...[
      { rank_pattern: 'q_proj' },
      { rank_pattern: ['q_proj'] },
      { alpha_pattern: 'q_proj' },
      { alpha_pattern: 4 },
      { modules_to_save: 'lm_head' },
      { modules_to_save: { a: 'lm_head' } },
      { modules_to_save: [7] },
      { use_rslora: 'true' },
      { use_rslora: 1 },
      { ensure_weight_tying: 'yes' },
    ].map((change) => [changed(adapterText, change), 'ADAPTER_VALUE'] as const),
  ])('refuses %#', (text, code) => {
    expect(codeOf(parseAdapterConfig(text))).toBe(code);
  });

  it.each([true, false, 'gaussian', 'Gaussian', 'eva', 'orthogonal', 'mica'])(
    'knows that %s leaves the base as it is',
    (start) => {
      expect(codeOf(parseAdapterConfig(changed(adapterText, { init_lora_weights: start })))).toBe('ok');
    },
  );

  it('takes unknown keys that say nothing', () => {
    const change = { one: null, two: false, three: {}, four: [], five: '' };
    expect(codeOf(parseAdapterConfig(changed(adapterText, change)))).toBe('ok');
  });
});

describe('mergeAdapter', () => {
  const adapter = unwrap(Safetensors.parse(adapterFile));
  const config = unwrap(parseAdapterConfig(adapterText));
  const name = 'model.layers.0.self_attn.q_proj.weight';
  const zero = (rows: number, columns: number): Tensor => ({
    shape: [rows, columns],
    data: new Float32Array(rows * columns),
  });
  const weights = new Map<string, Tensor>();
  for (const i of [0, 1])
    for (const [projection, rows] of [
      ['q', 32],
      ['k', 16],
      ['v', 16],
      ['o', 32],
    ] as const)
      weights.set(`model.layers.${i}.self_attn.${projection}_proj.weight`, zero(rows, 32));

  it('scales by the strength, and by the root of the rank for rsLoRA', () => {
    const first = (change: object, strength = 1): number => {
      const merged = mergeAdapter(weights, adapter, { ...config, ...change }, { strength });
      return merged.ok ? (merged.value.get(name)?.data[5] as number) : Number.NaN;
    };
    const whole = first({});
    expect(whole).not.toBe(0);
    expect(first({}, 0.5)).toBeCloseTo(0.5 * whole, 6);
    expect(first({ rankStabilised: true })).toBeCloseTo(2 * whole, 6);
    expect(weights.get(name)?.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses an adapter of another model or rank', () => {
    expect(codeOf(mergeAdapter(new Map(), adapter, config))).toBe('ADAPTER_TENSOR');
    expect(codeOf(mergeAdapter(weights, adapter, { ...config, rank: 8 }))).toBe('TENSOR_SHAPE');
    const narrow = new Map(weights).set(name, zero(32, 16));
    expect(codeOf(mergeAdapter(narrow, adapter, config))).toBe('TENSOR_SHAPE');
  });
});

describe("peft's own merge", () => {
  const parts = (name: string): Buffer => readFileSync(new URL(`adapter-parts/${name}`, folder));
  const digest = (data: Float32Array): string =>
    createHash('sha256')
      .update(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex');
  const { weights } = readModelFiles(folder);
  const config = unwrap(parseAdapterConfig(parts('adapter_config.json').toString()));
  const adapter = unwrap(Safetensors.parse(parts('adapter_model.safetensors')));

  it('of embedding, head, norms saved whole, and ranks and alphas by module: the same bits', () => {
    const merged = unwrap(mergeAdapter(weights, adapter, config));
    const digests = Object.fromEntries([...merged].sort().map(([name, { data }]) => [name, digest(data)]));
    expect(digests).toEqual(JSON.parse(parts('merged.json').toString()));
    const unchanged = [...merged].filter(
      ([name, { data }]) => digest(data) === digest((weights.get(name) as Tensor).data),
    );
    expect(unchanged.map(([name]) => name.replace(/.*\d\./, '')).sort()).toEqual(
      ['self_attn.k_proj', 'self_attn.o_proj', 'mlp.gate_proj', 'mlp.up_proj']
        .flatMap((name) => [`${name}.weight`, `${name}.weight`])
        .sort(),
    );
  });

  it('of tensors saved whole is for strength 1 alone', () => {
    expect(codeOf(mergeAdapter(weights, adapter, config, { strength: 0.5 }))).toBe('ADAPTER_STRENGTH');
  });

  it('would change embedding and head at once where they are one', () => {
    expect(codeOf(mergeAdapter(weights, adapter, config, { tied: true }))).toBe('ADAPTER_TIED');
  });
});

describe('parseQwen3Config', () => {
  it("reads transformers' own file", () => {
    const config = parseQwen3Config(configText);
    expect(config).toMatchObject({
      ok: true,
      value: { layers: 2, ropeTheta: 500, tied: false, ends: [2] },
    });
  });

  it.each<readonly [text: string, code: string]>([
    ['{', 'CONFIG_JSON'],
    ['[]', 'CONFIG_MODEL'],
    [changed(configText, { model_type: 'mistral' }), 'CONFIG_MODEL'],
    [changed(configText, { num_hidden_layers: 1e6 }), 'CONFIG_VALUE'],
    [changed(configText, { head_dim: 7 }), 'CONFIG_VALUE'],
    [changed(configText, { num_key_value_heads: 3 }), 'CONFIG_VALUE'],
    [changed(configText, { rope_parameters: { rope_theta: 'x' } }), 'CONFIG_VALUE'],
    [changed(configText, { use_sliding_window: true }), 'CONFIG_VALUE'],
    [changed(configText, { layer_types: ['full_attention', 'sliding_attention'] }), 'CONFIG_VALUE'],
    [changed(configText, { tie_word_embeddings: 'yes' }), 'CONFIG_VALUE'],
    [changed(configText, { quantization_config: { quant_method: 'awq' } }), 'CONFIG_QUANTIZED'],
    [changed(configText, { logit_scale: 2 }), 'CONFIG_UNKNOWN'],
    ...['yarn', 'linear', 'dynamic', 'llama3', 'longrope'].flatMap((rope_type) => [
      [
        changed(configText, { rope_parameters: { rope_theta: 500, rope_type, factor: 4 } }),
        'CONFIG_VALUE',
      ] as const,
      [changed(configText, { rope_scaling: { type: rope_type, factor: 4 } }), 'CONFIG_VALUE'] as const,
    ]),
    [changed(configText, { rope_parameters: { rope_theta: 500, factor: 4 } }), 'CONFIG_VALUE'],
    [changed(configText, { rope_parameters: { full_attention: { rope_theta: 500 } } }), 'CONFIG_VALUE'],
    [
      changed(configText, { rope_parameters: { rope_theta: 500, partial_rotary_factor: 0.5 } }),
      'CONFIG_VALUE',
    ],
    [changed(configText, { rope_theta: 10_000 }), 'CONFIG_VALUE'],
    ...['yarn', 7, true, ['yarn']].map(
      (rope_scaling) => [changed(configText, { rope_scaling }), 'CONFIG_VALUE'] as const,
    ),
    [changed(configText, { rms_norm_eps: 0 }), 'CONFIG_VALUE'],
    [changed(configText, { attention_bias: true }), 'CONFIG_VALUE'],
    [changed(configText, { hidden_act: 'gelu' }), 'CONFIG_VALUE'],
    [changed(configText, { eos_token_id: '<|im_end|>' }), 'CONFIG_VALUE'],
    [changed(configText, { vocab_size: 600, eos_token_id: [2, 600] }), 'CONFIG_VALUE'],
  ])('refuses %#', (text, code) => {
    expect(codeOf(parseQwen3Config(text))).toBe(code);
  });

  it.each([
    { sliding_window: 4096, use_sliding_window: false, max_window_layers: 2 },
    { rope_parameters: undefined, rope_theta: 500, rope_scaling: null },
    { rope_theta: 500 },
    { layer_types: undefined, _name_or_path: 'Qwen/Qwen3-4B', unsloth_version: '2026.1.1' },
  ])('takes what changes nothing: %j', (change) => {
    expect(parseQwen3Config(changed(configText, change))).toMatchObject({
      ok: true,
      value: { ropeTheta: 500 },
    });
  });

  it('takes the ends of a reply as a list, as one, or from elsewhere', () => {
    const ends = (value: unknown) => parseQwen3Config(changed(configText, { eos_token_id: value }));
    expect(ends([5, 6])).toMatchObject({ ok: true, value: { ends: [5, 6] } });
    expect(ends(5)).toMatchObject({ ok: true, value: { ends: [5] } });
    expect(ends(null)).toMatchObject({ ok: true, value: { ends: [] } });
  });
});
