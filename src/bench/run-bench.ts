/**
 * One run of the benchmark: which measurements, in which order, how often; what the hosts measure is put together into
 * a result. The view of the page and `npm run bench` are the same code: the command opens the view.
 */

import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import {
  BENCH_VERSION,
  type BenchResult,
  type Device,
  type Invalid,
  MOST_SAMPLES,
  type PageVersion,
} from './bench-file.ts';
import { busy, type Calibration, throttled } from './calibrate.ts';
import type { Figure, FigureName, Subject, Work } from './figures.ts';
import type { BenchHost, StartedHost, StudentSubject } from './host.ts';
import { onGpu } from './limit.ts';
import { METHOD, PROFILES, type Profile, type ProfileName, type ProfilePart } from './profile.ts';

export interface BenchPlan {
  readonly profile: ProfileName;
  readonly parts: readonly ProfilePart[];
  readonly device: Omit<Device, 'adapter'>;
  readonly page: PageVersion;
  /** The day. */
  readonly taken: string;
}

export interface BenchSurroundings {
  readonly startHost: () => StartedHost;
  /** A word that was never used before. */
  readonly coldWord: () => string;
  /** Bytes of the page and its workers; undefined where the browser doesn't tell. It may take its time. */
  readonly memory: () => Promise<number | undefined>;
  readonly rest: (milliseconds: number) => Promise<void>;
  /** What happened to the page during the run that makes it worthless. */
  readonly troubles: () => readonly Invalid[];
}

export interface BenchProgress {
  /** From 0 to 1. */
  readonly share: number;
  /** What is being measured. */
  readonly doing: string;
}

/** Codes: BENCH_STOPPED, BENCH_FAILED. What one part can't do is a note in the result. */
export async function runBench(
  plan: BenchPlan,
  surroundings: BenchSurroundings,
  onProgress: (progress: BenchProgress) => void,
  signal: AbortSignal,
): Promise<Result<BenchResult>> {
  try {
    return ok(await new Run(plan, surroundings, onProgress, signal).all());
  } catch (error) {
    if (signal.aborted) return refuse('BENCH_STOPPED', 'The benchmark was stopped; nothing was kept.');
    return refuse('BENCH_FAILED', `The benchmark failed: ${messageOf(error)}`);
  }
}

/** Milliseconds to wait for the browser to tell how much memory there is in use. */
const PATIENCE = 1000;

/** Ends a part whose measurements can't be had; the others go on. */
class PartFailed extends Error {}

class Run {
  readonly #plan: BenchPlan;
  readonly #surroundings: BenchSurroundings;
  readonly #onProgress: (progress: BenchProgress) => void;
  readonly #signal: AbortSignal;
  readonly #figures = new Map<string, Figure>();
  readonly #notes: string[] = [];
  readonly #weights: Record<string, string> = table();
  readonly #calibrations: Calibration[] = [];
  #adapter: Device['adapter'] = null;
  #part = 0;

