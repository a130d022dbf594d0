/**
 * What a device can do at most, as a page can measure it: how fast memory is copied (a copy of n bytes reads n and
 * writes n), within more than any cache holds and within as much as a student's weights, which a cache may hold; how long one dispatch takes that does next to nothing and waits for the one before it, and how long it
 * takes to have four bytes back. Numbers of repetitions are doubled until they last long enough for the browser's
 * clock; Firefox tells only every 100 ms that work is done.
 */
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { askForDevice } from '../students/adapter.ts';
import type { Figure } from './figures.ts';
import type { Profile } from './profile.ts';

type Now = () => number;

// Of WebGPU's specification: GPUBufferUsage and GPUMapMode, which are there only where WebGPU is.
const [MAP_READ, COPY_SRC, COPY_DST, STORAGE] = [0x1, 0x4, 0x8, 0x80] as const;
const MAP_MODE_READ = 0x1;

/** Each dispatch reads what the one before it wrote, as the layers of a model do. */
const COUNT_UP = `
@group(0) @binding(0) var<storage, read_write> count: array<u32>;
@compute @workgroup_size(1) fn main() { count[0] = count[0] + 1u; }`;

/** Weights of more bytes are held by no cache: the bandwidth of memory is theirs. */
export const LARGEST_CACHE = 2 ** 27;

/** Bandwidth of the CPU's memory, by copying between two arrays that no cache holds. */
export function processorLimits(profile: Profile, now: Now): Figure[] {
  const within = 2 * Math.min(profile.copyBytes, 2 ** 26);
  return [{ subject: 'processor', name: 'copy', samples: processorBandwidth(within, profile, now) }];
}

/** Of copies from one half of this many bytes to the other. */
export function processorBandwidth(within: number, { repetitions, shortest }: Profile, now: Now): number[] {
  const words = Math.ceil(within / 16);
  const [from, to] = [new Float64Array(words).fill(1), new Float64Array(words)];
  return repeat(repetitions, () => {
    let copies = 0;
    const began = now();
    while (now() - began < shortest) {
      to.set(from);
      copies++;
    }
    return (2 * from.byteLength * copies * 1000) / (now() - began);
  });
}

/** Code GPU_FAILED. */
export function gpuLimits(adapter: GPUAdapter, profile: Profile, now: Now): Promise<Result<Figure[]>> {
  return onDevice(adapter, async (device) => {
    const size = Math.min(profile.copyBytes, device.limits.maxBufferSize);
    return [
      { subject: 'gpu', name: 'copy', samples: await copyBandwidth(device, size, profile, now) },
      { subject: 'gpu', name: 'dispatch', samples: await dispatchSeconds(device, profile, now) },
      { subject: 'gpu', name: 'read-back', samples: await readBackSeconds(device, profile, now) },
    ];
  });
}

/** Of copies from one half of this many bytes to the other. Code GPU_FAILED. */
export function gpuBandwidth(
  adapter: GPUAdapter,
  within: number,
  profile: Profile,
  now: Now,
): Promise<Result<number[]>> {
  // Buffers are copied by fours of bytes.
  return onDevice(adapter, (device) => copyBandwidth(device, 4 * Math.ceil(within / 8), profile, now));
}

async function onDevice<T>(
  adapter: GPUAdapter,
  measure: (device: GPUDevice) => Promise<T>,
): Promise<Result<T>> {
  let device: GPUDevice | undefined;
  try {
    device = await askForDevice(adapter);
    return ok(await measure(device));
  } catch (error) {
    return refuse('GPU_FAILED', `The GPU failed while it was measured: ${messageOf(error)}`);
  } finally {
    device?.destroy();
  }
}

/** @param size of each of two buffers */
async function copyBandwidth(device: GPUDevice, size: number, profile: Profile, now: Now): Promise<number[]> {
  const buffer = (): GPUBuffer => device.createBuffer({ size, usage: COPY_SRC | COPY_DST });
  const [from, to] = [buffer(), buffer()];
  const run = async (times: number): Promise<void> => {
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, size);
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
  const rates = await rate(run, profile, now);
  from.destroy();
  to.destroy();
  return rates.map((copies) => 2 * size * copies);
}

async function dispatchSeconds(device: GPUDevice, profile: Profile, now: Now): Promise<number[]> {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: COUNT_UP }), entryPoint: 'main' },
  });
  const buffer = device.createBuffer({ size: 4, usage: STORAGE });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const run = async (times: number): Promise<void> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
  const rates = await rate(run, profile, now);
  buffer.destroy();
  return rates.map((dispatches) => 1 / dispatches);
}

async function readBackSeconds(device: GPUDevice, { repetitions }: Profile, now: Now): Promise<number[]> {
  const source = device.createBuffer({ size: 4, usage: COPY_SRC });
  const mapped = device.createBuffer({ size: 4, usage: COPY_DST | MAP_READ });
  const samples: number[] = [];
  for (let i = -1; i < 3 * repetitions; i++) {
    const began = now();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, mapped, 0, 4);
    device.queue.submit([encoder.finish()]);
    await mapped.mapAsync(MAP_MODE_READ);
    mapped.unmap();
    if (i >= 0) samples.push((now() - began) / 1000);
  }
  source.destroy();
  mapped.destroy();
  return samples;
}

/** How many a second, for each repetition. */
async function rate(
  run: (times: number) => Promise<void>,
  { repetitions, shortest }: Profile,
  now: Now,
): Promise<number[]> {
  await run(1);
  let times = 4;
  const samples: number[] = [];
  while (samples.length < repetitions) {
    const began = now();
    await run(times);
    const elapsed = now() - began;
    // Very many in one go would look to the system like a device that hangs.
    if (elapsed < shortest && times < 100_000) times *= 2;
    else samples.push((1000 * times) / Math.max(elapsed, 1e-3));
  }
  return samples;
}

function repeat(times: number, measure: () => number): number[] {
  return Array.from({ length: times }, measure);
}
