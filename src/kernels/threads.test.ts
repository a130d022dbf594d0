// Models computed by several threads: the same bits as by one, whatever they are asked for and however many they are.
import { expect, test } from 'vitest';
import { EIGHT_BIT_MODELS, inEightBits } from '../testing/eight-bit-models.ts';
import { nodeThreads } from '../testing/kernel-threads.ts';
import { type Build, kernelBytes, runsHere } from './load.ts';
import { KernelModel } from './model.ts';
import { sharedKernelBytes } from './threads.ts';

const BUILDS = (['simd', 'relaxed'] as const satisfies Build[]).filter(runsHere);

test.each(BUILDS)('the %s build takes a shared memory once its import says so', async (build) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 300, shared: true });
  await expect(WebAssembly.instantiate(kernelBytes(build), { env: { memory } })).rejects.toThrow(/shared/);
  const { instance } = await WebAssembly.instantiate(sharedKernelBytes(build, 300), { env: { memory } });
  expect(Object.keys(instance.exports)).toContain('matmul8');
  await expect(WebAssembly.instantiate(sharedKernelBytes(build, 299), { env: { memory } })).rejects.toThrow(
    /maximum/,
  );
});

test.each(EIGHT_BIT_MODELS)('threads give the bits of one: $name', async (model) => {
  const { eight } = inEightBits(model);
  const d = model.dimensions;
  const tokens = Array.from({ length: 140 }, (_, i) => (i * 7) % d.vocabulary);
  const one = await KernelModel.create(d, eight, 'simd');
  for (const others of [1, 2, 3]) {
    const crew = await KernelModel.create(d, eight, 'simd', nodeThreads(others));
    expect(crew.threads).toBe(1 + others);
    const [a, b] = [one.empty(), crew.empty()];
    // A prompt, tokens one by one, a few at once; and another conversation between them.
    for (const [from, to] of [
      [0, 130],
      [130, 131],
      [131, 132],
      [132, 140],
    ] as const) {
      const some = tokens.slice(from, to);
      expect(crew.extend(b, some, some.length)).toEqual(one.extend(a, some, some.length));
      crew.extend(crew.empty(), tokens.slice(0, 3), 1);
    }
    crew.close();
  }
});

test('a thread that cannot begin ends the others, and is said', async () => {
  const { eight } = inEightBits(EIGHT_BIT_MODELS[0] as (typeof EIGHT_BIT_MODELS)[number]);
  const ended: number[] = [];
  const threads = [0, 1].map((i) => ({
    begin: () => (i === 1 ? Promise.reject(new Error('no more threads')) : Promise.resolve()),
    end: () => void ended.push(i),
  }));
  const dimensions = (EIGHT_BIT_MODELS[0] as (typeof EIGHT_BIT_MODELS)[number]).dimensions;
  await expect(KernelModel.create(dimensions, eight, 'simd', threads)).rejects.toThrow('no more threads');
  expect(ended).toEqual([0, 1]);
});
