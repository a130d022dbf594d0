/** Reads a small file of a host: what says which files there are. A host that stands still is given up. */
import { fetchWhole, type Patience, TooLong } from '../../base/patience.ts';
import { readJson } from '../../base/read-json.ts';
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';

/** Codes: HOST_UNREACHABLE, HOST_FAILED, FILE_MISSING, NOT_DATA, FILE_TOO_LARGE. The place is the address. */
export async function fetchText(
  fetchIt: typeof fetch,
  url: string,
  maxBytes: number,
  patience?: Pick<Patience, 'stallMs'>,
): Promise<Result<string>> {
  const isPage = ({ headers }: Response): boolean =>
    (headers.get('content-type') ?? '').startsWith('text/html');
  try {
    const { response, bytes } = await fetchWhole(
      (signal) =>
        fetchIt(url, { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', signal }),
      { ...patience, maxBytes, wanted: (answer) => answer.ok && !isPage(answer) },
    );
    if (response.status === 404) return refuse('FILE_MISSING', 'The host has no such file.', url);
    if (!response.ok) return refuse('HOST_FAILED', `The host answered ${response.status}.`, url);
    if (isPage(response)) {
      return refuse('NOT_DATA', 'The host sent a web page in place of data; is the address right?', url);
    }
    return ok(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof TooLong)
      return refuse('FILE_TOO_LARGE', `The file is larger than ${maxBytes} bytes.`, url);
    return refuse('HOST_UNREACHABLE', `The host can't be reached: ${messageOf(error)}.`, url);
  }
}

/** Code HOST_FAILED where it isn't JSON. */
export async function fetchJson(
  fetchIt: typeof fetch,
  url: string,
  maxBytes: number,
): Promise<Result<unknown>> {
  const text = await fetchText(fetchIt, url, maxBytes);
  if (!text.ok) return text;
  const what = "The host's answer";
  return readJson(text.value, { code: 'HOST_FAILED', what, longest: maxBytes, place: url });
}
