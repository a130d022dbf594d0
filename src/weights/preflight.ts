/**
 * Whether this device can run a model, said before a byte is fetched: from facts about GPU, storage,
 * battery, connection and browser to a card of reasons. Pure; src/app/models/device-facts.ts gathers the facts.
 *
 * Facts: web-llm 0.2.86 (detectGPUDevice) asks for buffers of 1 GiB and for bindings of 1 GiB, falls back to 256 MiB
 * and 128 MiB where the adapter has less, and needs 32 KiB of workgroup storage and 10 storage buffers a stage. Its
 * records don't declare shader-f16, so that a q4f16 model without it would fail only after the whole download. iOS
 * ends a tab at about 1.5 GB (web-llm issue 753).
 */
import { type LibraryShape, largestTensorBytes } from './registry.ts';

export interface AdapterFacts {
  /** `nvidia ampere`; for the person. */
  readonly name: string;
  readonly features: readonly string[];
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
    readonly maxComputeWorkgroupStorageSize: number;
    readonly maxStorageBuffersPerShaderStage: number;
  };
  /** A program that imitates a GPU. */
  readonly software: boolean;
}

/** Undefined: the browser doesn't say. */
export interface DeviceFacts {
  /** `none`: no WebGPU at all; `no-adapter`: WebGPU, but no device; `silent`: no answer. */
  readonly adapter: AdapterFacts | 'none' | 'no-adapter' | 'silent';
  /** Bytes. */
  readonly storage: { readonly used: number; readonly quota: number } | undefined;
  readonly battery: { readonly level: number; readonly charging: boolean } | undefined;
  readonly connection:
    | { readonly saveData: boolean; readonly metered: boolean; readonly online: boolean }
    | undefined;
  readonly phone: boolean;
  /** GB of memory, as navigator.deviceMemory says (at most 8, or more in newer browsers). */
  readonly memoryGB: number | undefined;
  /** The Cache API, where web-llm reads models from. */
  readonly cacheStorage: boolean;
}

export interface WantedModel {
  readonly shape: LibraryShape;
  readonly quantization: string;
  readonly bytes: number;
  readonly gpuMemoryMB: number;
  /** Bytes of it that are here already. */
  readonly present: number;
  /** Another quantisation that runs where this one can't. */
  readonly instead?: string;
}

/** `refused`: it will not work. `warning`: it may, or it costs something. `fine`: looked at and good. */
export type Verdict = 'fine' | 'warning' | 'refused';

export interface Finding {
  /** Stable, for tests and tables. */
  readonly code: string;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly message: string;
}

export interface PreflightCard {
  /** The worst of the findings. */
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** The id of the model to offer in its place. */
  readonly instead?: string;
}

/** The same for a model that runs on the CPU. */
export function preflightOnCpu(
  model: { readonly bytes: number; readonly present: number; readonly memoryMB: number },
  facts: DeviceFacts,
): PreflightCard {
  const wanted = { ...model, gpuMemoryMB: model.memoryMB };
  const findings = [storage(wanted, facts), ...costs(wanted, facts)].filter((one) => one !== undefined);
  return { verdict: worst(findings), findings };
}

