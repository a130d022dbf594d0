/**
 * Threads that compute a model together. They share one memory; what each has to call stands in it, and two numbers
 * beside that say when to begin and who is still at it. Whoever waits looks for some microseconds, and then
 * sleeps, since a thread that spins takes the core away from the one that it waits for.
 */
import { type Arena, MOST_SHARED } from './arena.ts';
import type { Crew, Divided } from './crew.ts';
import { type Build, type Kernels, kernelBytes, kernelsOf } from './load.ts';

/** Places in the control words, a line of the cache apart: the number of the job, and how many threads are at it. */
const [JOB, BUSY] = [0, 16];
const CONTROL_BYTES = 128;
/** Numbers of a call: which kernel, how many numbers, and these. */
const CALL = 16;
/** Numbers before the first call: how many there are. */
const FIRST = 8;
const DIVIDED = ['matmul8', 'attend'] as const satisfies readonly (keyof Divided)[];
const LOOKS = 2000;
/** Milliseconds; a share takes a few, and much longer only where the machine is busy. */
const PATIENCE = 60_000;

/** What a thread needs to be told; it's posted to it. */
export interface CrewMember {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
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
  return 8 * (FIRST + CALL * mostCalls);
}

class Threads implements Crew {
  readonly size: number;
  readonly #kernels: Kernels;
  readonly #threads: readonly Thread[];
  readonly #control: Int32Array;
  readonly #orders: readonly Orders[];

  private constructor(
    kernels: Kernels,
    threads: readonly Thread[],
    control: Int32Array,
    orders: readonly Orders[],
  ) {
    this.size = 1 + threads.length;
    this.#kernels = kernels;
    this.#threads = threads;
    this.#control = control;
    this.#orders = orders;
  }

  /**
   * @param at address of {@link crewBytes} zeros
   * @param mostCalls of one thread for one job
   * Rejects where a thread can't begin.
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
    await Promise.all(threads.map((thread, i) => thread.begin({ ...about, control: at, calls: place(i) })));
    const orders = threads.map(
      (_, i) => new Orders(new Float64Array(buffer, place(i), callBytes(mostCalls) / 8)),
    );
    return new Threads(kernels, threads, new Int32Array(buffer, at, CONTROL_BYTES / 4), orders);
  }

  share(units: number, compute: Parameters<Crew['share']>[1]): void {
    const parts = Math.min(this.size, units);
    const first = (part: number): number => Math.floor((part * units) / parts);
    const ask = (kernels: Divided, part: number): void =>
      compute(kernels, first(part), first(part + 1) - first(part), part);
    if (parts > 1) {
      for (const [i, orders] of this.#orders.entries()) {
        // Who has no part in it has nothing to call.
        orders.begin();
        if (i + 1 < parts) ask(orders, i + 1);
      }
      Atomics.store(this.#control, BUSY, this.#threads.length);
      Atomics.add(this.#control, JOB, 1);
      Atomics.notify(this.#control, JOB);
    }
    ask(this.#kernels, 0);
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

/** What another thread has to call: takes the calls of kernels in their place, and writes them down. */
class Orders implements Divided {
  readonly #calls: Float64Array;

  constructor(calls: Float64Array) {
    this.#calls = calls;
  }

  begin(): void {
    this.#calls[0] = 0;
  }

  matmul8(...numbers: readonly number[]): void {
    this.#write('matmul8', numbers);
  }

  attend(...numbers: readonly number[]): void {
    this.#write('attend', numbers);
  }

  #write(kernel: keyof Divided, numbers: readonly number[]): void {
    const calls = this.#calls;
    const from = FIRST + (calls[0] as number) * CALL;
    calls[from] = DIVIDED.indexOf(kernel);
    calls[from + 1] = numbers.length;
    calls.set(numbers, from + 2);
    calls[0] = (calls[0] as number) + 1;
  }
}

/**
 * Loads the kernels for a memory that threads share, and brings the threads together.
 * @param arena of such a memory
 * @param mostCalls of one thread for one job
 * Rejects where a thread can't begin.
 */
export async function loadCrew(
  build: Build,
  arena: Arena,
  threads: readonly Thread[],
  mostCalls: number,
): Promise<{ readonly kernels: Kernels; readonly crew: Crew }> {
  const module = await WebAssembly.compile(sharedKernelBytes(build, MOST_SHARED));
  const { memory } = arena;
  const kernels = kernelsOf<Kernels>(await WebAssembly.instantiate(module, { env: { memory } }));
  const at = arena.take(crewBytes(threads.length, mostCalls));
  return { kernels, crew: await Threads.of(kernels, threads, at, mostCalls, { module, memory }) };
}

/** Makes a thread ready. What it returns computes its share of every job, until the thread is ended from outside. */
export function readyToWork({ module, memory, control: at, calls: mine }: CrewMember): () => never {
  const kernels = kernelsOf<Kernels>(new WebAssembly.Instance(module, { env: { memory } }));
  const control = new Int32Array(memory.buffer, at, CONTROL_BYTES / 4);
  const calls = new Float64Array(memory.buffer, mine);
  return () => {
    for (let done = 0; ; done++) {
      for (let looks = 0; looks < LOOKS && Atomics.load(control, JOB) === done; looks++);
      while (Atomics.load(control, JOB) === done) Atomics.wait(control, JOB, done);
      for (let i = 0; i < (calls[0] as number); i++) {
        const from = FIRST + i * CALL;
        const kernel = kernels[DIVIDED[calls[from] as 0 | 1]] as (...numbers: readonly number[]) => void;
        kernel(...calls.subarray(from + 2, from + 2 + (calls[from + 1] as number)));
      }
      if (Atomics.sub(control, BUSY, 1) === 1) Atomics.notify(control, BUSY);
    }
  };
}

/** The import of the memory in a module, and the same of one that threads share: a word for that, and its limit. */
const OWN_MEMORY = [2, 15, 1, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 0, 1];

/**
 * The bytes of the kernels for a memory that threads share. It's the one thing that tells the two apart, so they needn't
 * be compiled and downloaded twice.
 * @param most pages that the memory may grow to
 */
export function sharedKernelBytes(build: Build, most: number): Uint8Array<ArrayBuffer> {
  const bytes = kernelBytes(build);
  const at = bytes.findIndex((_, i) => OWN_MEMORY.every((byte, j) => bytes[i + j] === byte));
  if (at < 0) throw new Error('the module imports its memory in another form');
  const limit: number[] = [];
  for (let rest = most; rest > 0; rest >>>= 7) limit.push((rest & 127) | (rest > 127 ? 128 : 0));
  const memory = [...OWN_MEMORY.slice(0, -2), 3, 1, ...limit];
  memory[1] = memory.length - 2;
  return new Uint8Array([...bytes.subarray(0, at), ...memory, ...bytes.subarray(at + OWN_MEMORY.length)]);
}
