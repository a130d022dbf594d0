/** How fast a device gives the stored reply to the stored prompt: what decides where a student plays. */
import { messageOf, ok, type Result, refuse } from '../../base/result.ts';
import { CachedContext } from './cached-context.ts';
import type { Runtime } from './runtime.ts';
import type { SelfTest } from './self-test.ts';

/** Tokens of a reply a second, with the time that its prompt takes. */
export interface DeviceSpeeds {
  readonly cpu: number;
  readonly gpu: number;
}

/** `3,210`: as many digits as mean something. */
export function tokensPerSecond(speed: number): string {
  return speed.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** So often it replies, unless it takes too long for that. */
const REPLIES = 5;
const ENOUGH_MS = 2000;

/**
 * Tokens a second, of the fastest reply: the first ones warm a device up.
 * @param now milliseconds
 * Code STUDENT_FAILED: the device threw.
 */
export async function replySpeed(
  runtime: Runtime,
  { cases }: SelfTest,
  now: () => number,
): Promise<Result<number>> {
  const context = new CachedContext(runtime);
  const { prompt, greedy } = cases[0] ?? { prompt: [], greedy: [] };
  const began = now();
  let best = Number.POSITIVE_INFINITY;
  try {
    for (let i = 0; i < REPLIES && (i === 0 || now() - began < ENOUGH_MS); i++) {
      context.clear();
      const start = now();
      await context.prefill(prompt);
      for (const token of greedy) {
        await runtime.breathe();
        await context.extend([token], 1);
      }
      best = Math.min(best, now() - start);
    }
    return ok((1000 * greedy.length) / best);
  } catch (error) {
    return refuse('STUDENT_FAILED', `The device failed while it was measured: ${messageOf(error)}`);
  } finally {
    context.release();
  }
}
