/**
 * Threads that compute a model together. They share one memory; what each has to call stands in it, and two numbers
 * beside that say when to begin and who is still at it. Whoever waits looks for some microseconds, and then
 * sleeps, since a thread that spins takes the core away from the one that it waits for.
 */
import { type Arena, MOST_SHARED } from './arena.ts';
import { type Call, type Crew, run } from './crew.ts';
import { type Build, type Kernels, ROWS_AT_ONCE, sharedKernelBytes } from './load.ts';

/** Places in the control words, a line of the cache apart: the number of the job, and how many threads are at it. */
const [JOB, BUSY] = [0, 16];
const CONTROL_BYTES = 128;
/** Numbers of a call: which kernel, how many numbers, and these. */
const CALL = 16;
const LOOKS = 2000;
/** Milliseconds; a share takes a few, and much longer only where the machine is busy. */
const PATIENCE = 60_000;

/** What a thread needs to be told; it's posted to it. */
export interface CrewMember {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly rowsAtOnce: number;
  /** Address of the control words. */
  readonly control: number;
  /** Address of its calls: how many there are, and they. */
  readonly calls: number;
}

/** A started thread, which answers once it's ready; rejects where it can't be. */
export interface Thread {
  begin(member: CrewMember): Promise<void>;
  end(): void;
}

/** Bytes of memory that a crew needs for its orders. */
function crewBytes(others: number, mostCalls: number): number {
  return CONTROL_BYTES + others * callBytes(mostCalls);
}

function callBytes(mostCalls: number): number {
  return 8 * (8 + CALL * mostCalls);
}

class Threads implements Crew {
  readonly size: number;
  readonly #kernels: Kernels;
  readonly #threads: readonly Thread[];
  readonly #control: Int32Array;
  readonly #calls: readonly Float64Array[];

  private constructor(
    kernels: Kernels,
    threads: readonly Thread[],
    control: Int32Array,
    calls: readonly Float64Array[],
  ) {
    this.size = 1 + threads.length;
    this.#kernels = kernels;
    this.#threads = threads;
    this.#control = control;
    this.#calls = calls;
  }

  /**
   * @param at address of {@link crewBytes} zeros
   * @param mostCalls of one thread for one job
   * Rejects where a thread can't begin; all of them are ended then.
   */
  static async of(
    kernels: Kernels,
    threads: readonly Thread[],
    at: number,
    mostCalls: number,
    about: Omit<CrewMember, 'control' | 'calls'>,
  ): Promise<Crew> {
    const { buffer } = about.memory;
    const place = (i: number): number => at + CONTROL_BYTES + i * callBytes(mostCalls);
    try {
      await Promise.all(threads.map((thread, i) => thread.begin({ ...about, control: at, calls: place(i) })));
    } catch (error) {
      for (const thread of threads) thread.end();
      throw error;
    }
    const calls = threads.map((_, i) => new Float64Array(buffer, place(i), callBytes(mostCalls) / 8));
    return new Threads(kernels, threads, new Int32Array(buffer, at, CONTROL_BYTES / 4), calls);
  }

  share(units: number, callsOf: (from: number, count: number, part: number) => readonly Call[]): void {
    const parts = Math.min(this.size, units);
    const first = (part: number): number => Math.floor((part * units) / parts);
    const callsFor = (part: number): readonly Call[] =>
      callsOf(first(part), first(part + 1) - first(part), part);
    if (parts > 1) {
      for (let part = 1; part < parts; part++) write(this.#calls[part - 1] as Float64Array, callsFor(part));
      // Who has no part in it has nothing to call.
      for (const none of this.#calls.slice(parts - 1)) none[0] = 0;
      Atomics.store(this.#control, BUSY, this.#threads.length);
      Atomics.add(this.#control, JOB, 1);
      Atomics.notify(this.#control, JOB);
    }
    for (const call of callsFor(0)) run(this.#kernels, call);
    if (parts > 1) this.#waitForAll();
  }

  #waitForAll(): void {
    const control = this.#control;
    for (let looks = 0; looks < LOOKS; looks++) if (Atomics.load(control, BUSY) === 0) return;
    for (let busy = Atomics.load(control, BUSY); busy > 0; busy = Atomics.load(control, BUSY)) {
      if (Atomics.wait(control, BUSY, busy, PATIENCE) === 'timed-out')
        throw new Error('a thread that computes with it has stopped');
    }
  }

  close(): void {
    for (const thread of this.#threads) thread.end();
  }
}

/**
 * Loads the kernels for a memory that threads share, and brings the threads together.
 * @param arena of such a memory
 * @param mostCalls of one thread for one job
 * Rejects where a thread can't begin; all of them are ended then.
 */
export async function loadCrew(
  build: Build,
  arena: Arena,
  threads: readonly Thread[],
  mostCalls: number,
): Promise<{ readonly kernels: Kernels; readonly crew: Crew }> {
  const module = await WebAssembly.compile(sharedKernelBytes(build, MOST_SHARED));
  const { memory } = arena;
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = instance.exports as unknown as Kernels;
  kernels.rowsAtOnce(ROWS_AT_ONCE);
  const at = arena.take(crewBytes(threads.length, mostCalls));
  const about = { module, memory, rowsAtOnce: ROWS_AT_ONCE };
  return { kernels, crew: await Threads.of(kernels, threads, at, mostCalls, about) };
}

/** A thread's own work: computes its share of every job, until it's ended from outside. */
export function workIn({ module, memory, rowsAtOnce, control: at, calls: mine }: CrewMember): {
  /** Doesn't return. */
  readonly forGood: () => never;
} {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
  kernels.rowsAtOnce(rowsAtOnce);
  const control = new Int32Array(memory.buffer, at, CONTROL_BYTES / 4);
  const calls = new Float64Array(memory.buffer, mine);
  return {
    forGood: () => {
      for (let done = 0; ; done++) {
        for (let looks = 0; looks < LOOKS && Atomics.load(control, JOB) === done; looks++);
        while (Atomics.load(control, JOB) === done) Atomics.wait(control, JOB, done);
        const count = calls[0] as number;
        for (let i = 0; i < count; i++) {
          const from = 8 + i * CALL;
          const numbers = calls.subarray(from + 2, from + 2 + (calls[from + 1] as number));
          run(kernels, [calls[from] as 0 | 1, ...numbers]);
        }
        if (Atomics.sub(control, BUSY, 1) === 1) Atomics.notify(control, BUSY);
      }
    },
  };
}

function write(calls: Float64Array, all: readonly Call[]): void {
  calls[0] = all.length;
  for (const [i, [kernel, ...numbers]] of all.entries()) {
    const from = 8 + i * CALL;
    calls[from] = kernel;
    calls[from + 1] = numbers.length;
    calls.set(numbers, from + 2);
  }
}
