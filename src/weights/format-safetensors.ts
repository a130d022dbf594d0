/** Writes safetensors; safetensors.ts reads them. */
import { table } from '../base/table.ts';
import { concatenate } from './protobuf.ts';

/** A file of f32 tensors (huggingface/safetensors, README, Format). */
export function formatSafetensors(
  tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[],
  notes: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header = table<unknown>({ __metadata__: notes });
  let at = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  // Typed arrays lie in the platform's order, which is the file's on everything that browsers run on.
  const data = tensors.map(
    (one) => new Uint8Array(one.data.buffer, one.data.byteOffset, one.data.byteLength),
  );
  return concatenate([safetensorsHead(header), ...data]);
}

/** How a file begins: the header's length and the header, with spaces so that numbers begin at a multiple of eight bytes. */
export function safetensorsHead(header: object): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 8) * 8;
  const head = new Uint8Array(8 + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, 8);
  return head;
}
