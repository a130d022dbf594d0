/**
 * Fetches one file: goes on where an earlier attempt ended, tries again after what may pass, refuses what will not,
 * and hands over nothing that isn't the file that was announced, byte for byte. Hosts do everything wrong that they
 * can: they ignore ranges, break off, stand still, send a web page with status 200, or other bytes.
 */
import { messageOf, ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { within } from '../../base/within.ts';
import { type DownloadFile, type Hasher, hasherOf } from './plan.ts';
import { type ModelStore, type PartialFile, storageRefusal } from './store.ts';

export interface FetchSurroundings {
  readonly fetch: typeof fetch;
  readonly store: ModelStore;
  /** Resolves after this many milliseconds, or when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds without a byte before a connection is taken for dead. */
  readonly stallMs: number;
}

interface FetchControl {
  readonly signal: AbortSignal;
  /** Bytes that are kept of this file changed by so many; negative where some were thrown away. */
  readonly onBytes: (change: number) => void;
  /** Something went wrong that is tried again. */
  readonly onRetry?: (why: Refusal) => void;
}

/** Attempts without a new byte before it gives up; a resume begins to count anew. */
const ATTEMPTS = 6;
/** Whole files that turned out wrong before the host is taken to have another file. */
const WRONG_FILES = 3;
export const STALL_MS = 30_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Codes: DOWNLOAD_STOPPED (by the signal; what came is kept), FILE_MISSING, FILE_FORBIDDEN, NOT_DATA (a web page came
 * in its place), DIGEST_WRONG, HOST_UNREACHABLE, HOST_FAILED, and those of storageRefusal.
 */
export async function fetchFile(
  file: DownloadFile,
  surroundings: FetchSurroundings,
  control: FetchControl,
): Promise<Result<true>> {
  let part: PartialFile;
  try {
    if (await surroundings.store.has(file)) return ok(true);
    part = await surroundings.store.open(file);
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
  let open = true;
  try {
    const filled = await fill(file, part, surroundings, control);
    if (filled.ok) {
      open = false;
      await part.commit();
    }
    return filled;
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  } finally {
    if (open) await part.close().catch(() => undefined);
  }
}

async function fill(
  file: DownloadFile,
  part: PartialFile,
  surroundings: FetchSurroundings,
  control: FetchControl,
): Promise<Result<true>> {
  const { signal, onRetry } = control;
  let attempts = 0;
  let wrong = 0;
  let hasher = await hashKept(file, part, control);
  for (;;) {
    if (signal.aborted) return STOPPED;
    const before = part.length;
    const attempt =
      before === file.bytes ? ok(true as const) : await request(file, part, hasher, surroundings, control);
    if (attempt.ok) {
      if (await hasher.matches()) return ok(true);
      if (++wrong >= WRONG_FILES) {
        return refuse(
          'DIGEST_WRONG',
          `${file.name} isn't the file that was announced: its digest differs, ${wrong} times in a row.`,
        );
      }
      onRetry?.(refuse('DIGEST_WRONG', `${file.name} arrived damaged and is being downloaded again.`).error);
      hasher = await startOver(file, part, control);
      continue;
    }
    if (signal.aborted) return STOPPED;
    const { startOver: over, final, pauseMs, ...refusal } = attempt.error;
    if (final) return { ok: false, error: refusal };
    attempts = part.length > before && !over ? 1 : attempts + 1;
    if (over) wrong++;
    if (attempts >= ATTEMPTS || wrong >= WRONG_FILES) return { ok: false, error: refusal };
    onRetry?.(refusal);
    // Bytes that went to the part are in the hash; after a fresh start neither has any.
    if (over) hasher = await startOver(file, part, control);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
    await surroundings.pause(Math.max(pause, pauseMs ?? 0), signal);
  }
}

export const STOPPED = refuse('DOWNLOAD_STOPPED', "The download was stopped; what's here is kept.");

/** What an earlier visit kept is read again: only so is the digest about what lies on the disk. */
async function hashKept(file: DownloadFile, part: PartialFile, control: FetchControl): Promise<Hasher> {
  if (part.length > file.bytes) return startOver(file, part, control);
  const hasher = hasherOf(file);
  for await (const bytes of part.read()) hasher.update(bytes);
  return hasher;
}

async function startOver(file: DownloadFile, part: PartialFile, { onBytes }: FetchControl): Promise<Hasher> {
  const kept = part.length;
  await part.reset();
  if (kept > 0) onBytes(-kept);
  return hasherOf(file);
}

interface Failed extends Refusal {
  /** Trying again is useless. */
  readonly final: boolean;
  /** What is kept is of no use. */
  readonly startOver: boolean;
  /** The host asked for this much patience. */
  readonly pauseMs?: number;
}

/** One request; true once the part has all its bytes. Rejects with errors of the storage only. */
async function request(
  file: DownloadFile,
  part: PartialFile,
  hasher: Hasher,
  { fetch, stallMs }: FetchSurroundings,
  { signal, onBytes }: FetchControl,
): Promise<Result<true, Failed>> {
  if (file.url === undefined) {
    return failed('FILE_MISSING', `${file.name} has no address: import the folder again.`, { final: true });
  }
  const kept = part.length;
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    let response: Response;
    try {
      const asked = fetch(file.url, {
        headers: kept > 0 ? { Range: `bytes=${kept}-` } : {},
        signal: ending.signal,
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
      response = await within(stallMs, 'the host', asked);
    } catch (error) {
      return unreachable(file, error);
    }
    const problem = judge(file, response, kept);
    if (problem !== undefined) return { ok: false, error: problem };
    const { body } = response;
    if (body === null) return failed('HOST_FAILED', `The host sent nothing for ${file.name}.`);
    // A host that ignores the range begins at the first byte: what is kept of it is passed over, not fetched twice.
    let skip = response.status === 206 ? 0 : kept;
    const reader = body.getReader();
    for (;;) {
      let piece: ReadableStreamReadResult<Uint8Array>;
      try {
        piece = await within(stallMs, 'the host', reader.read());
      } catch (error) {
        return unreachable(file, error);
      }
      if (piece.done) break;
      let bytes = piece.value;
      if (skip > 0) {
        const passed = Math.min(skip, bytes.length);
        skip -= passed;
        bytes = bytes.subarray(passed);
        if (bytes.length === 0) continue;
      }
      if (part.length === 0 && looksLikeWebPage(bytes)) return notData(file);
      if (part.length + bytes.length > file.bytes) return tooLong(file);
      hasher.update(bytes);
      await part.append(bytes);
      onBytes(bytes.length);
      if (signal.aborted) return unreachable(file, STOPPED.error.message);
    }
    if (part.length === file.bytes) return ok(true);
    return failed('HOST_FAILED', `The connection broke off in ${file.name}.`);
  } finally {
    signal.removeEventListener('abort', stop);
    ending.abort();
  }
}

/** What status and headers say against the answer. */
function judge(file: DownloadFile, response: Response, kept: number): Failed | undefined {
  const { status, headers } = response;
  if (status === 404 || status === 410) {
    return failed('FILE_MISSING', `The host has no ${file.name}.`, { final: true }).error;
  }
  if (status === 401 || status === 403) {
    return failed('FILE_FORBIDDEN', `The host doesn't hand out ${file.name}.`, { final: true }).error;
  }
  if (status === 416) {
    return failed('HOST_FAILED', `The host can't go on in ${file.name}.`, { startOver: true }).error;
  }
  if (status !== 200 && status !== 206) {
    const seconds = Number(headers.get('retry-after') ?? '0');
    const pauseMs = Number.isFinite(seconds) ? Math.min(seconds, 60) * 1000 : 0;
    return failed('HOST_FAILED', `The host answered ${status} for ${file.name}.`, { pauseMs }).error;
  }
  if ((headers.get('content-type') ?? '').startsWith('text/html')) return notData(file).error;
  // Not every host lets a page see this header.
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && range !== null) {
    const [, from, whole] = range;
    if (Number(from) !== kept || (whole !== '*' && Number(whole) !== file.bytes)) {
      return failed('HOST_FAILED', `The host answered with another part of ${file.name}.`, {
        startOver: true,
      }).error;
    }
  }
  return undefined;
}

function looksLikeWebPage(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart().toLowerCase();
  return start.startsWith('<!doctype') || start.startsWith('<html');
}

function notData({ name }: DownloadFile) {
  return failed('NOT_DATA', `The host sent a web page in place of ${name}; is the address right?`, {
    final: true,
  });
}

function tooLong({ name, bytes }: DownloadFile) {
  return failed('HOST_FAILED', `${name} is longer than the ${bytes} bytes that were announced.`, {
    startOver: true,
  });
}

function unreachable({ name }: DownloadFile, error: unknown) {
  return failed('HOST_UNREACHABLE', `${name} can't be downloaded: ${messageOf(error)}.`);
}

function failed(
  code: string,
  message: string,
  { final = false, startOver: over = false, pauseMs }: Partial<Omit<Failed, 'code' | 'message'>> = {},
): { readonly ok: false; readonly error: Failed } {
  const rest = pauseMs === undefined ? {} : { pauseMs };
  return { ok: false, error: { code, message, final, startOver: over, ...rest } };
}
