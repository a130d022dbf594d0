/** A merged SmolLM2 on the CPU or on the GPU of this device; a GPU only plays what it computes as the CPU does. */
import { deferred } from '../base/deferred.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { TensorSource } from '../kernels/placed-weights.ts';
import { readModel } from '../storage/models-db.ts';
import { createKernelRuntime, type KernelRuntime } from '../students/pocket/kernel-runtime.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { type DeviceSpeeds, replySpeed } from '../students/pocket/reply-speed.ts';
import { passesSelfTest, type SelfTest, selfTestBy } from '../students/pocket/self-test.ts';
import { createWideGpuRuntime } from '../students/pocket/wide-gpu-runtime.ts';
import { mergedToPlay, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { type OpenedSmolLm2, openSmolLm2 } from '../students/smollm2/open.ts';
import { blobSource } from '../weights/byte-source.ts';
import { keptFile } from '../weights/download/browser-store.ts';
import type { MergedFile } from '../weights/download/model-entry.ts';
import { storageRefusal } from '../weights/download/store.ts';
import { openMerged } from '../weights/merged-file.ts';
import type { Qwen3Config } from '../weights/qwen3.ts';
import { afterGpu, whereToRun } from './device-choice.ts';
import type { OnDevice, OpenOnDevice } from './held-students.ts';
import { kernelThreads } from './kernel-threads.ts';

type OpenedOnDevice = OpenedSmolLm2 & Pick<OnDevice, 'lost'>;

export type OpenSmolLm2 = (
  file: MergedFile,
  ...where: Parameters<OpenOnDevice<OnDevice>>
) => ReturnType<OpenOnDevice<OnDevice>>;

/** Tokens that follow the trial's prompt. */
const TRIAL_REPLY = 8;
/**
 * How far a logit of about 20 may be from the CPU's, which rounds what it multiplies to sixteen bits: a thousandth of the
 * largest (src/kernels/eight-bits.test.ts), through thirty layers. A wrong kernel gives ones.
 */
const TOLERANCE = 0.25;

const now = (): number => performance.now();
const NEVER = new Promise<string>(() => {});

/**
 * Where the wish and what was measured say, on the CPU where the GPU can't.
 * Codes: STUDENT_NOT_HERE, and those of openMerged, openSmolLm2 and storageRefusal.
 */
export const openWhereWished: OpenSmolLm2 = async (file, wish, measured, lostBefore) => {
  const cpu = await openOn('cpu', file);
  if (!cpu.ok) return cpu;
  const { gpu: wanted, why } = whereToRun(wish, measured, lostBefore);
  if (!wanted) return ok({ ...cpu.value, note: why });
  const test = await testFor(cpu.value);
  const gpu = test.ok ? await openTested(file, test.value) : test;
  if (!gpu.ok)
    return ok({ ...cpu.value, note: `It runs on the CPU, since WebGPU didn't work: ${gpu.error.message}` });
  await cpu.value.student.dispose();
  return ok({ ...gpu.value, note: why });
};

/**
 * How fast it is on the CPU and on the GPU of this device, where the GPU computes what it should.
 * Codes: STUDENT_NOT_HERE, GPU_NONE, GPU_FAILED, DEVICE_WRONG, SELF_TEST_FAILED, STUDENT_FAILED, and those of opening it.
 */
export async function measureSmolLm2(): Promise<Result<DeviceSpeeds>> {
  const kept = await readModel(SMOLLM2_ID);
  if (!kept.ok) return kept;
  const file = mergedToPlay(kept.value?.merged);
  if (file === undefined) return refuse('STUDENT_NOT_HERE', "SmolLM2 isn't merged here yet.");
  const cpu = await openOn('cpu', file);
  if (!cpu.ok) return cpu;
  try {
    const test = await testFor(cpu.value);
    if (!test.ok) return test;
    const onCpu = await replySpeed(cpu.value.runtime, test.value, now);
    if (!onCpu.ok) return onCpu;
    const gpu = await openTested(file, test.value);
    if (!gpu.ok) return gpu;
    const onGpu = await replySpeed(gpu.value.runtime, test.value, now);
    await gpu.value.student.dispose();
    return onGpu.ok ? ok({ cpu: onCpu.value, gpu: onGpu.value }) : onGpu;
  } finally {
    await cpu.value.student.dispose();
  }
}

function testFor({ runtime, trial }: OpenedOnDevice): Promise<Result<SelfTest>> {
  return selfTestBy(runtime, trial, TOLERANCE, TRIAL_REPLY);
}

/** On the GPU, held to what the CPU computed. */
async function openTested(file: MergedFile, test: SelfTest): Promise<Result<OpenedOnDevice>> {
  const opening = openOn('gpu', file).then(async (opened) => {
    if (!opened.ok) return opened;
    const passed = await passesSelfTest(opened.value.runtime, test);
    if (passed.ok) return opened;
    await opened.value.student.dispose();
    return passed;
  });
  return afterGpu(opening, ({ student }) => student.dispose());
}

/** By several threads where the page may have them. */
async function loadOnCpu(config: Qwen3Config, weights: TensorSource): Promise<Result<KernelRuntime>> {
  const threads = kernelThreads();
  if (threads.length > 0) {
    const together = await createKernelRuntime(config, weights, { ...messageTurns(now), threads });
    if (together.ok) return together;
  }
  return createKernelRuntime(config, weights, messageTurns(now));
}

async function openOn(
  device: 'cpu' | 'gpu',
  { name, adapter, strength }: MergedFile,
): Promise<Result<OpenedOnDevice>> {
  try {
    const blob = await keptFile(SMOLLM2_ID, name);
    if (blob === undefined)
      return refuse(
        'STUDENT_NOT_HERE',
        'The browser has cleared the merged SmolLM2 from its storage: merge it again under Models.',
      );
    const merged = await openMerged(blobSource(blob));
    if (!merged.ok) return merged;
    let lost = NEVER;
    const opened = await openSmolLm2({
      ...merged.value,
      adapter: { sha256: adapter, strength },
      load: (config, weights) => {
        if (device === 'cpu') return loadOnCpu(config, weights);
        const { promise, resolve: onLost } = deferred<string>();
        lost = promise;
        return createWideGpuRuntime(config, weights, { now, onLost, ...messageTurns(now) });
      },
      clock: now,
    });
    return opened.ok ? ok({ ...opened.value, lost }) : opened;
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}
