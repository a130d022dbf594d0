/** What the benchmark's worker measures, on the page's own files. */

import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { describeAdapter, preferPower, requestAdapter } from '../bench/adapter.ts';
import { benchGames, benchTask, benchTasks } from '../bench/bench-games.ts';
import { calibrate } from '../bench/calibrate.ts';
import { type GpuCalls, watchGpuMemory } from '../bench/count-calls.ts';
import {
  gpuBandwidth,
  gpuLimits,
  LARGEST_CACHE,
  processorBandwidth,
  processorLimits,
} from '../bench/device-limits.ts';
import { measureEngine } from '../bench/engine-speed.ts';
import type { BenchHost, LoadRequest, TaskReport } from '../bench/host.ts';
import { onGpu } from '../bench/limit.ts';
import { PROFILES } from '../bench/profile.ts';
import { callsPerPass, passWork, type Speed } from '../bench/student-speed.ts';
import { parseGame } from '../engine/index.ts';
import { playGame } from '../eval/play-game.ts';
import { CHUNK } from '../students/pocket/cached-context.ts';
import { type MeasuredStudent, openMeasured } from './bench-students.ts';
import type { MemoryService } from './memory.ts';
import type { PageAddress } from './shipped.ts';

const now = (): number => performance.now();

export function createBenchHost(page: PageAddress, openMemory: () => MemoryService): BenchHost {
  const gpuMemory = watchGpuMemory();
  let measured: MeasuredStudent | undefined;
  let loaded: LoadRequest | undefined;
  let memory: MemoryService | undefined;
  /** Of one pass through the model, once they were counted. */
  let calls: GpuCalls | undefined;
  const memoryService = (): MemoryService => {
    memory ??= openMemory();
    return memory;
  };

  return {
    async device(name, power) {
      const profile = PROFILES[name];
      const figures = processorLimits(profile, now);
      const adapter = await requestAdapter(power).catch((error: unknown) => String(error));
      if (adapter === null || typeof adapter === 'string') {
        return ok({ adapter: null, figures, notes: [adapter ?? 'This browser offers no WebGPU.'] });
      }
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
      const adapter = await requestAdapter(loaded.power).catch(() => null);
      return adapter === null ? ok([]) : gpuBandwidth(adapter, weightBytes, PROFILES[name], now);
    },

    async task() {
      if (measured === undefined) return nothingLoaded();
      return playTask(measured, memoryService(), calls);
    },

    gpuMemory: async () => gpuMemory.peak(),

    async memory(name) {
      const opened = await memoryService().open();
      if (!opened.ok) return opened;
      const recall = await memoryService().recall(DEFAULT_SETTINGS.scripts);
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
      const hashes = { embedder: sha256Text(identity.hash), bank: sha256Text(recall.value.bank) };
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
  memory: MemoryService,
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
