/** A device that is lost answers nothing more: whoever waits for it must hear of it at once. */
import type { Runtime } from './runtime.ts';

/**
 * The same runtime, whose calls fail when the device is lost, whether or not the device itself still answers.
 * @param lost resolves with the reason when it is lost
 */
export function failingWhenLost(runtime: Runtime, lost: Promise<string>): Runtime {
  const failure = lost.then((reason): never => {
    throw new Error(`the device was lost (${reason})`);
  });
  // Heard by whoever calls; nobody may be calling.
  failure.catch(() => {});
  return {
    device: runtime.device,
    vocabulary: runtime.vocabulary,
    contextLimit: runtime.contextLimit,
    empty: () => runtime.empty(),
    extend: (cache, tokens, rows) => Promise.race([runtime.extend(cache, tokens, rows), failure]),
    rewind: (cache, length) => Promise.race([runtime.rewind(cache, length), failure]),
    release: (cache) => runtime.release(cache),
    breathe: () => runtime.breathe(),
    dispose: () => runtime.dispose(),
  };
}
