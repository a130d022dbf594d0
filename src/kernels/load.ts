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

const BYTES: Readonly<Record<Build, string>> = { simd: SIMD, relaxed: RELAXED };

/** The module's bytes. */
export function kernelBytes(build: Build): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(BYTES[build]), (character) => character.charCodeAt(0));
}

/** Whether this platform can run a build. */
export function runsHere(build: Build): boolean {
  return WebAssembly.validate(kernelBytes(build));
}

/** Throws where the platform can't run the build, or may not (a content security policy without wasm-unsafe-eval). */
export async function loadKernels(build: Build, memory: WebAssembly.Memory): Promise<Kernels> {
  const { instance } = await WebAssembly.instantiate(kernelBytes(build), { env: { memory } });
  return instance.exports as unknown as Kernels;
}
