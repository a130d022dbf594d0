/**
 * A whole trace in a link: the trace's text, deflated, in the fragment, which browsers keep to themselves. So sharing
 * needs no server, and the link alone holds everything that a replay shows.
 */

import { TRACE_LIMITS } from '../../agent/trace-file.ts';
import { ok, type Result, refuse } from '../../base/result.ts';

/** Some programs cut links that are longer. */
export const COMFORTABLE_LINK = 30_000;

/** The text of a trace file as a parameter of an address. */
export async function packTrace(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Also takes what links become on their way: in the other alphabet of Base64 (whose + an address reads as a blank),
 * broken over lines, and with what stood around them in a text behind them. Codes: LINK_DAMAGED, TRACE_TOO_LARGE. The
 * text still has to be read by parseTrace.
 */
export async function unpackTrace(packed: string): Promise<Result<string>> {
  const kept = packed.replace(/[\r\n\t]/g, '').replace(/[^\w+/-]+$/, '');
  try {
    const binary = atob(kept.replace(/[- ]/g, '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const text = await through(bytes, new DecompressionStream('deflate-raw'), TRACE_LIMITS.length);
    if (text === undefined)
      return refuse('TRACE_TOO_LARGE', 'What this link holds is too large for an episode.');
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return refuse(
      'LINK_DAMAGED',
      'This link is damaged: it was cut off or changed on its way. Ask for it again.',
    );
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array>;
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array | undefined>;
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  limit = Number.POSITIVE_INFINITY,
): Promise<Uint8Array | undefined> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    length += value.length;
    // A few bytes can unpack to gigabytes: stop as soon as it is too much.
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
