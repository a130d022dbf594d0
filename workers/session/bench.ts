/** What the benchmark's worker measures, on the page's own files. */

import { DEFAULT_SETTINGS } from '../../src/agent/settings.ts';
import { measureEngine } from '../../src/bench/engine-speed.ts';
import { describeAdapter, preferPower, requestAdapter } from '../../src/bench/gpu/adapter.ts';
import { benchGames, benchTask, benchTasks } from '../../src/bench/gpu/bench-games.ts';
import { calibrate } from '../../src/bench/gpu/calibrate.ts';
import { type GpuCalls, watchGpuMemory } from '../../src/bench/gpu/count-calls.ts';
import {
  gpuBandwidth,
  gpuLimits,
  LARGEST_CACHE,
  processorBandwidth,
  processorLimits,
} from '../../src/bench/gpu/device-limits.ts';
import type { BenchHost, LoadRequest, TaskReport } from '../../src/bench/gpu/host.ts';
import { onGpu } from '../../src/bench/gpu/limit.ts';
import { PROFILES } from '../../src/bench/gpu/profile.ts';
import { callsPerPass, passWork, type Speed } from '../../src/bench/gpu/student-speed.ts';
import { playGame } from '../../src/bench/play-game.ts';
import { sha256 } from '../../src/bench/sha256.ts';
import { parseGame } from '../../src/engine/index.ts';
import { ok, type Result, refuse } from '../../src/engine/result.ts';
import { CHUNK } from '../../src/students/pocket/cached-context.ts';
import { type MeasuredStudent, openMeasured } from './bench-students.ts';
import type { MemoryKeeper } from './memory.ts';
import type { PageAddress } from './shipped.ts';

const now = (): number => performance.now();

export function createBenchHost(page: PageAddress, openMemory: () => MemoryKeeper): BenchHost {
  const gpuMemory = watchGpuMemory();
  let measured: MeasuredStudent | undefined;
  let loaded: LoadRequest | undefined;
  let memory: MemoryKeeper | undefined;
  /** Of one pass through the model, once they were counted. */
  let calls: GpuCalls | undefined;
  const keeper = (): MemoryKeeper => {
    memory ??= openMemory();
    return memory;
  };

  return {
    async device(name, power) {
      const profile = PROFILES[name];
      const figures = processorLimits(profile, now);
      const adapter = await requestAdapter(power);
      if (adapter === null) return ok({ adapter: null, figures, notes: ['This browser offers no WebGPU.'] });
      const described = describeAdapter(adapter);
      const limits = await gpuLimits(adapter, described.fallback ? PROFILES.short : profile, now);
      if (!limits.ok) return ok({ adapter: described, figures, notes: [limits.error.message] });
      return ok({ adapter: described, figures: [...figures, ...limits.value], notes: [] });
    },

    async load(request) {
      preferPower(request.power);
      const opened = await openMeasured(page, request, now);
      if (!opened.ok) return opened;
      measured = opened.value.measured;
      loaded = request;
      return ok(opened.value.report);
    },

    async speed(request) {
      if (measured === undefined) return nothingLoaded();
      const speed = await measured.speed(request);
      if (!speed.ok) return speed;
      if (request.count) calls = callsPerPass(speed.value.calls, speed.value.decodeTokens);
      return ok(reportOf(speed.value, request.context, measured, request.count ? calls : undefined));
    },

    async bandwidth(name) {
      if (measured === undefined || loaded === undefined) return nothingLoaded();
      const { weightBytes } = measured.cost;
      if (weightBytes > LARGEST_CACHE) return ok([]);
      if (!onGpu(loaded.subject)) return ok(processorBandwidth(weightBytes, PROFILES[name], now));
      const adapter = await requestAdapter(loaded.power);
      return adapter === null ? ok([]) : gpuBandwidth(adapter, weightBytes, PROFILES[name], now);
    },

    async task() {
      if (measured === undefined) return nothingLoaded();
      return playTask(measured, keeper(), calls);
    },

    gpuMemory: async () => gpuMemory.peak(),

    async memory(name) {
      const opened = await keeper().open();
      if (!opened.ok) return opened;
      const recall = await keeper().recall(DEFAULT_SETTINGS.scripts);
      if (!recall.ok) return recall;
      const embedding: number[] = [];
      const retrieval: number[] = [];
      const { k, scripts } = DEFAULT_SETTINGS;
      for (const [i, { key, taskType, text }] of benchTasks(1 + PROFILES[name].sentences).entries()) {
        const world = parseGame(text);
        if (!world.ok) return world;
        const { task } = world.value;
        const began = now();
        const vectors = await opened.value.embedder.embed([task]);
        const embedded = now();
        const query = { task, taskType, game: key, home: undefined, k, scripts, trajectory: true };
        const found = await recall.value.recall(query);
        if (!vectors.ok) return vectors;
        if (!found.ok) return found;
        // The first one warms up.
        if (i === 0) continue;
        embedding.push((embedded - began) / 1000);
        retrieval.push((now() - embedded) / 1000);
      }
      const { identity } = opened.value.embedder;
      const hashes = { embedder: await sha256(identity.hash), bank: await sha256(recall.value.bank) };
      return ok({ embedding, retrieval, weights: hashes });
    },

    async engine(name) {
      const { repetitions, shortest } = PROFILES[name];
      const games = await benchGames();
      const speeds = Array.from({ length: repetitions }, () =>
        measureEngine(games.texts, { seed: 1, length: 50, repetitions: 1, minMilliseconds: shortest, now }),
      );
      return ok({
        stepsPerSecond: speeds.map((speed) => speed.stepsPerSecond),
        withLists: speeds.map((speed) => speed.stepsPerSecondWithAdmissible),
        games: games.sha256,
      });
    },

    calibrate: async () => calibrate(now),
  };
}

