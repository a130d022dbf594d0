/** Gathers what the preflight wants to know of this device, as far as the browser says it. Asks no network. */
import { answerOf } from '../../base/within.ts';
import { askForAdapter } from '../../students/adapter.ts';
import type { DeviceFacts } from '../../weights/preflight.ts';

/** The parts of the platform whose types aren't here yet. */
interface Platform {
  readonly gpu?: object;
  readonly getBattery?: () => Promise<{ readonly level: number; readonly charging: boolean }>;
  readonly connection?: { readonly saveData?: boolean; readonly type?: string };
  readonly deviceMemory?: number;
  readonly userAgentData?: { readonly mobile: boolean };
}

export async function deviceFacts(): Promise<DeviceFacts> {
  const platform = navigator as unknown as Platform;
  const [adapter, storage, battery] = await Promise.all([
    adapterFacts(platform),
    answerOf(navigator.storage?.estimate?.()),
    answerOf(platform.getBattery?.()),
  ]);
  const { connection, deviceMemory } = platform;
  return {
    adapter,
    storage: storage?.quota === undefined ? undefined : { used: storage.usage ?? 0, quota: storage.quota },
    battery: battery === undefined ? undefined : { level: battery.level, charging: battery.charging },
    connection: {
      saveData: connection?.saveData === true,
      metered: connection?.type === 'cellular',
      online: navigator.onLine,
    },
    phone: isPhone(navigator.userAgent, navigator.maxTouchPoints, platform.userAgentData?.mobile),
    memoryGB: deviceMemory,
    cacheStorage: 'caches' in window && window.isSecureContext,
  };
}

async function adapterFacts({ gpu }: Platform): Promise<DeviceFacts['adapter']> {
  if (gpu === undefined) return 'none';
  const adapter = await askForAdapter({ powerPreference: 'high-performance' }).catch(() => 'silent' as const);
  if (adapter === null) return 'no-adapter';
  if (adapter === 'silent') return adapter;
  // Older browsers say less of an adapter, or of the adapter itself.
  const { limits } = adapter;
  const { info, isFallbackAdapter } = adapter as {
    readonly info?: Partial<GPUAdapterInfo>;
    readonly isFallbackAdapter?: boolean;
  };
  const { vendor = '', architecture = '', description = '' } = info ?? {};
  return {
    name: description !== '' ? description : [vendor, architecture].filter((word) => word !== '').join(' '),
    features: [...adapter.features],
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
    software: info?.isFallbackAdapter ?? isFallbackAdapter ?? false,
  };
}

/** Phones and tablets. An iPad says that it is a Mac; no Mac has a touch screen. */
export function isPhone(userAgent: string, touchPoints: number, mobile: boolean | undefined): boolean {
  if (mobile === true) return true;
  if (/Android|iPhone|iPad|iPod|Mobile/i.test(userAgent)) return true;
  return /Macintosh/.test(userAgent) && touchPoints > 1;
}
