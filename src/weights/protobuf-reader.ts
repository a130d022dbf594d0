/** The fields of a message in Protocol Buffers' wire format: what is needed to look something up in an ONNX file. */

export interface ReadField {
  readonly field: number;
  /** Of a varint; 0 otherwise. Sizes and types in ONNX files are far below what a double holds exactly. */
  readonly value: number;
  /** Of what has a length: texts, bytes, messages; empty otherwise. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const [VARINT, FIXED_64, DELIMITED, FIXED_32] = [0, 1, 2, 5] as const;

/** Undefined where the bytes are no message. */
export function readFields(message: Uint8Array): ReadField[] | undefined {
  const fields: ReadField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    let value = 0;
    let bytes: Uint8Array = NOTHING;
    if (wire === VARINT) {
      value = varint();
    } else {
      const length =
        wire === DELIMITED ? varint() : wire === FIXED_64 ? 8 : wire === FIXED_32 ? 4 : Number.NaN;
      if (!(length <= message.length - at)) return undefined;
      if (wire === DELIMITED) bytes = message.subarray(at, at + length);
      at += length;
    }
    if (Number.isNaN(value)) return undefined;
    fields.push({ field, value, bytes });
  }
  return fields;
}
