/** Loads the kernels for a memory that several threads share, and brings the threads together. */
import { type Arena, MOST_SHARED } from './arena.ts';
import { Crew, crewBytes, type Thread } from './crew.ts';
import { type Build, type Kernels, ROWS_AT_ONCE, sharedKernelBytes } from './load.ts';

/**
 * @param arena of a shared memory
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
  return { kernels, crew: await Crew.of(kernels, threads, at, mostCalls, about) };
}
