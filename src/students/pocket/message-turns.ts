/**
 * Turns of the event loop between the tokens of a reply, so that the wish to stop is heard. A timer would wait four
 * milliseconds, and a message gives the processor away too: where another program wants it, a turn costs a millisecond,
 * a third of a token. So there is one turn in so many milliseconds, not one a token.
 */

/** Milliseconds: about a frame. */
export const BETWEEN_TURNS = 15;

export interface Turns {
  readonly breathe: () => Promise<void>;
  readonly close: () => void;
}

/** @param now milliseconds */
export function messageTurns(now: () => number): Turns {
  const { port1, port2 } = new MessageChannel();
  let resolve: () => void = () => {};
  let last = now();
  port1.onmessage = () => {
    last = now();
    resolve();
  };
  return {
    breathe: () =>
      now() - last < BETWEEN_TURNS
        ? Promise.resolve()
        : new Promise((done) => {
            resolve = done;
            port2.postMessage(undefined);
          }),
    close: () => port1.close(),
  };
}
