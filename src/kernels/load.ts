/** The kernels as WebAssembly (assembly/ has their source, binary.ts the bytes that it compiles to). */
import { RELAXED, SIMD } from './binary.ts';

/** Addresses and distances are in bytes, sizes in floats; assembly/ says what each kernel does. */
export interface Kernels {
  matmul(
    y: number,
    yStride: number,
    x: number,
    xStride: number,
    w: number,
    rows: number,
    panels: number,
    inner: number,
    mode: number,
  ): void;
  rmsNorm(y: number, x: number, weight: number, rows: number, size: number, epsilon: number): void;
  normAndRotate(
    x: number,
    stride: number,
    rows: number,
    heads: number,
    size: number,
    norm: number,
    epsilon: number,
    cos: number,
    sin: number,
  ): void;
  keep(
    keys: number,
    values: number,
    stride: number,
    rows: number,
    size: number,
    pageKeys: number,
    pageValues: number,
    position: number,
  ): void;
  attend(
    out: number,
    outStride: number,
    queries: number,
    stride: number,
    rows: number,
    visible: number,
    step: number,
    size: number,
    scale: number,
    pages: number,
    keys: number,
    scratch: number,
    scratchStride: number,
  ): void;
  gate(x: number, stride: number, rows: number, size: number): void;
  column(y: number, w: number, token: number, inner: number): void;
  quantise(words: number, scales: number, x: number, xStride: number, rows: number, inner: number): void;
  matmul8(
    y: number,
    yStride: number,
    words: number,
    scales: number,
    w: number,
    rows: number,
    panels: number,
    inner: number,
    mode: number,
  ): void;
  column8(y: number, w: number, token: number, inner: number): void;
}

/** relaxed: a product and a sum in one step, rounded once, where the CPU has that. */
export type Build = 'simd' | 'relaxed';

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
export async function loadModule<T>(builds: Builds, build: Build, memory: WebAssembly.Memory): Promise<T> {
  const { instance } = await WebAssembly.instantiate(moduleBytes(builds, build), { env: { memory } });
  return instance.exports as unknown as T;
}

/** Throws as {@link loadModule} does. */
export function loadKernels(build: Build, memory: WebAssembly.Memory): Promise<Kernels> {
  return loadModule<Kernels>(KERNELS, build, memory);
}
