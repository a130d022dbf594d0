/**
 * Lets a model hand out the keys and values of the new tokens alone, beside those of all tokens. A runtime that copies
 * what it hands out (ONNX Runtime on WebAssembly) then has a row to copy for each token and not the whole cache.
 *
 * The rows are there already: present.N.key is the Concat of past_key_values.N.key and of them. Repeated fields of
 * messages that follow each other add up (protobuf.dev/programming-guides/encoding, "Last One Wins"), so a graph of
 * nothing but outputs is put behind the file, which otherwise stays as it is.
 */
import { concatenate, intField, messageField, stringField } from './protobuf.ts';
import { type ReadField, readFields } from './protobuf-reader.ts';

interface NewRows {
  readonly model: Uint8Array<ArrayBuffer>;
  /** The output with the new rows, by the name of the cache's tensor: `0.key`. */
  readonly outputs: ReadonlyMap<string, string>;
}

// Fields of ModelProto, GraphProto, NodeProto, ValueInfoProto with what lies in it, and AttributeProto (onnx.proto).
const GRAPH = 7;
const [NODE, GRAPH_INPUT, GRAPH_OUTPUT] = [1, 11, 12] as const;
const [INPUT, OUTPUT, OPERATOR, ATTRIBUTE] = [1, 2, 4, 5] as const;
const [NAME, TYPE, TENSOR_TYPE, ELEMENT_TYPE] = [1, 2, 1, 1] as const;
const ATTRIBUTE_INT = 3;
/** Tokens, in [batch, heads, tokens, size]; counted from the end by some writers. */
const TOKENS = [2, 2 ** 64 - 2];

const PAST = 'past_key_values.';

/** Undefined where the model isn't made so. */
export function withNewRows(model: Uint8Array): NewRows | undefined {
  const graph = of(readFields(model), GRAPH).flatMap(({ bytes }) => readFields(bytes) ?? []);
  const types = new Map(of(graph, GRAPH_INPUT).map(({ bytes }) => typeOf(bytes)));
  const past = [...types.keys()].filter((name) => name.startsWith(PAST));
  const concats = new Map(of(graph, NODE).flatMap(({ bytes }) => concatOf(bytes)));
  const outputs = new Map<string, string>();
  const added: Uint8Array[] = [];
  for (const name of past) {
    const key = name.slice(PAST.length);
    const [before, rows] = concats.get(`present.${key}`) ?? [];
    const type = types.get(name);
    if (before !== name || rows === undefined || type === undefined) return undefined;
    outputs.set(key, rows);
    const tensor = messageField(TENSOR_TYPE, intField(ELEMENT_TYPE, type));
    added.push(...messageField(GRAPH_OUTPUT, [...stringField(NAME, rows), ...messageField(TYPE, tensor)]));
  }
  if (outputs.size === 0) return undefined;
  return { model: concatenate([model, ...messageField(GRAPH, added)]), outputs };
}

function of(fields: readonly ReadField[] | undefined, field: number): ReadField[] {
  return (fields ?? []).filter((one) => one.field === field);
}

function texts(fields: readonly ReadField[], field: number): string[] {
  return of(fields, field).map(({ bytes }) => new TextDecoder().decode(bytes));
}

/** An input and the type of its elements. */
function typeOf(input: Uint8Array): readonly [string, number | undefined] {
  const fields = readFields(input) ?? [];
  const [type] = of(fields, TYPE);
  const [tensor] = of(type && readFields(type.bytes), TENSOR_TYPE);
  const [element] = of(tensor && readFields(tensor.bytes), ELEMENT_TYPE);
  return [texts(fields, NAME)[0] ?? '', element?.value];
}

/** Output and inputs of a node that puts two tensors behind each other along the tokens; nothing for any other node. */
function concatOf(node: Uint8Array): (readonly [string, readonly string[]])[] {
  const fields = readFields(node) ?? [];
  const [output = ''] = texts(fields, OUTPUT);
  if (texts(fields, OPERATOR)[0] !== 'Concat') return [];
  const inputs = texts(fields, INPUT);
  const axis = of(fields, ATTRIBUTE).map(({ bytes }) => of(readFields(bytes), ATTRIBUTE_INT)[0]?.value);
  return inputs.length === 2 && TOKENS.includes(axis[0] ?? 0) ? [[output, inputs]] : [];
}
