/** A thread of Node in the place of workers/kernels.ts. */
import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { workIn } = await import('../kernels/threads.ts');
parentPort?.once('message', (member) => {
  const work = workIn(member);
  parentPort?.postMessage('ready');
  work.forGood();
});
