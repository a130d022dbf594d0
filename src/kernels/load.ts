/** The kernels as WebAssembly (assembly/ has their source, binary.ts the bytes that it compiles to). */
import { RELAXED, SIMD } from './binary.ts';

/** A function of so many numbers: addresses and distances in bytes, sizes in floats. assembly/ names each of them. */
export type Kernel<Count, Answer = void, Numbers extends number[] = []> = Numbers['length'] extends Count
  ? (...numbers: Numbers) => Answer
  : Kernel<Count, Answer, [...Numbers, number]>;

/** What each kernel does assembly/ says. */
export interface Kernels {
  matmul: Kernel<10>;
  matmulTrimmed: Kernel<10>;
  /** 4 or 6: {@link ROWS_AT_ONCE}. */
  rowsAtOnce: Kernel<1>;
  rmsNorm: Kernel<6>;
  normAndRotate: Kernel<9>;
  keep: Kernel<8>;
  attend: Kernel<13>;
  gate: Kernel<4>;
  column: Kernel<4>;
  quantise: Kernel<6>;
  matmul8: Kernel<9>;
  columnTrimmed: Kernel<4>;
  column8: Kernel<4>;
}

/** relaxed: a product and a sum in one step, rounded once, where the CPU has that. */
export type Build = 'simd' | 'relaxed';

/**
 * Rows of a product's tile. Engines of before 2025 keep all factors of a step in registers at once, and six rows' are
 * more than there are (V8 of Node 22: a third slower; of Node 24 and Chromium 156: a fifth faster).
 */
export const ROWS_AT_ONCE = 'Float16Array' in globalThis ? 6 : 4;

/** The bytes of a module, in base64, by the build. */
type Builds = Readonly<Record<Build, string>>;

const KERNELS: Builds = { simd: SIMD, relaxed: RELAXED };

/** A module's bytes. */
export function moduleBytes(builds: Builds, build: Build): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(builds[build]), (character) => character.charCodeAt(0));
}

/** The bytes of the kernels. */
export function kernelBytes(build: Build): Uint8Array<ArrayBuffer> {
  return moduleBytes(KERNELS, build);
}

/** Whether this platform can run a build. */
export function runsHere(build: Build): boolean {
  return WebAssembly.validate(kernelBytes(build));
}

/** Throws where the platform can't run the build, or may not (a content security policy without wasm-unsafe-eval). */
export async function loadModule<T extends Pick<Kernels, 'rowsAtOnce'>>(
  builds: Builds,
  build: Build,
  memory: WebAssembly.Memory,
): Promise<T> {
  const { instance } = await WebAssembly.instantiate(moduleBytes(builds, build), { env: { memory } });
  const kernels = instance.exports as unknown as T;
  kernels.rowsAtOnce(ROWS_AT_ONCE);
  return kernels;
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

/** Throws as {@link loadModule} does. The module is for a memory of one thread's own. */
export function loadKernels(build: Build, memory: WebAssembly.Memory): Promise<Kernels> {
  return loadModule<Kernels>(KERNELS, build, memory);
}
