/** What the benchmark's runs share: what they were told, measuring by the page's view, and keeping results. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { type BenchTask, PARTS_FOLDER } from '../scripts/bench/task.ts';
import { unwrap } from '../src/base/result.ts';
import { type BenchResult, formatBench, parseBench } from '../src/bench/bench-file.ts';
import type { Figure } from '../src/bench/figures.ts';
import type { ProfilePart } from '../src/bench/profile.ts';

export function benchTask(): BenchTask {
  const told = process.env.DUOMEM_BENCH;
  if (told === undefined) throw new Error('These measurements are started by `npm run bench`.');
  return JSON.parse(told) as BenchTask;
}

export function projectOf({ project }: TestInfo): BenchTask['projects'][number] {
  const found = benchTask().projects.find(({ name }) => name === project.name);
  if (found === undefined) throw new Error(`DUOMEM_BENCH knows no ${project.name}.`);
  return found;
}

/** Opens the view, has it measure, and takes what it saves: the file that a person would get. */
export async function measure(
  page: Page,
  parts: readonly ProfilePart[],
  info: TestInfo,
): Promise<BenchResult> {
  const { profile, label } = benchTask();
  const { power, headless } = projectOf(info);
  const mode = headless ? 'headless' : 'headed';
  return measureHere(page, { profile, label, power, mode, parts: parts.join(',') });
}

/** @param asked what the view's address says. */
export async function measureHere(page: Page, asked: Readonly<Record<string, string>>): Promise<BenchResult> {
  const params = new URLSearchParams(asked);
  await page.goto(`./#/benchmark?${params}`);
  await page.getByRole('button', { name: 'Measure' }).click();
  const save = page.getByRole('button', { name: 'Save the result' });
  await expect(save.or(page.locator('.benchmark > .notice.bad'))).toBeVisible({ timeout: 3_600_000 });
  await expect(page.locator('.benchmark > .notice.bad')).toHaveCount(0);
  const download = page.waitForEvent('download');
  await save.click();
  return unwrap(parseBench(readFileSync(await (await download).path(), 'utf8')));
}

/** Keeps the result of a measurement as a part of the run's, and with the report. */
export async function keep(result: BenchResult, info: TestInfo): Promise<void> {
  const { out } = benchTask();
  const name = `${info.project.name} ${info.title}`.replace(/[^A-Za-z0-9.]+/g, '-').toLowerCase();
  const text = formatBench(result);
  const parts = join(out, PARTS_FOLDER);
  mkdirSync(parts, { recursive: true });
  writeFileSync(join(parts, `${name}.json`), text);
  await info.attach('result', { body: text, contentType: 'application/json' });
}

/** A result of something else than the page, on the device that the page described. */
export function resultOf(
  described: BenchResult,
  figures: readonly Figure[],
  weights: BenchResult['weights'],
  notes: readonly string[] = [],
): BenchResult {
  return { ...described, figures, weights, notes };
}
