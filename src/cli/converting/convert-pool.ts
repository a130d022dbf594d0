/** Threads that work on the blocks of a conversion, or this thread alone where there is little to do. */
import type { Refusal } from '../../base/result.ts';
import type { Block } from '../../weights/conversion-plan.ts';
import { runThreads } from '../program/threads.ts';
import { BlockConverter, type BlockFiles, type Conversion } from './convert-block.ts';
import type { ConvertAnswer, ConvertOrder, ConvertThreadData } from './convert-thread.ts';

interface PoolWork {
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
export function convertInThreads(work: PoolWork, threads: number): Promise<Refusal | undefined> {
  const { blocks, signal } = work;
  const data: ConvertThreadData = { conversion: work.conversion, skip: work.skip };
  let next = 0;
  let left = blocks.length;
  return runThreads<ConvertOrder, ConvertAnswer>({
    threads: Math.min(threads, blocks.length),
    module: new URL('./convert-thread.ts', import.meta.url),
    data,
    close: 'close',
    signal,
    heard({ number, refusal }, order, end) {
      if (refusal !== undefined) return end(refusal);
      if (number !== undefined) {
        work.done(blocks[number] as Block);
        if (--left === 0) return end();
      }
      // When it begins, one ahead, so that a thread never waits for the next block.
      for (let more = number === undefined ? 2 : 1; more > 0; more--) {
        const block = blocks[next];
        if (block !== undefined) order({ number: next++, block });
      }
    },
  });
}
