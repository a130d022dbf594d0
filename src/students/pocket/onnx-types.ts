/** Of onnxruntime-common, what is used: the same for every package of ONNX Runtime. */

export type TensorType = 'float32' | 'float16' | 'int64';

export interface OrtTensor {
  readonly dims: readonly number[];
  readonly location: string;
  readonly data: unknown;
  getData(): Promise<unknown>;
  dispose(): void;
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly unknown[];
  /** @param fetches the outputs that are wanted */
  run(feeds: Record<string, OrtTensor>, fetches: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export type MakeTensor = (type: TensorType, data: unknown, dims: readonly number[]) => OrtTensor;

export function tensorOf(outputs: Record<string, OrtTensor>, name: string): OrtTensor {
  const tensor = outputs[name];
  if (tensor === undefined) throw new Error(`the model gave no ${name}`);
  return tensor;
}
