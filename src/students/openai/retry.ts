/** Asks again where it is worth it: waits as the server asks, else twice as long each time, with some chance in it. */
import type { Random } from '../../base/random.ts';
import type { Result } from '../../base/result.ts';
import type { ServerFailure } from './failure.ts';

export interface RetryPolicy {
  /** Requests at most for one answer. */
  readonly attempts: number;
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly firstMs: number;
  /** No wait of our own is longer; one that the server asks for may be up to ten times that. */
  readonly longestMs: number;
}

/** 1, 2, 4, ... 60, 60 seconds: about four minutes in all. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 9, firstMs: 1000, longestMs: 60_000 };
const LITTLE = 3;

/** What is waited for, and how long. */
interface Waiting {
  readonly failure: ServerFailure;
  readonly ms: number;
  /** Which request comes next, and the most that there will be. */
  readonly attempt: number;
  readonly attempts: number;
}

/** One sentence for who waits. */
export function formatWaiting({ failure, ms, attempt, attempts }: Waiting): string {
  return `asking again in ${Math.ceil(ms / 1000)} s (try ${attempt} of ${attempts}): ${failure.message}`;
}

/** Waits, or less if the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

interface Retrying {
  readonly policy: RetryPolicy;
  readonly random: Random;
  readonly sleep: Sleep;
  readonly signal: AbortSignal | undefined;
  /** Called before each wait. */
  readonly onWait?: (waiting: Waiting) => void;
  /** Called before each further request. */
  readonly onRetry: (failure: ServerFailure) => void;
}

/** The first answer, or the failure that was one too many. When the signal aborts, the last failure. */
export async function withRetries<T>(
  ask: () => Promise<Result<T, ServerFailure>>,
  { policy, random, sleep, signal, onWait, onRetry }: Retrying,
): Promise<Result<T, ServerFailure>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    if (answer.ok || signal?.aborted) return answer;
    const { patience, waitMs } = answer.error;
    const most = { none: 1, little: Math.min(LITTLE, policy.attempts), much: policy.attempts }[patience];
    if (attempt >= most) return answer;
    if (waitMs !== undefined && waitMs > 10 * policy.longestMs) return tooLong(answer.error, waitMs);
    const doubled = Math.min(policy.longestMs, policy.firstMs * 2 ** (attempt - 1));
    const ms = waitMs ?? doubled * (0.5 + random.next() / 2);
    onWait?.({ failure: answer.error, ms, attempt: attempt + 1, attempts: most });
    await sleep(ms, signal);
    if (signal?.aborted) return answer;
    onRetry(answer.error);
  }
}

function tooLong(failure: ServerFailure, waitMs: number): Result<never, ServerFailure> {
  const message = `${failure.message} It asks to wait ${Math.ceil(waitMs / 60_000)} minutes.`;
  return { ok: false, error: { ...failure, message } };
}

export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
