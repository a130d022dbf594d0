/**
 * Passes the functions among a call's arguments to a worker (comlink's proxies), for as long as the call lasts. What
 * a worker calls comes by another way than its answer, so that a last report of progress may arrive behind the answer
 * that ended it; nobody waits for that one any more.
 */
import { proxy } from 'comlink';

type Callback = (...args: never[]) => void;

const lasting = new WeakSet<Callback>();

/** A function that is called back after the call's answer as well: one that listens to what the call began. */
export function listener<Listen extends Callback>(listen: Listen): Listen {
  lasting.add(listen);
  return listen;
}

/** Makes a call whose arguments may hold functions. */
export async function callWithCallbacks<Answer>(
  args: readonly unknown[],
  call: (...passed: unknown[]) => Promise<Answer>,
): Promise<Answer> {
  let answered = false;
  const whileAsked =
    (callback: Callback): Callback =>
    (...told) => {
      if (!answered) callback(...told);
    };
  const passed = args.map((arg) => {
    if (typeof arg !== 'function') return arg;
    const callback = arg as Callback;
    return proxy(lasting.has(callback) ? callback : whileAsked(callback));
  });
  try {
    return await call(...passed);
  } finally {
    answered = true;
  }
}
