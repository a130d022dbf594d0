/** Reads a small file of a host: what says which files there are. */
import { ok, type Result, refuse } from '../../base/result.ts';

/** Codes: HOST_UNREACHABLE, HOST_FAILED, FILE_MISSING, NOT_DATA, FILE_TOO_LARGE. The place is the address. */
export async function readText(
  fetchIt: typeof fetch,
  url: string,
  maxBytes: number,
): Promise<Result<string>> {
  try {
    const response = await fetchIt(url, {
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    if (response.status === 404) return refuse('FILE_MISSING', 'The host has no such file.', url);
    if (!response.ok) return refuse('HOST_FAILED', `The host answered ${response.status}.`, url);
    if ((response.headers.get('content-type') ?? '').startsWith('text/html')) {
      return refuse('NOT_DATA', 'The host sent a web page in place of data; is the address right?', url);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
      length += piece.value.length;
      if (length > maxBytes) {
        await reader?.cancel();
        return refuse('FILE_TOO_LARGE', `The file is larger than ${maxBytes} bytes.`, url);
      }
      chunks.push(piece.value);
    }
    const decoder = new TextDecoder();
    return ok(chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('HOST_UNREACHABLE', `The host can’t be reached: ${why}.`, url);
  }
}

/** Code HOST_FAILED where it is no JSON. */
export async function readJson(
  fetchIt: typeof fetch,
  url: string,
  maxBytes: number,
): Promise<Result<unknown>> {
  const text = await readText(fetchIt, url, maxBytes);
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(text.value));
  } catch {
    return refuse('HOST_FAILED', 'The host’s answer is no JSON.', url);
  }
}
