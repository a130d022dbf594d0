import { describe, expect, it } from 'vitest';
import { REAL, shape } from '../testing/synthetic-model.ts';
import { blocksOf, mlcPlan, parametersOf, safetensorsPlan } from './conversion-plan.ts';
import { parseSafetensorsHeader } from './safetensors.ts';

/** Names and shapes as they stand in the metadata of MLC's compiled libraries. */
const shapesOf = (config: Parameters<typeof mlcPlan>[0], quantization: Parameters<typeof mlcPlan>[1]) =>
  new Map(
    mlcPlan(config, quantization, 'bf16', config.vocabSize).shards.flatMap(({ records }) =>
      records.map(({ name, shape: sizes, dtype }) => [name, `${dtype} ${sizes.join(' x ')}`] as const),
    ),
  );

describe('the records of Qwen3-4B', () => {
  it('in q4f16_1', () => {
    const shapes = shapesOf(REAL['qwen3-4b'], 'q4f16_1');
    expect(shapes.size).toBe(2 + 36 * (4 * 2 + 4) + 1);
    expect(Object.fromEntries([...shapes].filter(([name]) => !/layers\.(?!35\.)/.test(name)))).toEqual({
      'model.embed_tokens.q_weight': 'uint32 151936 x 320',
      'model.embed_tokens.q_scale': 'float16 151936 x 80',
      'model.layers.35.input_layernorm.weight': 'float16 2560',
      'model.layers.35.self_attn.c_attn.q_weight': 'uint32 6144 x 320',
      'model.layers.35.self_attn.c_attn.q_scale': 'float16 6144 x 80',
      'model.layers.35.self_attn.q_norm.weight': 'float16 128',
      'model.layers.35.self_attn.k_norm.weight': 'float16 128',
      'model.layers.35.self_attn.o_proj.q_weight': 'uint32 2560 x 512',
      'model.layers.35.self_attn.o_proj.q_scale': 'float16 2560 x 128',
      'model.layers.35.post_attention_layernorm.weight': 'float16 2560',
      'model.layers.35.mlp.gate_up_proj.q_weight': 'uint32 19456 x 320',
      'model.layers.35.mlp.gate_up_proj.q_scale': 'float16 19456 x 80',
      'model.layers.35.mlp.down_proj.q_weight': 'uint32 2560 x 1216',
      'model.layers.35.mlp.down_proj.q_scale': 'float16 2560 x 304',
      'model.norm.weight': 'float16 2560',
    });
  });

  it('add up to the 4.02 thousand million parameters and 2.26 GB that are published', () => {
    const plan = mlcPlan(REAL['qwen3-4b'], 'q4f16_1', 'bf16', 151_936);
    expect(parametersOf(plan)).toBe(4_022_468_096);
    const bytes = plan.files.reduce((sum, file) => sum + file.bytes, 0);
    expect(bytes / 1e9).toBeCloseTo(2.263, 2);
    for (const { bytes: size } of plan.files.slice(1)) expect(size).toBeLessThan(2 ** 25);
  });
});

it('other quantizations keep the names, without scales', () => {
  const config = shape({ vocabSize: 600, layers: 1, tied: false });
  expect(Object.fromEntries(shapesOf(config, 'q0f32'))).toMatchObject({
    'model.embed_tokens.weight': 'float32 600 x 64',
    'model.layers.0.mlp.gate_up_proj.weight': 'float32 192 x 64',
    'lm_head.weight': 'float32 600 x 64',
  });
  expect(shapesOf(config, 'q0f16').get('model.norm.weight')).toBe('float16 64');
  expect(shapesOf(config, 'q4f32_1').get('lm_head.q_scale')).toBe('float32 600 x 2');
  expect(shapesOf({ ...config, tied: true }, 'q4f32_1').has('lm_head.q_scale')).toBe(false);
});

it("a Llama's are named as mlc-llm's Llama names them, and there are no norms of queries and keys", () => {
  const config = shape({ modelType: 'llama', vocabSize: 600, layers: 1, headDim: 16 });
  expect(Object.fromEntries(shapesOf(config, 'q0f16'))).toEqual({
    'model.embed_tokens.weight': 'float16 600 x 64',
    'model.layers.0.input_layernorm.weight': 'float16 64',
    'model.layers.0.self_attn.qkv_proj.weight': 'float16 128 x 64',
    'model.layers.0.self_attn.o_proj.weight': 'float16 64 x 64',
    'model.layers.0.post_attention_layernorm.weight': 'float16 64',
    'model.layers.0.mlp.gate_up_proj.weight': 'float16 192 x 64',
    'model.layers.0.mlp.down_proj.weight': 'float16 64 x 96',
    'model.norm.weight': 'float16 64',
  });
});

it('blocks cover every row once', () => {
  const plan = mlcPlan(shape({ vocabSize: 70_000, layers: 1 }), 'q4f16_1', 'bf16', 70_400);
  const blocks = blocksOf(plan);
  plan.matrices.forEach((matrix, index) => {
    let next = 0;
    for (const { firstRow, rows } of blocks.filter((block) => block.matrix === index)) {
      expect(firstRow).toBe(next);
      expect(rows * matrix.columns).toBeLessThanOrEqual(2 ** 21);
      next += rows;
    }
    expect(next).toBe(matrix.parts.reduce((sum, { rows }) => sum + rows, matrix.padding));
  });
  expect(blocks.filter(({ matrix }) => matrix === 0).length).toBeGreaterThan(1);
});

it('a safetensors file has the header that its reader wants', () => {
  const { files, matrices } = safetensorsPlan([
    { name: 'a', shape: [3, 5], file: 'x.safetensors', dtype: 'BF16' },
    { name: 'b', shape: [7], file: 'x.safetensors', dtype: 'F32' },
    { name: 'c', shape: [2, 2], file: 'y.safetensors', dtype: 'F16' },
  ]);
  const headers = files.map(({ head, bytes }) => parseSafetensorsHeader(head ?? new Uint8Array(), bytes));
  expect(headers.map((one) => one.ok && [...one.value.tensors.keys()])).toEqual([['a', 'b'], ['c']]);
  const first = headers[0];
  const second = first?.ok ? first.value.tensors.get('b') : undefined;
  expect(second?.begin).toBe(matrices[1]?.outputs[0]?.offset);
  expect((files[0]?.head?.length ?? 1) % 8).toBe(0);
});
