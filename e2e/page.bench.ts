/** What the page measures of itself, a part a test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import type { ProfilePart } from '../src/bench/profile.ts';
import { benchTask, keep, measure, projectOf } from './bench-task.ts';
import { takeInFolder } from './large-model.ts';

const PARTS: readonly (readonly [string, readonly ProfilePart[]])[] = [
  ['pocket student on the CPU', ['device', 'pocket/kernels', 'pocket/wasm']],
  ['pocket student on the GPU', ['device', 'pocket/webgpu']],
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

const { model } = benchTask();
if (model !== undefined) {
  test('4B student', async ({ baseURL }, info) => {
    // A browser without a profile keeps its storage in memory, which has no room for gigabytes.
    const profile = mkdtempSync(join(tmpdir(), 'duomem-bench-'));
    const { executablePath, args, headless } = projectOf(info);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: [...args],
      headless,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
    try {
      const page = await context.newPage();
      await takeInFolder(page, model.folder, model.name);
      const result = await measure(page, ['device', '4b/webgpu'], info);
      await keep(result, info);
      expect(
        result.figures.map(({ subject }) => subject),
        result.notes.join('; '),
      ).toContain('4b/webgpu');
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });
}

function subjectOf(parts: readonly ProfilePart[]): string {
  return parts.at(-1) ?? '';
}
