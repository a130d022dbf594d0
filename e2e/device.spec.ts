/** Where the pocket student runs: made to go wrong, so without the fixture that takes every complaint for a failure. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { HOT_APPLE } from '../src/testing/page-tasks.ts';
import { failToCompile, openSettings, playOut } from './site.ts';
import { DIST, handingOut, type StaticServer, serveFolder } from './static-server.ts';

// Requests that a service worker makes can't be falsified by a test.
test.use({ serviceWorkers: 'block' });

test('WebGPU is tested against stored figures before the student plays on it', async ({ page }) => {
  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption('webgpu');
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  // On a software adapter this takes a while; without any it says that there is none.
  await expect(page.getByText(/Ready\. It runs on the (GPU|CPU)/)).toBeVisible({
    timeout: 110_000,
  });
});

/** Lets every GPU of the page's workers compute without a complaint, and hand over other numbers. */
async function distort(page: Page): Promise<number> {
  const patched = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { GPUBuffer: Memory } = self as unknown as {
          GPUBuffer?: { prototype: { getMappedRange(...args: unknown[]): ArrayBuffer } };
        };
        if (Memory === undefined) return false;
        const read = Memory.prototype.getMappedRange;
        Memory.prototype.getMappedRange = function (...args) {
          const range = read.apply(this, args);
          // MapMode READ: what the device has computed.
          if ((this as unknown as { usage: number }).usage & 1) {
            const numbers = new Float32Array(range);
            for (const [at, number] of numbers.entries()) numbers[at] = number + (at % 2 === 0 ? 0.5 : -0.5);
          }
          return range;
        };
        return true;
      }),
    ),
  );
  return patched.filter(Boolean).length;
}

/** Has the student run on this, and waits for the page's two workers: the data's and the agent's. */
async function runOn(page: Page, device: 'webgpu' | 'wasm'): Promise<void> {
  await page.goto('./#/device');
  await page.getByLabel('The pocket student runs on').selectOption(device);
  await expect.poll(() => page.workers().length).toBeGreaterThan(1);
}

/** It does play, and its trace says on what. */
async function playsOnCpu(page: Page): Promise<void> {
  await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.turn .action')).toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('.share').getByRole('link', { name: 'Replay' }).click();
  await expect(page.getByText(/^A replay: .* on the CPU/)).toBeVisible();
}

test('a GPU that computes wrong numbers without a word is refused, and the CPU plays', async ({ page }) => {
  test.setTimeout(240_000);
  await runOn(page, 'webgpu');
  expect(await distort(page)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(page.getByText(/^Ready\. It runs on/)).toBeVisible({ timeout: 180_000 });
  await expect(
    page.getByText(
      /^Ready\. It runs on the CPU, since WebGPU didn't work: This device computes other numbers than it should \(off by \d/,
    ),
  ).toBeVisible();
  await playsOnCpu(page);
});

test('a GPU is left alone until it is measured, and then the faster of the two plays, with both figures', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('./#/device');
  const load = page.getByRole('button', { name: 'Load and test the pocket student' });
  await load.click();
  await expect(
    page.getByText("Ready. It runs on the CPU. Whether the GPU is faster hasn't been measured here yet."),
  ).toBeVisible();
  // ONNX Runtime's file of the student is left alone too.
  expect(asked.filter((path) => /\/pocket\/.*\.onnx$/.test(path))).toEqual([]);
  expect(asked.filter((path) => path.endsWith('model.safetensors'))).toHaveLength(1);
  await page.getByRole('button', { name: 'Measure CPU and GPU' }).click();
  const figures = page.getByText(/^Tokens of a reply per second: [\d,.]+ on the CPU, [\d,.]+ on the GPU\.$/);
  await expect(figures).toBeVisible({ timeout: 180_000 });
  await load.click();
  const told =
    /^Ready\. It runs on the (CPU|GPU), which was faster here: [\d,.]+ tokens a second, and [\d,.]+ on the (CPU|GPU)\./;
  await expect(page.getByText(told)).toBeVisible({ timeout: 110_000 });
  // Kept from visit to visit; and followed, whichever it says.
  await page.evaluate(() => localStorage.setItem('duomem-measured', '1 2'));
  await page.reload();
  await expect(page.getByText('Tokens of a reply per second: 1 on the CPU, 2 on the GPU.')).toBeVisible();
  await load.click();
  await expect(
    page.getByText('Ready. It runs on the GPU, which was faster here: 2 tokens a second, and 1 on the CPU.'),
  ).toBeVisible({ timeout: 110_000 });
});

test('where the kernels may not run ONNX Runtime plays, and the page says so', async ({ page }) => {
  await runOn(page, 'wasm');
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const instantiate = WebAssembly.instantiate as (...args: unknown[]) => Promise<unknown>;
      // ONNX Runtime's module is a thousand times as large.
      const small = (bytes: unknown): boolean => (bytes as Uint8Array).byteLength < 100_000;
      Object.assign(WebAssembly, {
        instantiate: (...args: unknown[]) =>
          small(args[0]) ? Promise.reject(new Error('not today')) : instantiate(...args),
      });
    });
  }
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(page.getByText(/^Ready\. .* ONNX Runtime plays it, .* kernels .* not today/)).toBeVisible({
    timeout: 60_000,
  });
  await playsOnCpu(page);
});

