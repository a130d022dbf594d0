/** Lets the page notice that this worker has ended: see src/app/restarting-worker.ts. */

/** Holds the lock of this worker's name for as long as it lives. Called before anything is answered. */
export function showLife(name: string): void {
  const held = navigator.locks?.request(name, () => new Promise<never>(() => {}));
  // A browser that keeps nothing for the page refuses it locks too; then the page watches for none.
  held?.catch(() => undefined);
}
