/** Asks the browser for a graphics adapter and describes it, no further than the browser itself tells a page. */

import { table } from '../base/table.ts';
import { askForAdapter } from '../students/adapter.ts';
import type { GpuAdapter, PowerPreference } from './bench-file.ts';

/** What a page's or worker's navigator has, where the browser knows WebGPU. */
type WithGpu = { readonly gpu?: GPU };

/** Null where there is none. Rejects with Silent where the device doesn't answer. */
export function requestAdapter(power: PowerPreference): Promise<GPUAdapter | null> {
  return askForAdapter(power === 'default' ? {} : { powerPreference: power });
}

/**
 * Lets everything in this worker that asks for an adapter ask for one of this preference: libraries ask by themselves.
 */
export function preferPower(power: PowerPreference): void {
  const { gpu } = navigator as WithGpu;
  if (gpu === undefined || power === 'default') return;
  const request = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = (options = {}) => request({ ...options, powerPreference: power });
}

export function describeAdapter(adapter: GPUAdapter): GpuAdapter {
  const { info } = adapter;
  const { isFallbackAdapter } = adapter as { readonly isFallbackAdapter?: boolean };
  const limits: Record<string, number> = table();
  // The limits are getters of the prototype.
  for (const name in adapter.limits) {
    const value: unknown = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') limits[name] = value;
  }
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    // Older browsers tell it of the adapter itself.
    fallback: info.isFallbackAdapter ?? isFallbackAdapter ?? false,
    features: [...adapter.features].sort(),
    limits,
  };
}
