import { afterEach, expect, test, vi } from 'vitest';
import { describeAdapter, preferPower, requestAdapter } from './adapter.ts';

afterEach(() => vi.unstubAllGlobals());

function platform() {
  const asked: unknown[] = [];
  const gpu = {
    requestAdapter: async (options: unknown) => {
      asked.push(options);
      return null;
    },
  };
  vi.stubGlobal('navigator', { gpu });
  return { asked, gpu };
}

test('the preferred GPU is the one that is asked for, and none where none is preferred', async () => {
  const { asked } = platform();
  await requestAdapter('low-power');
  await requestAdapter('default');
  expect(asked).toEqual([{ powerPreference: 'low-power' }, {}]);
});

test('a library that asks by itself gets the preferred one too', async () => {
  const { asked, gpu } = platform();
  preferPower('high-performance');
  await gpu.requestAdapter({ forceFallbackAdapter: false });
  expect(asked).toEqual([{ forceFallbackAdapter: false, powerPreference: 'high-performance' }]);
});

test('a browser without WebGPU, or with none to give, has no adapter', async () => {
  vi.stubGlobal('navigator', {});
  preferPower('low-power');
  expect(await requestAdapter('low-power')).toBeNull();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('blocked')) } });
  expect(await requestAdapter('default')).toBeNull();
});

test('an adapter is described by what the browser tells of it, and whether it is software', () => {
  // As in browsers, limits are getters of the prototype.
  const limits = Object.create({ maxBufferSize: 1024, toString: undefined });
  const told = { vendor: 'v', architecture: 'a', device: 'd', description: 'x' };
  const adapter = {
    info: told,
    limits,
    features: new Set(['subgroups', 'shader-f16']),
    isFallbackAdapter: true,
  };
  expect(describeAdapter(adapter as unknown as GPUAdapter)).toEqual({
    ...told,
    fallback: true,
    features: ['shader-f16', 'subgroups'],
    limits: { maxBufferSize: 1024 },
  });
});