function nothingLoaded(): Result<never> {
  return refuse('BENCH_NOTHING', 'No student was loaded to be measured.');
}

function reportOf(speed: Speed, context: number, { cost }: MeasuredStudent, calls: GpuCalls | undefined) {
  const { prefillTokens, prefillSeconds, prefillPasses, decodeTokens, decodeSeconds } = speed;
  const rates = {
    prefillPerSecond: prefillTokens / prefillSeconds,
    decodePerSecond: decodeTokens / decodeSeconds,
  };
  // Each pass reads what stands before it.
  const prefillReads = (prefillPasses * prefillTokens) / 2;
  const decodeReads = decodeTokens * (context + decodeTokens / 2);
  return {
    ...rates,
    decodeWork: passWork(cost, decodeTokens, decodeReads, calls, decodeTokens),
    ...(prefillPasses === 0
      ? {}
      : { prefillWork: passWork(cost, prefillPasses, prefillReads, calls, prefillTokens) }),
  };
}

/** Plays the task once, with the memories that the page would show. */
async function playTask(
  { student, cost, chunked }: MeasuredStudent,
  memory: MemoryKeeper,
  calls: GpuCalls | undefined,
): Promise<Result<TaskReport>> {
  const recall = await memory.recall(DEFAULT_SETTINGS.scripts);
  if (!recall.ok) return recall;
  const began = now();
  const trace = await playGame(benchTask(), {
    student,
    settings: DEFAULT_SETTINGS,
    recall: recall.value,
    seed: 0,
    program: 'duomem bench',
  });
  const seconds = (now() - began) / 1000;
  if (!trace.ok) return trace;
  const { steps, end } = trace.value;
  if (end?.refusal !== undefined) return { ok: false, error: end.refusal };
  const turns = steps.map((step) => step.counters);
  const [first, ...later] = turns;
  const report = {
    seconds,
    steps: steps.length,
    won: end?.end === 'won',
    firstTurn: (first?.prefillMs ?? 0) / 1000,
    laterTurns: later.map(({ prefillMs }) => prefillMs / 1000),
  };
  if (first === undefined || !chunked) return ok(report);
  const work = (some: typeof turns, decoding: boolean, per: number) => {
    let passes = 0;
    let reads = 0;
    for (const { prefilled, reused, decoded, context } of some) {
      const chunks = Math.ceil(prefilled / CHUNK);
      passes += chunks + (decoding ? decoded : 0);
      reads += chunks * (reused + prefilled / 2) + (decoding ? decoded * context : 0);
    }
    return passWork(cost, passes, reads, calls, per);
  };
  return ok({
    ...report,
    work: {
      task: work(turns, true, 1),
      firstTurn: work([first], false, 1),
      laterTurn: work(later, false, Math.max(1, later.length)),
    },
  });
}
