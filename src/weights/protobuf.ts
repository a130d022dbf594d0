/**
 * Just enough of Protocol Buffers' wire format to write an ONNX file (protobuf.dev/programming-guides/encoding):
 * varints, 32-bit floats and length-delimited fields. Messages are lists of pieces and joined once at the end.
 */

const utf8 = new TextEncoder();

/** A field's number is 1 to 15 everywhere in ONNX that we write, and above in attributes: both fit two bytes. */
export type ProtoMessage = readonly Uint8Array[];

/** A varint; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(out);
}

export function intField(field: number, value: number | bigint): Uint8Array[] {
  return [varint(field << 3), varint(value)];
}

export function floatField(field: number, value: number): Uint8Array[] {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((field << 3) | 5), bytes];
}

export function bytesField(field: number, bytes: Uint8Array): Uint8Array[] {
  return [varint((field << 3) | 2), varint(bytes.length), bytes];
}

export function stringField(field: number, text: string): Uint8Array[] {
  return bytesField(field, utf8.encode(text));
}

export function messageField(field: number, message: ProtoMessage): Uint8Array[] {
  let length = 0;
  for (const piece of message) length += piece.length;
  return [varint((field << 3) | 2), varint(length), ...message];
}

export function concatenate(pieces: ProtoMessage): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
