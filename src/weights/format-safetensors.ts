/** Writes safetensors; safetensors.ts reads them. */
import { table } from '../base/table.ts';

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
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Numbers begin at a multiple of eight bytes, which spaces see to.
  const length = Math.ceil(text.length / 8) * 8;
  const out = new Uint8Array(8 + length + at);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.fill(0x20, 8, 8 + length);
  out.set(text, 8);
  let to = 8 + length;
  for (const { data } of tensors) {
    // Typed arrays lie in the platform's order, which is the file's on everything that browsers run on.
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), to);
    to += data.byteLength;
  }
  return out;
}