test("a GPU that allows too little isn't used, and the page says so", async ({ page }) => {
  await runOn(page, 'webgpu');
  const patched = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { GPUDevice: Device } = self as unknown as { GPUDevice?: { prototype: object } };
        if (Device === undefined) return false;
        const value = { maxStorageBufferBindingSize: 4_000_000 };
        Object.defineProperty(Device.prototype, 'limits', { get: () => value });
        return true;
      }),
    ),
  );
  expect(patched).toContain(true);
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(
    page.getByText(
      /It runs on the CPU, since WebGPU didn't work: the GPU hands out 4 MB at a time, and the weights take 7\./,
    ),
  ).toBeVisible();
});

for (const [which, question] of [
  ['GPU', 'requestAdapter'],
  ['GPUAdapter', 'requestDevice'],
] as const) {
  test(`a GPU driver that never answers ${question} is given up, and the CPU plays`, async ({ page }) => {
    await runOn(page, 'webgpu');
    const patched = await Promise.all(
      page.workers().map((worker) =>
        worker.evaluate(
          ([name, asked]) => {
            const platform = (self as unknown as Record<string, { prototype: object } | undefined>)[name];
            if (platform === undefined) return false;
            Object.assign(platform.prototype, { [asked]: () => new Promise(() => {}) });
            return true;
          },
          [which, question] as const,
        ),
      ),
    );
    expect(patched).toContain(true);
    await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
    await expect(
      page.getByText(
        "Ready. It runs on the CPU, since WebGPU didn't work: The GPU didn't answer for 20 seconds.",
      ),
    ).toBeVisible({ timeout: 110_000 });
    await page.goto(`./#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect(page.locator('.turn .action')).toHaveCount(1, { timeout: 110_000 });
  });
}

test('a model that was damaged on the way is refused in words, and other players still play', async ({
  page,
}) => {
  const server = await serveFolder(DIST);
  server.meddle = handingOut((path) => {
    if (!/^models\/pocket\/model.*\.(onnx|safetensors)$/.test(path)) return undefined;
    const body = readFileSync(join(DIST, path));
    body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
    return body;
  });
  await page.goto(`${server.address}#/play?${HOT_APPLE.where}&student=pocket&memory=none`);
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(
    page.getByText(/model\w*\.(onnx|safetensors) is damaged: it isn't the file that belongs to this page/),
  ).toBeVisible();
  await openSettings(page);
  await page.getByLabel('Who plays').selectOption('scripted');
  await playOut(page);
  await server.stop();
});

test("kernels that a GPU's driver doesn't compile are told, and the CPU takes over", async ({ page }) => {
  await runOn(page, 'webgpu');
  await failToCompile(page);
  await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
  await expect(
    page.getByText(/^Ready\. It runs on the CPU, since WebGPU didn't work: not today\./),
  ).toBeVisible();
});

for (const [where, missing, told] of [
  [
    'with',
    undefined,
    /^This device computes other numbers than it should [^.]*\.\d\d\), so the student won't play on it\. A newer browser or GPU driver may help\.$/,
  ],
  [
    'without',
    'runtime/ort-wasm-simd-threaded.wasm',
    /^This device computes other numbers than it should .* ONNX Runtime doesn't play it either: The page's host didn't hand out http\S+\/runtime\/ort-wasm-simd-threaded\.wasm \(404\)\.$/,
  ],
] as const) {
  test(`stored figures that nothing agrees with keep the student from playing, ${where} ONNX Runtime`, async ({
    page,
  }) => {
    const server = await serveFolder(DIST);
    server.meddle = falsified(missing);
    await page.goto(`${server.address}#/device`);
    await page.getByRole('button', { name: 'Load and test the pocket student' }).click();
    await expect(page.getByText(told)).toBeVisible();
    await server.stop();
  });
}

/** A host whose stored figures of the pocket student no device can agree with, and that lacks a file. */
function falsified(missing: string | undefined): StaticServer['meddle'] {
  const read = (path: string): string => readFileSync(join(DIST, path), 'utf8');
  const stored = 'models/pocket/self-test.json';
  const figures = JSON.parse(read(stored)) as { cases: { greedy: number[] }[] };
  const greedy = figures.cases[0]?.greedy;
  if (greedy?.[0] !== undefined) greedy[0] += 1;
  const body = JSON.stringify(figures);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const { files } = JSON.parse(read('shipped.json')) as { files: { path: string; sha256: string }[] };
  const list = JSON.stringify({
    files: files.map((file) => (file.path === stored ? { ...file, sha256 } : file)),
  });
  const others = handingOut((path) => (path === stored ? body : path === 'shipped.json' ? list : undefined));
  return (path, response) => {
    if (path !== missing) return others(path, response);
    response.writeHead(404).end();
    return true;
  };
}
