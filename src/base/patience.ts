/**
 * Waiting for a host, but not for ever: hosts accept a connection and stand still, before the headers or in the
 * middle of a body. Used by everything that fetches.
 */

/** Milliseconds without a byte before a connection is taken for dead. */
export const STALL_MS = 30_000;

/** @throws where nothing came for so long, saying so */
export function patiently<T>(promise: Promise<T>, stallMs = STALL_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    // biome-ignore lint/style/noRestrictedGlobals: a limit to waiting; no time is told
    const timer = setTimeout(
      () => reject(new Error(`no byte came for ${Math.round(stallMs / 1000)} seconds`)),
      stallMs,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export interface Patience {
  readonly stallMs?: number | undefined;
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
  /** A body that is longer is refused. */
  readonly maxBytes?: number | undefined;
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
  { stallMs = STALL_MS, signal, maxBytes = Number.POSITIVE_INFINITY }: Patience = {},
): Promise<Fetched> {
  const ending = new AbortController();
  const stop = (): void => ending.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const response = await patiently(ask(ending.signal), stallMs);
    const pieces: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    while (reader !== undefined) {
      const { done, value } = await patiently(reader.read(), stallMs);
      if (done) break;
      length += value.length;
      if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
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
