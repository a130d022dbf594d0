/** Threads that work on the blocks of a conversion, or this thread alone where there is little to do. */
import { Worker } from 'node:worker_threads';
import type { Refusal } from '../../base/result.ts';
import type { Block } from '../../weights/conversion-plan.ts';
import { BlockConverter, type BlockFiles, type Conversion } from './convert-block.ts';
import type { ConvertAnswer, ConvertOrder, ConvertThreadData } from './convert-thread.ts';

export interface PoolWork {
  readonly conversion: Conversion;
  readonly blocks: readonly Block[];
  /** Files that are finished already. */
  readonly skip: ReadonlySet<number>;
  readonly signal: AbortSignal;
  /** A block is written. */
  readonly done: (block: Block) => void;
}

/** Works on the blocks in their order. Resolves with the first refusal, or when all are done or the signal aborts. */
export async function convertHere(work: PoolWork, files?: BlockFiles): Promise<Refusal | undefined> {
  const converter = new BlockConverter(work.conversion, files);
  try {
    for (const block of work.blocks) {
      if (work.signal.aborted) return undefined;
      const result = converter.convert(block, work.skip);
      if (!result.ok) return result.error;
      work.done(block);
      // Ctrl-C is heard between two blocks.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return undefined;
  } finally {
    converter.close();
  }
}

/** The same with threads; rejects with what a thread threw: a fault, never bad input. */
export async function convertInThreads(work: PoolWork, threads: number): Promise<Refusal | undefined> {
  const { blocks, signal } = work;
  const count = Math.min(threads, blocks.length);
  const module = new URL('./convert-thread.ts', import.meta.url).href;
  const data: ConvertThreadData = { conversion: work.conversion, skip: work.skip };
  const workers: Worker[] = [];
  let next = 0;
  let left = blocks.length;
  let ending = false;
  try {
    return await new Promise<Refusal | undefined>((resolve, reject) => {
      if (count === 0 || signal.aborted) resolve(undefined);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      const give = (worker: Worker): void => {
        const number = next;
        const block = ending ? undefined : blocks[number];
        if (block === undefined) return;
        next++;
        order(worker, { number, block });
      };
      for (let i = 0; i < count; i++) {
        const worker = new Worker(new URL('../program/thread.mjs', import.meta.url), {
          workerData: { ...data, module },
        });
        workers.push(worker);
        worker.on('message', ({ number, refusal }: ConvertAnswer) => {
          if (refusal !== undefined) return resolve(refusal);
          if (number === undefined) {
            // One ahead, so that a thread never waits for the next block.
            give(worker);
          } else {
            work.done(blocks[number] as Block);
            if (--left === 0) return resolve(undefined);
          }
          give(worker);
        });
        worker.on('error', reject);
      }
    });
  } finally {
    ending = true;
    await Promise.all(workers.map(closed));
  }
}

function order(worker: Worker, message: ConvertOrder): void {
  worker.postMessage(message);
}

/** Asks a thread to end after its block and waits for it: nothing writes any more when this resolves. */
function closed(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) resolve();
    worker.once('exit', () => resolve());
    order(worker, 'close');
  });
}