  constructor(
    plan: BenchPlan,
    surroundings: BenchSurroundings,
    onProgress: (progress: BenchProgress) => void,
    signal: AbortSignal,
  ) {
    this.#plan = plan;
    this.#surroundings = surroundings;
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  async all(): Promise<BenchResult> {
    const { parts, profile, device, page, taken } = this.#plan;
    await this.#withHost((host) => this.#device(host));
    for (const part of parts) {
      if (part !== 'device') await this.#guarded(part);
      this.#part++;
    }
    const slow = throttled(this.#calibrations);
    const other = busy(this.#calibrations);
    return {
      format: 'duomem-bench',
      version: BENCH_VERSION,
      method: METHOD,
      profile,
      taken,
      page,
      device: { ...device, adapter: this.#adapter },
      weights: this.#weights,
      figures: [...this.#figures.values()].filter(({ samples }) => samples.length > 0),
      invalid: [
        ...this.#surroundings.troubles(),
        ...(slow === undefined ? [] : [{ code: 'THROTTLED' as const, message: slow }]),
      ],
      notes: [...this.#notes, ...(other === undefined ? [] : [other])],
    };
  }

  async #guarded(part: Exclude<ProfilePart, 'device'>): Promise<void> {
    try {
      if (part === 'memory') await this.#withHost((host) => this.#memories(host));
      else if (part === 'engine') await this.#withHost((host) => this.#engine(host));
      else await this.#student(part);
    } catch (error) {
      if (this.#signal.aborted) throw error;
      this.#notes.push(noteOf(`${part}: ${messageOf(error)}`));
    }
  }

  async #device(host: BenchHost): Promise<void> {
    this.#say('the device itself', 0);
    const { profile, device, parts } = this.#plan;
    // Even where its figures aren't wanted, a result says what it was measured on.
    const wanted = parts.includes('device') ? profile : 'short';
    const { adapter, figures, notes } = await this.#value(host.device(wanted, device.powerPreference));
    this.#adapter = adapter;
    if (!parts.includes('device')) return;
    for (const figure of figures) this.#add(figure);
    this.#notes.push(...notes);
  }

  async #student(subject: StudentSubject): Promise<void> {
    if (onGpu(subject) && this.#adapter === null) {
      throw new PartFailed('this browser offers no WebGPU');
    }
    const software = onGpu(subject) && this.#adapter?.fallback === true;
    const profile = PROFILES[software ? 'short' : this.#plan.profile];
    if (software) this.#notes.push(`${subject}: a software adapter, so measured by the short profile`);
    // Each load has a worker of its own; what was loaded last is measured.
    const loads = 1 + profile.loads;
    for (let i = 0; i < loads; i++) {
      await this.#withHost(async (host) => {
        this.#say(`${subject}: loading${i === 0 ? ' for the first time' : ''}`, (0.3 * i) / loads);
        await this.#load(host, subject, i === 0, software);
        if (i < loads - 1) return;
        await this.#speeds(host, subject, profile);
        // Browsers answer when they next tidy up: asked before the tasks, so that they need not be waited for long.
        const memory = this.#surroundings.memory();
        if (!software) await this.#tasks(host, subject, profile);
        const late = this.#surroundings.rest(PATIENCE);
        const bytesOfPage = await this.#wait(Promise.race([memory, late]));
        if (bytesOfPage !== undefined) this.#note(subject, 'memory', [bytesOfPage]);
        const bytes = await this.#wait(host.gpuMemory());
        if (bytes > 0) this.#note(subject, 'gpu-memory', [bytes]);
        // After everything else: its buffers are none of the student's.
        const bandwidth = await this.#value(host.bandwidth(software ? 'short' : this.#plan.profile));
        if (bandwidth.length > 0) this.#note(subject, 'copy-weights', bandwidth);
      });
    }
  }

  async #load(host: BenchHost, subject: StudentSubject, cold: boolean, software: boolean): Promise<void> {
    const power = this.#plan.device.powerPreference;
    const selfTestTokens = software ? 2 : 8;
    const request = { subject, power, selfTestTokens };
    // The 4B student's gigabytes aren't fetched again for a figure.
    const afresh = cold && subject !== '4b/webgpu' ? { cold: this.#surroundings.coldWord() } : {};
    const loaded = await this.#value(host.load({ ...request, ...afresh }));
    this.#weights[subject.startsWith('4b') ? '4b' : 'pocket'] = loaded.weights;
    this.#note(subject, 'cold' in afresh ? 'load-cold' : 'load-warm', [loaded.loadSeconds]);
    if (loaded.selfTestSeconds !== undefined) this.#note(subject, 'self-test', [loaded.selfTestSeconds]);
  }

  async #speeds(host: BenchHost, subject: StudentSubject, profile: Profile): Promise<void> {
    const { contexts, decode, repetitions } = profile;
    for (const [i, context] of contexts.entries()) {
      // The first repetition warms up, and counts calls on the way.
      for (let r = -1; r < repetitions; r++) {
        this.#say(
          `${subject}: ${context} tokens`,
          0.3 + (0.45 * (i + (r + 1) / (repetitions + 1))) / contexts.length,
        );
        const speed = await this.#value(host.speed({ context, decode, count: r < 0 }));
        const { prefillPerSecond, decodePerSecond, prefillWork, decodeWork } = speed;
        const measured = (perSecond: number) => (r < 0 ? [] : [perSecond]);
        this.#note(subject, 'prefill', measured(prefillPerSecond), context, prefillWork);
        this.#note(subject, 'decode', measured(decodePerSecond), context, decodeWork);
      }
    }
  }

  async #tasks(host: BenchHost, subject: StudentSubject, { tasks }: Profile): Promise<void> {
    for (let i = -1; i < tasks; i++) {
      this.#say(`${subject}: a whole task`, 0.75 + (0.25 * (i + 1)) / (tasks + 1));
      const task = await this.#value(host.task());
      // The first one fetches the memories.
      if (i < 0) continue;
      const { seconds, steps, firstTurn, laterTurns, work } = task;
      this.#note(subject, 'first-turn', [firstTurn], undefined, work?.firstTurn);
      if (laterTurns.length > 0) this.#note(subject, 'later-turns', laterTurns, undefined, work?.laterTurn);
      this.#note(subject, 'task', [seconds], undefined, work?.task);
      this.#note(subject, 'task-steps', [steps]);
    }
  }

