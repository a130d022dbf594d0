/** The kernels of training as WebAssembly (assembly/training.ts has their source): loaded where something is trained. */
import { type Build, type Kernels, loadModule, moduleBytes } from './load.ts';
import { TRAINING_RELAXED, TRAINING_SIMD } from './training-binary.ts';

/** Addresses and distances are in bytes, sizes in floats; assembly/training.ts says what each kernel does. */
export interface TrainingKernels extends Pick<Kernels, 'column' | 'normAndRotate' | 'rmsNorm'> {
  product: Product;
  productAcross: Product;
  packRows(to: number, from: number, stride: number, rows: number, size: number): void;
  packColumns(to: number, from: number, stride: number, rows: number, size: number): void;
  scaled(y: number, x: number, count: number, by: number): void;
  attendAll(
    out: number,
    outStride: number,
    queries: number,
    stride: number,
    rows: number,
    size: number,
    scale: number,
    keyRows: number,
    valueColumns: number,
    scratch: number,
    scratchStride: number,
  ): void;
  attendBack(
    dQueries: number,
    dKeys: number,
    dValues: number,
    queries: number,
    stride: number,
    out: number,
    dOut: number,
    outStride: number,
    rows: number,
    size: number,
    scale: number,
    keyRows: number,
    keyColumns: number,
    valueRows: number,
    scratch: number,
    dScratch: number,
    scratchStride: number,
  ): void;
  rmsNormBack(
    dx: number,
    dy: number,
    x: number,
    weight: number,
    rows: number,
    size: number,
    epsilon: number,
  ): void;
  rotateAndNormBack(
    d: number,
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
  swiGlu(y: number, x: number, rows: number, size: number): void;
  swiGluBack(dx: number, dy: number, x: number, rows: number, size: number): void;
  crossEntropy(
    logits: number,
    stride: number,
    rows: number,
    vocabulary: number,
    targets: number,
    found: number,
    weight: number,
  ): void;
  squares(x: number, count: number): number;
  adamW(
    parameters: number,
    gradient: number,
    mean: number,
    variance: number,
    count: number,
    factor: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    decay: number,
    first: number,
    second: number,
  ): void;
}

type Product = (
  c: number,
  cStride: number,
  a: number,
  aStride: number,
  b: number,
  bStride: number,
  bPanel: number,
  rows: number,
  panels: number,
  inner: number,
  mode: number,
) => void;

const TRAINING = { simd: TRAINING_SIMD, relaxed: TRAINING_RELAXED } as const;

/** The module's bytes. */
export function trainingBytes(build: Build): Uint8Array<ArrayBuffer> {
  return moduleBytes(TRAINING, build);
}

/** Throws as loadModule does. */
export function loadTrainingKernels(build: Build, memory: WebAssembly.Memory): Promise<TrainingKernels> {
  return loadModule<TrainingKernels>(TRAINING, build, memory);
}
