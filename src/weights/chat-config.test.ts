import { describe, expect, it } from 'vitest';
import { shape } from '../testing/synthetic-model.ts';
import { formatChatConfig, parseGenerationDefaults, parseTokenPostprocessing } from './chat-config.ts';
import { formatWeightMap, parseWeightMap } from './weight-map.ts';

const format = (generation: Parameters<typeof formatChatConfig>[1]['generation'], config = shape({})) =>
  JSON.parse(
    formatChatConfig(config, {
      quantization: 'q4f16_1',
      vocabulary: 152_064,
      contextWindow: 4096,
      prefillChunk: 1024,
      tokenizerFiles: ['tokenizer.json'],
      tokenPostprocessing: 'byte_level',
      generation,
    }),
  );

describe('formatChatConfig', () => {
  it('takes the ends of a reply from the generation settings, else from the model', () => {
    expect(format({ ends: [151_645, 151_643] }).conv_template.stop_token_ids).toEqual([151_645, 151_643]);
    expect(format({ ends: [] }).conv_template.stop_token_ids).toEqual([151_645]);
    expect(format({ ends: [] })).toMatchObject({ temperature: 1, top_p: 1, repetition_penalty: 1 });
  });

  it("names RoPE's base as the architecture's class in mlc-llm does", () => {
    expect(format({ ends: [] }).model_config.rope_theta).toBe(1_000_000);
    const llama = format({ ends: [] }, shape({ modelType: 'llama', ropeTheta: 100_000 }));
    expect(llama).toMatchObject({ model_type: 'llama', conv_template: { name: 'chatml' } });
    expect(llama.model_config.position_embedding_base).toBe(100_000);
    expect(llama.model_config.rope_theta).toBeUndefined();
  });

  it("has web-llm's fields with the padded vocabulary", () => {
    expect(format({ ends: [], topP: 0.8 })).toMatchObject({
      vocab_size: 152_064,
      context_window_size: 4096,
      prefill_chunk_size: 1024,
      sliding_window_size: -1,
      attention_sink_size: -1,
      top_p: 0.8,
      model_config: { vocab_size: 152_064, num_hidden_layers: 2, head_dim: 128, dtype: 'float16' },
      conv_template: { system_message: '', render_empty_system_message: false, seps: ['<|im_end|>\n'] },
    });
  });
});

it.each([
  [undefined, { ends: [] }],
  ['{"eos_token_id":5,"temperature":0.7,"top_p":0.9}', { ends: [5], temperature: 0.7, topP: 0.9 }],
  ['{"eos_token_id":[5,-1,"x",6],"temperature":"hot","top_p":7}', { ends: [5, 6] }],
])('generation settings %j', (text, expected) => {
  expect(parseGenerationDefaults(text)).toMatchObject({ ok: true, value: expected });
});

it('generation settings that are no object are refused', () => {
  expect(parseGenerationDefaults('[')).toMatchObject({ ok: false, error: { code: 'GENERATION_JSON' } });
});

it('a tokenizer that nests without end is refused', () => {
  const text = `{"decoder":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  expect(parseTokenPostprocessing(text)).toMatchObject({ ok: false, error: { code: 'TOKENIZER_JSON' } });
});

it.each([
  ['{"decoder":{"type":"ByteLevel"}}', 'byte_level'],
  [
    '{"decoder":{"type":"Sequence","decoders":[{"type":"Replace"},{"type":"ByteFallback"}]}}',
    'byte_fallback',
  ],
  ['{"decoder":null}', 'raw'],
])('tokenizer %#', (text, expected) => {
  expect(parseTokenPostprocessing(text)).toEqual({ ok: true, value: expected });
});

describe('parseWeightMap', () => {
  it('undoes formatWeightMap', () => {
    const files = new Map([
      ['b', 'model-00001-of-00002.safetensors'],
      ['a', 'model-00002-of-00002.safetensors'],
    ]);
    expect(parseWeightMap(formatWeightMap(files, 7))).toEqual({ ok: true, value: files });
  });

  it.each([
    ['', 'INDEX_JSON'],
    ['null', 'INDEX_JSON'],
    ['{"weight_map":[]}', 'INDEX_JSON'],
    ['{"weight_map":{}}', 'INDEX_JSON'],
    ['{"weight_map":{"a":7}}', 'INDEX_PATH'],
    ['{"weight_map":{"a":"/etc/x.safetensors"}}', 'INDEX_PATH'],
    ['{"weight_map":{"a":"x/y.safetensors"}}', 'INDEX_PATH'],
    ['{"weight_map":{"a":"..safetensors"}}', 'INDEX_PATH'],
  ])('refuses %s', (text, code) => {
    expect(parseWeightMap(text)).toMatchObject({ ok: false, error: { code } });
  });
});
