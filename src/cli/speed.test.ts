import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

test("measures the student's runtimes beside each other", async () => {
  const few = ['--contexts', '16,40', '--decode', '2', '--repetitions', '1'];
  const { exit, result } = await runCli(['speed', '--student', 'pocket', ...few]);
  expect(exit).toBe(0);
  const { runtimes, ratios, load, wasmBytes, memoryBytes } = result as {
    runtimes: { name: string; speeds: { context: number; decode: number }[] }[];
    ratios: { over: string }[];
    load: Record<string, number>;
    wasmBytes: Record<string, number>;
    memoryBytes: number;
  };
  const names = runtimes.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['kernels, simd', 'onnxruntime-web, WASM', 'onnxruntime-node']),
  );
  expect(Object.keys(load)).toEqual(names);
  for (const { speeds } of runtimes) expect(speeds.map(({ context }) => context)).toEqual([16, 40]);
  expect(ratios.length).toBe(2 * (names.length - 1));
  expect(wasmBytes.simd).toBeGreaterThan(1000);
  expect(memoryBytes).toBeLessThan(40e6);
});

test('what there is to measure must be said', async () => {
  const { exit, stderr } = await runCli(['speed']);
  expect(exit).toBe(2);
  expect(stderr).toMatch(/Give --games, or --student pocket/);
  const wrong = await runCli(['speed', '--student', 'pocket', '--contexts', '16,no']);
  expect(wrong.exit).toBe(2);
});
