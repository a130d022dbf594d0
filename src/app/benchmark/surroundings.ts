/** What the page knows of its surroundings: browser, system, power; and what happens to it during a run. */
import { answerOf, within } from '../../base/within.ts';
import type { Device, Invalid, PowerPreference } from '../../bench/bench-file.ts';
import type { BenchSurroundings } from '../../bench/run-bench.ts';
import { startHost } from './bench-client.ts';

/** Parts of the platform that its types don't have yet. */
interface Platform {
  readonly userAgentData?: {
    getHighEntropyValues(hints: readonly string[]): Promise<{
      readonly platform?: string;
      readonly platformVersion?: string;
      readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[];
    }>;
  };
  getBattery?(): Promise<{ readonly charging: boolean; readonly level: number }>;
}

interface Told {
  /** What the person calls the machine. */
  readonly label: string;
  readonly mode: Device['browser']['mode'];
  readonly powerPreference: PowerPreference;
}

export async function describeDevice({
  label,
  mode,
  powerPreference,
}: Told): Promise<Omit<Device, 'adapter'>> {
  const { browser, os } = await describeBrowser();
  const battery = await answerOf((navigator as Platform).getBattery?.());
  return {
    browser: { ...browser, mode },
    os,
    threads: navigator.hardwareConcurrency || 1,
    label,
    power: { mains: battery?.charging ?? null, level: battery?.level ?? null },
    powerPreference,
  };
}

const BRANDS = ['Microsoft Edge', 'Google Chrome', 'Opera', 'Brave', 'HeadlessChrome', 'Chromium'];

async function describeBrowser() {
  const told = await answerOf(
    (navigator as Platform).userAgentData?.getHighEntropyValues(['platformVersion', 'fullVersionList']),
  );
  const brands = told?.fullVersionList ?? [];
  const brand = BRANDS.map((name) => brands.find((one) => one.brand === name)).find(
    (one) => one !== undefined,
  );
  if (told !== undefined && brand !== undefined) {
    const name = brand.brand === 'HeadlessChrome' ? 'Chromium' : brand.brand;
    return {
      browser: { name, version: brand.version },
      os: { name: told.platform ?? '', version: told.platformVersion ?? '' },
    };
  }
  return fromUserAgent(navigator.userAgent);
}

/** Browsers that have no other words for themselves. */
function fromUserAgent(agent: string) {
  const browsers: readonly (readonly [string, RegExp])[] = [
    ['Microsoft Edge', /Edg\/([\d.]+)/],
    ['Firefox', /Firefox\/([\d.]+)/],
    ['Chrome', /Chrome\/([\d.]+)/],
    ['Safari', /Version\/([\d.]+).* Safari\//],
  ];
  const systems: readonly (readonly [string, RegExp])[] = [
    ['Windows', /Windows NT ([\d.]+)/],
    ['iOS', /(?:iPhone|CPU) OS ([\d_]+)/],
    ['Android', /Android ([\d.]+)/],
    ['macOS', /Mac OS X ([\d_.]+)/],
    ['Linux', /Linux()/],
  ];
  const find = (all: readonly (readonly [string, RegExp])[]) => {
    for (const [name, pattern] of all) {
      const found = pattern.exec(agent);
      if (found !== null) return { name, version: (found[1] ?? '').replaceAll('_', '.') };
    }
    return { name: 'unknown', version: '' };
  };
  return { browser: find(browsers), os: find(systems) };
}

/** Watches the page from now on. */
export function watchSurroundings(): BenchSurroundings & { readonly stop: () => void } {
  const troubles: Invalid[] = [];
  const look = (): void => {
    if (document.visibilityState !== 'hidden' || troubles.length > 0) return;
    troubles.push({ code: 'HIDDEN', message: 'The tab was hidden, and browsers slow hidden tabs down.' });
  };
  look();
  document.addEventListener('visibilitychange', look);
  const word = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36)).join('');
  let words = 0;
  return {
    startHost,
    coldWord: () => `${word}${++words}`,
    memory: peakMemory,
    rest: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    troubles: () => troubles,
    stop: () => document.removeEventListener('visibilitychange', look),
  };
}

/** Milliseconds. */
const TIDYING_PATIENCE = 60_000;

/** Chromium tells it to pages that are isolated from others; it takes seconds, until it next tidies up. */
async function peakMemory(): Promise<number | undefined> {
  const { measureUserAgentSpecificMemory: measure } = performance as {
    measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
  };
  if (measure === undefined || !globalThis.crossOriginIsolated) return undefined;
  return (await within(TIDYING_PATIENCE, 'The browser', measure.call(performance)).catch(() => undefined))
    ?.bytes;
}
