/**
 * A device that is lost answers nothing more: whoever waits for it must hear of it at once. And one that goes silent,
 * without being told to be lost, is lost too.
 */
import { Silent, within } from '../../base/within.ts';
import type { Runtime } from './runtime.ts';

/** Milliseconds: a software adapter takes several seconds for a piece of a prompt, and a busy machine makes minutes of it. */
export const COMPUTING_PATIENCE = 180_000;

/**
 * The same runtime, whose calls fail when the device is lost, whether or not the device itself still answers.
 * @param lost resolves with the reason when it is lost
 * @param onSilent called when a call wasn't answered; `lost` should resolve then
 */
export function failingWhenLost(
  runtime: Runtime,
  lost: Promise<string>,
  onSilent: (reason: string) => void,
): Runtime {
  let gone = false;
  const failure = lost.then((reason): never => {
    gone = true;
    throw new Error(`the device was lost (${reason})`);
  });
  // Heard by whoever calls; nobody may be calling.
  failure.catch(() => {});
  const answer = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (gone) return failure;
    try {
      return await within(COMPUTING_PATIENCE, 'it', Promise.race([ask(), failure]));
    } catch (error) {
      if (error instanceof Silent) onSilent(error.message);
      throw error;
    }
  };
  return {
    device: runtime.device,
    vocabulary: runtime.vocabulary,
    contextLimit: runtime.contextLimit,
    empty: () => runtime.empty(),
    extend: (cache, tokens, rows) => answer(() => runtime.extend(cache, tokens, rows)),
    rewind: (cache, length) => answer(() => runtime.rewind(cache, length)),
    release: (cache) => runtime.release(cache),
    breathe: () => runtime.breathe(),
    dispose: () => runtime.dispose(),
  };
}
