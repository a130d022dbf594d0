/**
 * Fetches the files of a model, several at a time, into a store. It ends with everything there and verified, or with a
 * refusal; either way what came is kept, and the same call goes on from there.
 */
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { type FetchSurroundings, fetchFile, STOPPED } from './fetch-file.ts';
import { type DownloadFile, plannedBytes } from './plan.ts';
import { Rate } from './rate.ts';

export interface DownloadProgress {
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
  /** Undefined while that can't be told. */
  readonly bytesPerSecond: number | undefined;
  readonly remainingMs: number | undefined;
  /** What went wrong last and is tried again. */
  readonly trouble: Refusal | undefined;
}

export interface DownloadOptions extends FetchSurroundings {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Milliseconds from any fixed moment. */
  readonly clock: () => number;
  /** Files at a time. */
  readonly streams?: number;
}

/** Browsers open six connections to a host; the page keeps some for itself. */
const STREAMS = 4;
/** Milliseconds between two reports. */
const REPORT_MS = 200;

/** Codes: those of fetchFile; the first one that is final ends the others. */
export async function download(
  files: readonly DownloadFile[],
  options: DownloadOptions,
): Promise<Result<true>> {
  const { store, signal, onProgress, clock, streams = STREAMS } = options;
  const rate = new Rate();
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  // Small files first: a folder that is wrong shows at once.
  const queue = [...files].sort((a, b) => a.bytes - b.bytes);
  let filesDone = 0;
  let bytesDone = 0;
  let trouble: Refusal | undefined;
  let refusal: Refusal | undefined;
  let reported = Number.NEGATIVE_INFINITY;
  const bytes = plannedBytes(files);
  const report = (always: boolean): void => {
    const now = clock();
    if (!always && now - reported < REPORT_MS) return;
    reported = now;
    onProgress({
      filesDone,
      files: files.length,
      bytesDone,
      bytes,
      bytesPerSecond: rate.bytesPerSecond(now),
      remainingMs: rate.remainingMs(now, bytes - bytesDone),
      trouble,
    });
  };

  const stream = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !ending.signal.aborted; file = queue.shift()) {
      const fetched = await fetchFile(file, options, {
        signal: ending.signal,
        onBytes: (change) => {
          bytesDone += change;
          if (change > 0) {
            rate.add(clock(), change);
            trouble = undefined;
          }
          report(false);
        },
        onRetry: (why) => {
          trouble = why;
          report(true);
        },
      });
      if (!fetched.ok) {
        refusal ??= fetched.error;
        stop();
        return;
      }
      filesDone++;
      report(true);
    }
  };

  try {
    const kept = await Promise.all(
      files.map(async (file) => ((await store.has(file)) ? file.bytes : store.partLength(file))),
    );
    bytesDone = kept.reduce((sum, length) => sum + length, 0);
    rate.add(clock(), 0);
    report(true);
    await Promise.all(Array.from({ length: streams }, stream));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  report(true);
  if (refusal !== undefined) return { ok: false, error: refusal };
  return signal.aborted ? STOPPED : ok(true);
}
