/**
 * Turns of the event loop between the tokens of a reply, so that the wish to stop is heard. A timer would wait four
 * milliseconds, and a message gives the CPU away too: where another program wants it, a turn costs a millisecond,
 * a third of a token. so there is one turn per interval, not one a token; and one for all who wait for it,
 * since several conversations have one runtime.
 */

/** Milliseconds: about a frame. */
export const BETWEEN_TURNS = 15;

interface Turns {
  readonly breathe: () => Promise<void>;
  /** Whoever waits for a turn goes on at once, and so does whoever comes. */
  readonly close: () => void;
}

/** @param now milliseconds */
export function messageTurns(now: () => number): Turns {
  const { port1, port2 } = new MessageChannel();
  /** The turn that is waited for. */
  let turn: Promise<void> | undefined;
  let begin: () => void = () => {};
  let closed = false;
  let last = now();
  port1.onmessage = () => {
    last = now();
    turn = undefined;
    begin();
  };
  return {
    breathe: () => {
      if (closed || now() - last < BETWEEN_TURNS) return Promise.resolve();
      turn ??= new Promise((resolve) => {
        begin = resolve;
        port2.postMessage(undefined);
      });
      return turn;
    },
    close: () => {
      closed = true;
      port1.close();
      begin();
    },
  };
}
