/** The kernels of training as WebAssembly (assembly/training.ts has their source): loaded where something is trained. */
import { type Build, type Kernel, type Kernels, loadModule, moduleBytes } from './load.ts';
import { TRAINING_RELAXED, TRAINING_SIMD } from './training-binary.ts';

/** assembly/training.ts says what each kernel does. */
export interface TrainingKernels
  extends Pick<Kernels, 'column' | 'normAndRotate' | 'rmsNorm' | 'rowsAtOnce'> {
  product: Kernel<11>;
  productAcross: Kernel<11>;
  packRows: Kernel<5>;
  packColumns: Kernel<5>;
  scaled: Kernel<4>;
  attendAll: Kernel<11>;
  attendBack: Kernel<17>;
  rmsNormBack: Kernel<7>;
  rotateAndNormBack: Kernel<10>;
  swiGlu: Kernel<4>;
  swiGluBack: Kernel<5>;
  crossEntropy: Kernel<7>;
  squares: Kernel<2, number>;
  adamW: Kernel<13>;
}

const TRAINING = { simd: TRAINING_SIMD, relaxed: TRAINING_RELAXED } as const;

/** The module's bytes. */
export function trainingBytes(build: Build): Uint8Array<ArrayBuffer> {
  return moduleBytes(TRAINING, build);
}

/** Throws as loadModule does. */
export function loadTrainingKernels(build: Build, memory: WebAssembly.Memory): Promise<TrainingKernels> {
  return loadModule<TrainingKernels>(TRAINING, build, memory);
}
