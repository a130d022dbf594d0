/** A thread of Node in the place of workers/kernels.ts. */
import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { readyToWork } = await import('../kernels/threads.ts');
parentPort?.once('message', (member) => {
  const work = readyToWork(member);
  parentPort?.postMessage('ready');
  work();
});
