/**
 * Lets everything else that waits have its turn: a click on Cancel, Ctrl-C. Awaiting a promise that is already kept
 * doesn't, so long work that only does that is deaf; it calls this now and then.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
