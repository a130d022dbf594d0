/** Where a student of this project's own kernels runs, and why: on the CPU, or on a GPU that was faster here. */
import { messageOf, type Result, refuse } from '../base/result.ts';
import { within } from '../base/within.ts';
import { type DeviceSpeeds, tokensPerSecond } from '../students/pocket/reply-speed.ts';

/** Where the person wants it to run; auto: where it was faster, once that was measured. */
export type DeviceWish = 'auto' | 'webgpu' | 'wasm';

interface DeviceDecision {
  readonly gpu: boolean;
  /** For a person. */
  readonly why: string;
}

/**
 * @param measured what this device was measured at, if it was
 * @param lostBefore why the GPU was lost on this visit, if it was: it isn't used again
 */
export function whereToRun(
  wish: DeviceWish,
  measured: DeviceSpeeds | undefined,
  lostBefore: string | undefined,
): DeviceDecision {
  const onCpu = (why: string): DeviceDecision => ({ gpu: false, why: `It runs on the CPU${why}` });
  if (lostBefore !== undefined)
    return onCpu(`, since the GPU was lost (${lostBefore}). Reload the page to try it again.`);
  if (wish === 'wasm') return onCpu(', as you chose.');
  if (wish === 'webgpu') return { gpu: true, why: 'It runs on the GPU, through WebGPU.' };
  if (measured === undefined) return onCpu(". Whether the GPU is faster hasn't been measured here yet.");
  const { cpu, gpu } = measured;
  if (cpu >= gpu) return onCpu(`, which was faster here: ${against(cpu, gpu)} on the GPU.`);
  return { gpu: true, why: `It runs on the GPU, which was faster here: ${against(gpu, cpu)} on the CPU.` };
}

function against(faster: number, slower: number): string {
  return `${tokensPerSecond(faster)} tokens a second, and ${tokensPerSecond(slower)}`;
}

/** Milliseconds for loading and testing a model there: shaders are compiled, on a software adapter for long. */
const OPENING_PATIENCE = 120_000;

/**
 * What is opened on a GPU, whose driver may never answer. Code GPU_FAILED, and those of opening it.
 * @param dispose frees what comes after all when nobody waits for it any more
 */
export async function afterGpu<T>(
  opening: Promise<Result<T>>,
  dispose: (late: T) => unknown,
): Promise<Result<T>> {
  try {
    return await within(OPENING_PATIENCE, 'The GPU', opening);
  } catch (error) {
    void opening.then((late) => (late.ok ? dispose(late.value) : undefined)).catch(() => {});
    return refuse('GPU_FAILED', messageOf(error));
  }
}
