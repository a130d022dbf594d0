/** What the page measures of itself, a part a test. */
import { expect, test } from '@playwright/test';
import type { Part } from '../src/bench/gpu/profile.ts';
import { keep, measure } from './bench-task.ts';

const PARTS: readonly (readonly [string, readonly Part[]])[] = [
  ['pocket student on the processor', ['device', 'pocket/wasm']],
  ['pocket student on the graphics device', ['device', 'pocket/webgpu']],
  ['memory', ['memory']],
  ['engine in the page', ['engine']],
];

for (const [title, parts] of PARTS) {
  test(title, async ({ page }, info) => {
    const result = await measure(page, parts, info);
    await keep(result, info);
    // A browser without WebGPU says so; everything else must have been measured.
    const excused = parts.includes('pocket/webgpu') && result.device.adapter === null;
    if (!excused) expect(result.figures.map(({ subject }) => subject)).toContain(subjectOf(parts));
  });
}

function subjectOf(parts: readonly Part[]): string {
  return parts.at(-1) ?? '';
}
