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
const ROWS_AT_ONCE = 'Float16Array' in globalThis ? 6 : 4;

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
  return kernelsOf<T>(instance);
}

/** What an instance exports, ready to be called. */
export function kernelsOf<T extends Pick<Kernels, 'rowsAtOnce'>>(instance: WebAssembly.Instance): T {
  const kernels = instance.exports as unknown as T;
  kernels.rowsAtOnce(ROWS_AT_ONCE);
  return kernels;
}

/** Throws as {@link loadModule} does. */
export function loadKernels(build: Build, memory: WebAssembly.Memory): Promise<Kernels> {
  return loadModule<Kernels>(KERNELS, build, memory);
}
