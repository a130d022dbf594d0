import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mergeAdapter, parseAdapterConfig } from './peft.ts';
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
      value: { rank: 4, alpha: 8, rankStabilised: false },
    });
  });

  it.each([
    ['{', 'ADAPTER_JSON'],
    ['null', 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { peft_type: 'IA3' }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { use_dora: true }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { bias: 'all' }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { rank_pattern: { q_proj: 2 } }), 'ADAPTER_UNSUPPORTED'],
    [changed(adapterText, { r: 0 }), 'ADAPTER_VALUE'],
    [changed(adapterText, { r: 1e9 }), 'ADAPTER_VALUE'],
    [changed(adapterText, { lora_alpha: '8' }), 'ADAPTER_VALUE'],
  ])('refuses %#', (text, code) => {
    expect(codeOf(parseAdapterConfig(text))).toBe(code);
  });
});

describe('mergeAdapter', () => {
  const adapter = Safetensors.parse(adapterFile);
  if (!adapter.ok) throw new Error(adapter.error.message);
  const config = { rank: 4, alpha: 8, rankStabilised: false };
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
    const first = (change: object, strength?: number): number => {
      const merged = mergeAdapter(weights, adapter.value, { ...config, ...change }, strength);
      return merged.ok ? (merged.value.get(name)?.data[5] as number) : Number.NaN;
    };
    const whole = first({});
    expect(whole).not.toBe(0);
    expect(first({}, 0.5)).toBeCloseTo(0.5 * whole, 6);
    expect(first({ rankStabilised: true })).toBeCloseTo(2 * whole, 6);
    expect(weights.get(name)?.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses an adapter of another model or rank', () => {
    expect(codeOf(mergeAdapter(new Map(), adapter.value, config))).toBe('ADAPTER_TENSOR');
    expect(codeOf(mergeAdapter(weights, adapter.value, { ...config, rank: 8 }))).toBe('TENSOR_SHAPE');
    const narrow = new Map(weights).set(name, zero(32, 16));
    expect(codeOf(mergeAdapter(narrow, adapter.value, config))).toBe('TENSOR_SHAPE');
  });
});

describe('parseQwen3Config', () => {
  it("reads transformers' own file", () => {
    const config = parseQwen3Config(configText);
    expect(config).toMatchObject({
      ok: true,
      value: { layers: 2, ropeTheta: 500, tied: false, endOfTurn: 2 },
    });
  });

  it.each([
    ['{', 'CONFIG_JSON'],
    ['[]', 'CONFIG_MODEL'],
    [changed(configText, { model_type: 'llama' }), 'CONFIG_MODEL'],
    [changed(configText, { num_hidden_layers: 1e6 }), 'CONFIG_VALUE'],
    [changed(configText, { head_dim: 7 }), 'CONFIG_VALUE'],
    [changed(configText, { num_key_value_heads: 3 }), 'CONFIG_VALUE'],
    [changed(configText, { rope_parameters: { rope_theta: 'x' } }), 'CONFIG_VALUE'],
    [changed(configText, { sliding_window: 16 }), 'CONFIG_VALUE'],
    [changed(configText, { rms_norm_eps: 0 }), 'CONFIG_VALUE'],
    [changed(configText, { attention_bias: true }), 'CONFIG_VALUE'],
    [changed(configText, { hidden_act: 'gelu' }), 'CONFIG_VALUE'],
    [changed(configText, { eos_token_id: null }), 'CONFIG_VALUE'],
  ])('refuses %#', (text, code) => {
    expect(codeOf(parseQwen3Config(text))).toBe(code);
  });
});
