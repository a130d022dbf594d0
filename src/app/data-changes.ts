/** A number that is another one after each change of what is kept on this device: views look again when it changes. */
import { Store } from './store.ts';
import { agent } from './worker-client.ts';

export const dataVersion = new Store(0);

/** Something that is kept here was added, changed, deleted or brought back. */
export async function dataChanged(): Promise<void> {
  // The agent has read memories that may be others now.
  await agent().memoryChanged();
  dataVersion.set(dataVersion.value + 1);
}
