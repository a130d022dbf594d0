// The order of a run, and what becomes of what hosts say, with a host that measures nothing.
import { describe, expect, test } from 'vitest';
import { ok, refuse, unwrap } from '../base/result.ts';
import { SAMPLE } from '../testing/sample-bench-result.ts';
import { words } from '../testing/words.ts';
import { formatBench, parseBench } from './bench-file.ts';
import type { BenchHost } from './host.ts';
import { PROFILE_PARTS, PROFILES } from './profile.ts';
import { type BenchPlan, type BenchSurroundings, runBench } from './run-bench.ts';

const { adapter, ...device } = SAMPLE.device;
const PLAN: BenchPlan = {
  profile: 'short',
  parts: PROFILE_PARTS,
  device,
  page: SAMPLE.page,
  taken: SAMPLE.taken,
};
const work = { bytes: 1, dispatches: 2, readBacks: 1, submits: 1, copies: 1, writes: 1 };

function fakeHost(changes: Partial<BenchHost> = {}): BenchHost {
  return {
    device: async () =>
      ok({ adapter, figures: [{ subject: 'gpu', name: 'copy', samples: [1e9] }], notes: [] }),
    load: async ({ subject }) =>
      subject === '4b/webgpu'
        ? refuse('STUDENT_NOT_HERE', "The 4B student isn't on\nthis device.")
        : ok({ loadSeconds: 1, selfTestSeconds: 0.5, weights: 'a'.repeat(64) }),
    speed: async ({ count }) =>
      ok({
        prefillPerSecond: 100,
        decodePerSecond: 10,
        ...(count ? { prefillWork: work, decodeWork: work } : {}),
      }),
    task: async () => ok({ seconds: 2, steps: 3, won: true, firstTurn: 0.4, laterTurns: [0.1, 0.2] }),
    gpuMemory: async () => 1000,
    bandwidth: async () => ok([2e10]),
    memory: async () =>
      ok({ embedding: [0.1], retrieval: [0.2], weights: { embedder: 'e'.repeat(8), bank: 'b'.repeat(8) } }),
    engine: async () => ok({ stepsPerSecond: [1e6], withLists: [5e5], games: 'c'.repeat(64) }),
    calibrate: async () => ({ least: 1, median: 1 }),
    ...changes,
  };
}

function surroundings(changes: Partial<BenchHost> = {}, log: string[] = []): BenchSurroundings {
  let cold = 0;
  return {
    startHost: () => {
      log.push('start');
      return { host: fakeHost(changes), end: () => log.push('end') };
    },
    coldWord: () => `cold-${++cold}`,
    memory: async () => 5e7,
    rest: async () => undefined,
    troubles: () => [],
  };
}

const never = new AbortController().signal;

describe('a run', () => {
  test('measures every part, each in a host of its own, and its result can be read', async () => {
    const log: string[] = [];
    const shares: number[] = [];
    const result = unwrap(
      await runBench(PLAN, surroundings({}, log), ({ share }) => shares.push(share), never),
    );
    expect(parseBench(formatBench(result)).ok).toBe(true);
    const found = result.figures.map(({ subject, name }) => `${subject} ${name}`);
    for (const name of words`load-cold load-warm self-test prefill decode task memory copy-weights`) {
      for (const runtime of words`kernels wasm webgpu`) expect(found).toContain(`pocket/${runtime} ${name}`);
    }
    expect(found).toContain('memory retrieval');
    expect(found).toContain('engine steps-with-lists');
    // The device, two loads of three runtimes, one of the large student, memory, engine.
    expect(log.filter((word) => word === 'start')).toHaveLength(10);
    expect(log.filter((word) => word === 'end')).toHaveLength(10);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  test('repeats as often as the profile says, without the repetition that warms up, and keeps its counts', async () => {
    const result = unwrap(await runBench(PLAN, surroundings(), () => {}, never));
    const decode = result.figures.find((one) => one.subject === 'pocket/wasm' && one.name === 'decode');
    expect(decode?.samples).toHaveLength(PROFILES.short.repetitions);
    expect(decode?.work).toEqual(work);
  });

  test("a part that can't be measured is a note, in one line, and the others go on", async () => {
    const result = unwrap(await runBench(PLAN, surroundings(), () => {}, never));
    expect(result.notes).toEqual(["4b/webgpu: The 4B student isn't on this device."]);
  });

  test('a host that breaks is a note too', async () => {
    const broken = surroundings({ engine: () => Promise.reject(new Error('the worker died')) });
    const result = unwrap(await runBench({ ...PLAN, parts: ['engine', 'memory'] }, broken, () => {}, never));
    expect(result.notes).toEqual(['engine: the worker died']);
    expect(result.figures.map(({ subject }) => subject)).toEqual(['memory', 'memory']);
  });

  test("what isn't asked for isn't measured, but the device is described", async () => {
    const result = unwrap(await runBench({ ...PLAN, parts: ['engine'] }, surroundings(), () => {}, never));
    expect(result.figures.map(({ subject }) => subject)).toEqual(['engine', 'engine']);
    expect(result.device.adapter).toEqual(adapter);
  });

  test('no task is played on a software adapter, which would take an hour, and it is said', async () => {
    const software = { ...(adapter ?? SAMPLE.device.adapter), fallback: true } as typeof adapter;
    const run = surroundings({ device: async () => ok({ adapter: software, figures: [], notes: [] }) });
    const result = unwrap(await runBench({ ...PLAN, parts: ['pocket/webgpu'] }, run, () => {}, never));
    expect(result.figures.some(({ name }) => name === 'task')).toBe(false);
    expect(result.notes[0]).toMatch(/software adapter/);
  });

  test('stopping it ends the host at once and keeps nothing', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const hanging = surroundings({ task: () => new Promise(() => {}) }, log);
    const running = runBench(
      PLAN,
      hanging,
      ({ doing }) => doing.includes('task') && stop.abort(),
      stop.signal,
    );
    expect(await running).toMatchObject({ ok: false, error: { code: 'BENCH_STOPPED' } });
    expect(log.filter((word) => word === 'start')).toHaveLength(log.filter((word) => word === 'end').length);
  });

  test('a CPU that slows down, or a tab that was hidden, makes it invalid', async () => {
    let calls = 0;
    const slow = surroundings({ calibrate: async () => ({ least: ++calls, median: calls }) });
    const hidden = { ...slow, troubles: () => [{ code: 'HIDDEN' as const, message: 'The tab was hidden.' }] };
    const result = unwrap(await runBench(PLAN, hidden, () => {}, never));
    expect(result.invalid.map(({ code }) => code)).toEqual(['HIDDEN', 'THROTTLED']);
  });
});