  async #memories(host: BenchHost): Promise<void> {
    this.#say('memory: embedding and retrieval', 0);
    const { embedding, retrieval, weights } = await this.#value(host.memory(this.#plan.profile));
    this.#note('memory', 'embedding', embedding);
    this.#note('memory', 'retrieval', retrieval);
    Object.assign(this.#weights, weights);
  }

  async #engine(host: BenchHost): Promise<void> {
    this.#say('the engine', 0);
    const { stepsPerSecond, withLists, games } = await this.#value(host.engine(this.#plan.profile));
    this.#note('engine', 'steps', stepsPerSecond);
    this.#note('engine', 'steps-with-lists', withLists);
    this.#weights.games = games;
  }

  /** Starts a fresh host for the work, watches the CPU around the work, and ends the host whatever happens. */
  async #withHost(work: (host: BenchHost) => Promise<void>): Promise<void> {
    const { host, end } = this.#surroundings.startHost();
    try {
      this.#calibrations.push(await this.#wait(host.calibrate()));
      await work(host);
      this.#calibrations.push(await this.#wait(host.calibrate()));
    } finally {
      end();
    }
  }

  /** What a host found; its refusal ends the part. */
  async #value<T>(asked: Promise<Result<T>>): Promise<T> {
    const found = await this.#wait(asked);
    if (!found.ok) throw new PartFailed(found.error.message);
    return found.value;
  }

  /** A host that was ended never answers. */
  #wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(new Error('stopped'));
      if (this.#signal.aborted) {
        stop();
        return;
      }
      this.#signal.addEventListener('abort', stop, { once: true });
      promise.then(resolve, reject).finally(() => this.#signal.removeEventListener('abort', stop));
    });
  }

  #say(doing: string, share: number): void {
    const parts = Math.max(1, this.#plan.parts.length);
    this.#onProgress({ doing, share: Math.min(1, (this.#part + share) / parts) });
  }

  /** Adds samples to a figure; one without samples only keeps its work for those that come. */
  #note(subject: Subject, name: FigureName, samples: readonly number[], context?: number, work?: Work): void {
    this.#add({
      subject,
      name,
      samples,
      ...(context === undefined ? {} : { context }),
      ...(work === undefined ? {} : { work }),
    });
  }

  #add(figure: Figure): void {
    const id = `${figure.subject} ${figure.name} ${figure.context ?? ''}`;
    const before = this.#figures.get(id);
    const samples = [...(before?.samples ?? []), ...figure.samples].slice(0, MOST_SAMPLES);
    this.#figures.set(id, { ...figure, ...before, samples });
  }
}

/** A line that the file of a result may hold, whatever a browser's error says. */
function noteOf(message: string): string {
  return message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}