function worst(findings: readonly Finding[]): Verdict {
  const has = (wanted: Verdict): boolean => findings.some(({ verdict }) => verdict === wanted);
  return has('refused') ? 'refused' : has('warning') ? 'warning' : 'fine';
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** Files that are on their way are kept a second time until they have been checked. */
const ON_THE_WAY = 800 * MIB;

export function preflight(model: WantedModel, facts: DeviceFacts): PreflightCard {
  const findings = [
    phone(facts),
    ...graphics(model, facts),
    storage(model, facts),
    ...costs(model, facts),
  ].filter((finding) => finding !== undefined);
  const refused = findings.filter(({ verdict }) => verdict === 'refused');
  // The other quantisation helps only where nothing else is in the way.
  const helps = refused.length === 1 && refused[0]?.code === 'NO_SHADER_F16';
  const instead = helps ? model.instead : undefined;
  return { verdict: worst(findings), findings, ...(instead !== undefined && { instead }) };
}

function phone({ phone: isPhone }: DeviceFacts): Finding | undefined {
  if (!isPhone) return undefined;
  return no(
    'PHONE',
    'Phones and tablets end a page that takes this much memory (iOS at about 1.5 GB). Open this page on a computer; the pocket student runs here.',
  );
}

function graphics({ shape, quantization, gpuMemoryMB }: WantedModel, { adapter }: DeviceFacts): Finding[] {
  if (adapter === 'none') {
    return [
      no(
        'NO_WEBGPU',
        'This browser has no WebGPU. Current versions of Chrome, Edge, Safari and Firefox on a computer do.',
      ),
    ];
  }
  if (adapter === 'no-adapter') {
    return [
      no(
        'NO_ADAPTER',
        'The browser offers no GPU: hardware acceleration may be switched off in its settings.',
      ),
    ];
  }
  if (adapter === 'silent') {
    return [
      no(
        'SILENT_ADAPTER',
        "The GPU didn't answer when it was asked: its driver may hang. Load the page again, or start the browser anew.",
      ),
    ];
  }
  const { features, limits, software, name } = adapter;
  const findings: Finding[] = [];
  if (software) {
    findings.push(warn('SOFTWARE_ADAPTER', 'The GPU is a program on the CPU: expect minutes for each word.'));
  }
  if (quantization.includes('f16') && !features.includes('shader-f16')) {
    findings.push(
      no('NO_SHADER_F16', 'The GPU has no 16-bit arithmetic (shader-f16), which these weights need.'),
    );
  }
  const largest = largestTensorBytes(shape, quantization);
  const binding = granted(limits.maxStorageBufferBindingSize, GIB, 128 * MIB);
  const buffer = granted(limits.maxBufferSize, GIB, 256 * MIB);
  if (Math.min(binding, buffer) < largest) {
    findings.push(
      no(
        'BUFFER_LIMIT',
        `The largest tensor has ${mb(largest)}, and the GPU can give a shader ${mb(Math.min(binding, buffer))} at once.`,
      ),
    );
  }
  if (limits.maxComputeWorkgroupStorageSize < 32 * 1024 || limits.maxStorageBuffersPerShaderStage < 10) {
    findings.push(no('SHADER_LIMITS', 'The GPU is below the limits that web-llm needs to start.'));
  }
  if (findings.every(({ verdict }) => verdict !== 'refused')) {
    findings.unshift({
      code: 'GPU_FITS',
      verdict: 'fine',
      message: `${name === '' ? 'The GPU' : `This GPU (${name})`} can run it; it takes ${gb(gpuMemoryMB * 1e6)} of GPU memory, and browsers don't say whether that much is free.`,
    });
  }
  return findings;
}

/** What web-llm gets of a limit: all that it wants, or its fallback, or nothing. */
function granted(limit: number, wanted: number, fallback: number): number {
  if (limit >= wanted) return wanted;
  return limit >= fallback ? fallback : 0;
}

function storage(
  { bytes, present }: Pick<WantedModel, 'bytes' | 'present'>,
  { storage: room, cacheStorage }: DeviceFacts,
): Finding | undefined {
  if (!cacheStorage) {
    return no(
      'NO_STORAGE',
      'This window keeps nothing: a private window, or an address without https. Open the page in an ordinary window.',
    );
  }
  const missing = Math.max(0, bytes - present);
  if (missing === 0) return undefined;
  if (room === undefined) {
    return warn(
      'STORAGE_UNKNOWN',
      `${gb(missing)} will be kept on this device; the browser doesn't say how much is free.`,
    );
  }
  const free = room.quota - room.used;
  if (free < missing) {
    return no(
      'STORAGE_SHORT',
      `It needs ${gb(missing)} more on this device, and the browser allows this page ${gb(Math.max(0, free))}. Free some space, or delete another model.`,
    );
  }
  if (free < missing + ON_THE_WAY) {
    return warn(
      'STORAGE_TIGHT',
      `It needs ${gb(missing)} on this device, and ${gb(free)} are free: it will just fit.`,
    );
  }
  return {
    code: 'STORAGE_FITS',
    verdict: 'fine',
    message: `It needs ${gb(missing)} on this device; ${gb(free)} are free.`,
  };
}

function* costs(
  { bytes, present, gpuMemoryMB }: Pick<WantedModel, 'bytes' | 'present' | 'gpuMemoryMB'>,
  facts: DeviceFacts,
): Generator<Finding> {
  const missing = Math.max(0, bytes - present);
  const { connection, battery, memoryGB } = facts;
  if (missing > 0 && connection !== undefined) {
    if (!connection.online)
      yield warn('OFFLINE', "You're offline; a folder on this computer can be imported.");
    else if (connection.saveData || connection.metered) {
      yield warn(
        'METERED',
        `The connection is metered, or data saving is on: this would use ${gb(missing)} of it.`,
      );
    }
  }
  if (battery !== undefined && !battery.charging && battery.level < 0.3) {
    yield warn(
      'BATTERY_LOW',
      `The battery is at ${Math.round(battery.level * 100)} % and not charging; the model uses a lot of power.`,
    );
  }
  if (memoryGB !== undefined && memoryGB * 1000 < gpuMemoryMB * 1.2) {
    yield warn(
      'MEMORY_SHORT',
      `The device has ${memoryGB} GB of memory or little more: that may not be enough.`,
    );
  }
}

function no(code: string, message: string): Finding {
  return { code, verdict: 'refused', message };
}

function warn(code: string, message: string): Finding {
  return { code, verdict: 'warning', message };
}

function gb(bytes: number): string {
  return bytes < 1e9 ? mb(bytes) : `${(bytes / 1e9).toFixed(1)} GB`;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
