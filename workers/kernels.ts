/** A thread that computes a model together with the worker that plays. */
import { type CrewMember, workIn } from '../src/kernels/threads.ts';

self.onmessage = ({ data }: MessageEvent<CrewMember>) => {
  const work = workIn(data);
  self.postMessage('ready');
  work.forGood();
};
