/**
 * What a user would pick instead, in the same run on the same machine: the same weights through transformers.js's own
 * text-generation pipeline, and the real ALFWorld engine.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { benchGames } from '../src/bench/bench-games.ts';
import { measureEngine } from '../src/bench/engine-speed.ts';
import type { Figure } from '../src/bench/figures.ts';
import { PROFILES } from '../src/bench/profile.ts';
import { parseGame, Random } from '../src/engine/index.ts';
import { serveBaseline } from './baseline/server.ts';
import { benchTask, keep, measure, projectOf, resultOf } from './bench-task.ts';

interface Measured {
  readonly loads: readonly number[];
  readonly speeds: readonly { readonly context: number; readonly prefill: number; readonly decode: number }[];
}

for (const device of ['wasm', 'webgpu'] as const) {
  test(`transformers.js on ${device}`, async ({ page }, info) => {
    const software = device === 'webgpu' && projectOf(info).software;
    test.skip(software && benchTask().profile === 'short', 'minutes on a software adapter');
    const described = await measure(page, ['device'], info);
    test.skip(device === 'webgpu' && described.device.adapter === null, 'no WebGPU');
    const profile = PROFILES[software ? 'short' : benchTask().profile];
    const server = await serveBaseline();
    try {
      await page.goto(server.address);
      const measured = await page.evaluate(
        (asked) => (globalThis as unknown as { measure(asked: unknown): Promise<Measured> }).measure(asked),
        { device, ...profile },
      );
      const subject = `transformers.js/${device}` as const;
      const loads: Figure = { subject, name: 'load-warm', samples: measured.loads };
      const speeds = profile.contexts.flatMap((context): Figure[] => {
        const here = measured.speeds.filter((speed) => speed.context === context);
        return [
          { subject, name: 'prefill', context, samples: here.map(({ prefill }) => prefill) },
          { subject, name: 'decode', context, samples: here.map(({ decode }) => decode) },
        ];
      });
      const weights = { pocket: server.weights };
      await keep(resultOf(described, [loads, ...speeds], weights), info);
      expect(speeds.length).toBeGreaterThan(0);
    } finally {
      await server.stop();
    }
  });
}

test('engine in Node, and the real ALFWorld engine', async ({ page }, info) => {
  const { python, profile } = benchTask();
  const described = await measure(page, ['device'], info);
  const { texts, sha256 } = await benchGames();
  const { repetitions, shortest } = PROFILES[profile];
  const options = {
    seed: 1,
    length: 50,
    repetitions: 1,
    minMilliseconds: shortest,
    now: () => performance.now(),
  };
  const speeds = Array.from({ length: repetitions }, () => measureEngine(texts, options));
  const figures: Figure[] = [
    { subject: 'engine/node', name: 'steps', samples: speeds.map((one) => one.stepsPerSecond) },
    {
      subject: 'engine/node',
      name: 'steps-with-lists',
      samples: speeds.map((one) => one.stepsPerSecondWithAdmissible),
    },
  ];
  const notes: string[] = [];
  if (python === undefined) notes.push("the real ALFWorld engine isn't installed (--alfworld)");
  else figures.push(playReal(python, texts, profile === 'short' ? 4 : 20));
  await keep(resultOf(described, figures, { games: sha256 }, notes), info);
});

/** Steps of random walks through the same games, in the real engine as it comes; one sample a game. */
function playReal(python: string, texts: readonly string[], length: number): Figure {
  const random = new Random('bench/alfworld');
  const walks = texts.flatMap((text) => {
    const world = parseGame(text);
    if (!world.ok) return [];
    const episode = world.value.start();
    const commands = Array.from({ length }, () => {
      const command = random.pick(episode.admissible());
      episode.step(command);
      return command;
    });
    return [{ text, commands }];
  });
  const folder = mkdtempSync(join(tmpdir(), 'duomem-bench-'));
  try {
    const file = join(folder, 'walks.json');
    writeFileSync(file, JSON.stringify(walks));
    const script = fileURLToPath(new URL('../scripts/differential/speed.py', import.meta.url));
    const { status, stdout, stderr } = spawnSync(python, [script, file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`The real engine couldn't be measured: ${stderr.slice(-500)}`);
    const { stepsPerSecond } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      stepsPerSecond: number[];
    };
    return { subject: 'engine/alfworld', name: 'steps-with-lists', samples: stepsPerSecond };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
