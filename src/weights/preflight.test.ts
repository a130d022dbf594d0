import { describe, expect, test } from 'vitest';
import { type AdapterFacts, type DeviceFacts, preflight, type WantedModel } from './preflight.ts';
import { MODELS } from './registry.ts';

const [qwen] = MODELS;
if (qwen === undefined) throw new Error('there is no model');
const model: WantedModel = { ...qwen, present: 0 };
const GIB = 2 ** 30;

const adapter: AdapterFacts = {
  name: 'apple metal-3',
  features: ['shader-f16', 'subgroups'],
  limits: {
    maxBufferSize: 4 * GIB,
    maxStorageBufferBindingSize: 4 * GIB,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
  },
  software: false,
};
const good: DeviceFacts = {
  adapter,
  storage: { used: 0, quota: 60e9 },
  battery: { level: 1, charging: true },
  connection: { saveData: false, metered: false, online: true },
  phone: false,
  memoryGB: 16,
  cacheStorage: true,
};

const codes = (facts: Partial<DeviceFacts>, wanted: Partial<WantedModel> = {}): string[] =>
  preflight({ ...model, ...wanted }, { ...good, ...facts })
    .findings.filter(({ verdict }) => verdict !== 'fine')
    .map(({ code }) => code);
const limits = (changed: Partial<AdapterFacts['limits']>): Partial<DeviceFacts> => ({
  adapter: { ...adapter, limits: { ...adapter.limits, ...changed } },
});

test('a good computer has nothing against it, and is told what it will cost', () => {
  const card = preflight(model, good);
  expect(card.verdict).toBe('fine');
  expect(card.findings.map(({ code }) => code)).toEqual(['GPU_FITS', 'STORAGE_FITS']);
  expect(card.findings.map(({ message }) => message).join(' ')).toMatch(/3\.4 GB of GPU memory.*2\.3 GB/);
});

describe('refused', () => {
  test('a phone, with the reason', () => {
    const card = preflight(model, { ...good, phone: true });
    expect(card.verdict).toBe('refused');
    expect(card.findings[0]?.message).toMatch(/1\.5 GB/);
  });

  test('no WebGPU, no device', () => {
    expect(codes({ adapter: 'none' })).toEqual(['NO_WEBGPU']);
    expect(codes({ adapter: 'no-adapter' })).toEqual(['NO_ADAPTER']);
    expect(codes({ adapter: 'silent' })).toEqual(['SILENT_ADAPTER']);
  });

  test('16-bit weights without shader-f16: the 32-bit ones are offered', () => {
    const without = { ...adapter, features: [] };
    const card = preflight(model, { ...good, adapter: without });
    expect(card.verdict).toBe('refused');
    expect(card.instead).toBe('qwen3-4b-q4f32_1');
    expect(codes({ adapter: without }, { quantization: 'q4f32_1' })).toEqual([]);
    // Not where they wouldn't help.
    expect(preflight(model, { ...good, adapter: without, phone: true }).instead).toBeUndefined();
  });

  test('buffers too small for the embedding, as web-llm would ask for them', () => {
    // Less than the 1 GiB that web-llm wants gives 128 MiB, although 512 MiB would do.
    expect(codes(limits({ maxStorageBufferBindingSize: GIB / 2 }))).toEqual(['BUFFER_LIMIT']);
    expect(codes(limits({ maxStorageBufferBindingSize: GIB }))).toEqual([]);
    expect(codes(limits({ maxBufferSize: GIB / 2 }))).toEqual([]);
    expect(codes(limits({ maxBufferSize: GIB / 8 }))).toEqual(['BUFFER_LIMIT']);
  });

  test('shader limits below what web-llm starts with', () => {
    expect(codes(limits({ maxComputeWorkgroupStorageSize: 16_384 }))).toEqual(['SHADER_LIMITS']);
    expect(codes(limits({ maxStorageBuffersPerShaderStage: 8 }))).toEqual(['SHADER_LIMITS']);
  });

  test('too little room, for what is still missing', () => {
    const storage = { used: 1e9, quota: 2e9 };
    expect(codes({ storage })).toEqual(['STORAGE_SHORT']);
    expect(codes({ storage }, { present: 1.9e9 })).toEqual(['STORAGE_TIGHT']);
    expect(codes({ storage }, { present: model.bytes })).toEqual([]);
    expect(codes({ cacheStorage: false })).toEqual(['NO_STORAGE']);
  });
});

test("warned: costs, and what the browser doesn't say", () => {
  const online = { saveData: false, metered: false, online: true };
  expect(codes({ connection: { ...online, metered: true } })).toEqual(['METERED']);
  expect(codes({ connection: { ...online, saveData: true } })).toEqual(['METERED']);
  expect(codes({ connection: { ...online, online: false } })).toEqual(['OFFLINE']);
  expect(codes({ connection: { ...online, metered: true } }, { present: model.bytes })).toEqual([]);
  expect(codes({ battery: { level: 0.1, charging: false } })).toEqual(['BATTERY_LOW']);
  expect(codes({ battery: { level: 0.1, charging: true } })).toEqual([]);
  expect(codes({ memoryGB: 4 })).toEqual(['MEMORY_SHORT']);
  expect(codes({ storage: undefined })).toEqual(['STORAGE_UNKNOWN']);
  expect(codes({ adapter: { ...adapter, software: true } })).toEqual(['SOFTWARE_ADAPTER']);
  expect(
    codes({ storage: undefined, battery: undefined, connection: undefined, memoryGB: undefined }),
  ).toEqual(['STORAGE_UNKNOWN']);
});
