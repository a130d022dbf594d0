/** A thread that computes a model together with the worker that plays. */
import { type CrewMember, readyToWork } from '../src/kernels/threads.ts';

self.onmessage = ({ data }: MessageEvent<CrewMember>) => {
  const work = readyToWork(data);
  self.postMessage('ready');
  work();
};
