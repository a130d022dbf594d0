/** A builder of ONNX models (onnx.proto, IR version 10): nodes in order, initialisers, inputs, outputs. */
import { float16Array } from './floats.ts';
import {
  bytesField,
  concatenate,
  floatField,
  intField,
  messageField,
  type ProtoMessage,
  stringField,
} from './protobuf.ts';

/** TensorProto.DataType */
export const FLOAT = 1;
export const INT64 = 7;
const FLOAT16 = 10;

/** A whole number, a list of them, or a float (as `{ float }`). */
type Attribute = number | readonly number[] | { readonly float: number };
/** Sizes, or names of sizes that a run decides. */
type Dimensions = readonly (number | string)[];

/** How weights are stored; the arithmetic is in f32. */
export type StoredAs = 'f32' | 'f16';

const IR_VERSION = 10;
const OPSET = 21;

export class OnnxGraph {
  readonly #storage: StoredAs;
  readonly #nodes: Uint8Array[][] = [];
  readonly #initialisers: Uint8Array[][] = [];
  readonly #inputs: Uint8Array[][] = [];
  readonly #outputs: Uint8Array[][] = [];

  constructor(storage: StoredAs) {
    this.#storage = storage;
  }

  /** Weights, in the graph's storage; a Cast that the runtime folds when it loads brings f16 back to f32. */
  weights(name: string, dimensions: readonly number[], values: Float32Array<ArrayBuffer>): string {
    if (this.#storage !== 'f16') return this.constant(name, dimensions, values);
    this.#initialiser(`${name}_f16`, FLOAT16, dimensions, float16Array(values));
    return this.node('Cast', [`${name}_f16`], name, { to: FLOAT });
  }

  /** Numbers that must not lose precision. */
  constant(name: string, dimensions: readonly number[], values: Float32Array<ArrayBuffer>): string {
    return this.#initialiser(name, FLOAT, dimensions, values);
  }

  /** A scalar, or a list. */
  integers(name: string, value: bigint | number | readonly (bigint | number)[]): string {
    const list = Array.isArray(value) ? (value as readonly (bigint | number)[]) : undefined;
    const values = BigInt64Array.from((list ?? [value as number]).map(BigInt));
    return this.#initialiser(name, INT64, list === undefined ? [] : [list.length], values);
  }

  /** Adds a node; returns its first output. */
  node(
    type: string,
    inputs: readonly string[],
    output: string | readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    const outputs = typeof output === 'string' ? [output] : output;
    this.#nodes.push([
      ...inputs.flatMap((name) => stringField(1, name)),
      ...outputs.flatMap((name) => stringField(2, name)),
      ...stringField(3, `${type}_${this.#nodes.length}`),
      ...stringField(4, type),
      ...Object.entries(attributes).flatMap(([name, value]) => messageField(5, attribute(name, value))),
      ...(domain === '' ? [] : stringField(7, domain)),
    ]);
    return outputs[0] as string;
  }

  input(name: string, type: number, dimensions: Dimensions): void {
    this.#inputs.push(valueInfo(name, type, dimensions));
  }

  output(name: string, type: number, dimensions: Dimensions): void {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** The bytes of the .onnx file. `domains`: further operator sets and their versions. */
  model(name: string, domains: Readonly<Record<string, number>> = {}): Uint8Array<ArrayBuffer> {
    const graph = [
      ...this.#nodes.flatMap((node) => messageField(1, node)),
      ...stringField(2, name),
      ...this.#initialisers.flatMap((tensor) => messageField(5, tensor)),
      ...this.#inputs.flatMap((info) => messageField(11, info)),
      ...this.#outputs.flatMap((info) => messageField(12, info)),
    ];
    const opsets = Object.entries({ '': OPSET, ...domains });
    return concatenate([
      ...intField(1, IR_VERSION),
      ...stringField(2, 'duomem'),
      ...messageField(7, graph),
      ...opsets.flatMap(([domain, version]) =>
        messageField(8, [...stringField(1, domain), ...intField(2, version)]),
      ),
    ]);
  }

  #initialiser(
    name: string,
    type: number,
    dimensions: readonly number[],
    values: ArrayBufferView<ArrayBuffer>,
  ): string {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initialisers.push([
      ...dimensions.flatMap((size) => intField(1, size)),
      ...intField(2, type),
      ...stringField(8, name),
      ...bytesField(9, raw),
    ]);
    return name;
  }
}

/** AttributeProto with its type: FLOAT 1, INT 2, INTS 7. */
function attribute(name: string, value: Attribute): ProtoMessage {
  if (typeof value === 'number') return [...stringField(1, name), ...intField(3, value), ...intField(20, 2)];
  if ('float' in value) return [...stringField(1, name), ...floatField(2, value.float), ...intField(20, 1)];
  return [...stringField(1, name), ...value.flatMap((item) => intField(8, item)), ...intField(20, 7)];
}

/** ValueInfoProto of a tensor. */
function valueInfo(name: string, type: number, dimensions: Dimensions): Uint8Array[] {
  const shape = dimensions.flatMap((size) =>
    messageField(1, typeof size === 'number' ? intField(1, size) : stringField(2, size)),
  );
  return [
    ...stringField(1, name),
    ...messageField(2, messageField(1, [...intField(1, type), ...messageField(2, shape)])),
  ];
}
