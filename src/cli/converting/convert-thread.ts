/** A thread of a conversion: gets blocks of rows, says when each is written or why it can't be. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Refusal } from '../../base/result.ts';
import type { Block } from '../../weights/conversion-plan.ts';
import { BlockConverter, type Conversion } from './convert-block.ts';

export interface ConvertThreadData {
  readonly conversion: Conversion;
  /** Files that are finished already. */
  readonly skip: ReadonlySet<number>;
}

/** To the thread: a block by its number, or to end. */
export type ConvertOrder = { readonly number: number; readonly block: Block } | 'close';

/** From the thread: it is ready (no number), or a block is done. */
export interface ConvertAnswer {
  readonly number?: number;
  readonly refusal?: Refusal;
}

const { conversion, skip } = workerData as ConvertThreadData;
const converter = new BlockConverter(conversion);

parentPort?.on('message', (order: ConvertOrder) => {
  if (order === 'close') {
    converter.close();
    parentPort?.close();
    return;
  }
  const { number } = order;
  const result = converter.convert(order.block, skip);
  answer(result.ok ? { number } : { number, refusal: result.error });
});
answer({});

function answer(message: ConvertAnswer): void {
  parentPort?.postMessage(message);
}
