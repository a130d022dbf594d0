/** Fetching a whole body from a host that may stand still, before the headers or in the middle. */
import { within } from './within.ts';

/** Milliseconds without a byte before a connection is taken for dead. */
const STALL_MS = 30_000;

export class TooLong extends Error {}

export interface Patience {
  readonly stallMs?: number | undefined;
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
  /** A body that is longer is refused, with {@link TooLong}. */
  readonly maxBytes?: number | undefined;
  /** A body is read only where this says so; otherwise there are no bytes. */
  readonly wanted?: ((response: Response) => boolean) | undefined;
}

export interface Fetched {
  readonly response: Response;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Fetches a whole body, waiting for the headers and for every piece of it at most `stallMs`.
 * @param ask `fetch`, with the signal it must hear
 * @throws where the host stands still or can't be reached, where the body is too long, where the signal aborts
 */
export async function fetchWhole(
  ask: (signal: AbortSignal) => Promise<Response>,
  { stallMs = STALL_MS, signal, maxBytes = Number.POSITIVE_INFINITY, wanted = () => true }: Patience = {},
): Promise<Fetched> {
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await within(stallMs, 'The host', ask(ending.signal));
    const pieces: Uint8Array[] = [];
    let length = 0;
    const reader = wanted(response) ? response.body?.getReader() : undefined;
    while (reader !== undefined) {
      const { done, value } = await within(stallMs, 'The host', reader.read());
      if (done) break;
      length += value.length;
      if (length > maxBytes) throw new TooLong(`the answer is longer than ${maxBytes} bytes`);
      pieces.push(value);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return { response, bytes };
  } finally {
    signal?.removeEventListener('abort', stop);
    ending.abort();
  }
}
