/**
 * Asks the browser for its GPU, with patience that ends: a driver that hangs answers neither of the two
 * questions, ever, and nothing is thrown.
 */
import { within } from '../base/within.ts';

/** Milliseconds. A sleeping graphics card takes a second or two, a busy machine several. */
export const GPU_PATIENCE = 20_000;
const WHO = 'The GPU';

/** What a page's or a worker's navigator has, where the browser knows WebGPU. */
type WithGpu = { readonly gpu?: Pick<GPU, 'requestAdapter'> };

/**
 * The adapter; null where the browser has none to give, or says that it has none by an error.
 * Rejects with Silent (within.ts) where it doesn't answer.
 */
export async function askForAdapter(options: GPURequestAdapterOptions = {}): Promise<GPUAdapter | null> {
  const { gpu } = navigator as WithGpu;
  if (gpu === undefined) return null;
  return within(
    GPU_PATIENCE,
    WHO,
    gpu.requestAdapter(options).catch(() => null),
  );
}

/** Rejects with Silent too. */
export function askForDevice(adapter: Pick<GPUAdapter, 'requestDevice'>): Promise<GPUDevice> {
  return within(GPU_PATIENCE, WHO, adapter.requestDevice());
}

/** Whether a device is to be had at all, before a library asks for it in its own way, without a limit: rejects if not. */
export function expectDevice(adapter: Pick<GPUAdapter, 'requestDevice'>): Promise<void> {
  const answer = adapter.requestDevice().then((device) => device.destroy());
  return within(GPU_PATIENCE, WHO, answer);
}
