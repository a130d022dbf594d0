/** Environments over a pair of streams: a message a line, an answer a line, in the same order. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { failure, type Service, tooLarge } from '../../serve/service.ts';
import { readLines } from './lines.ts';

/**
 * Answers until the input ends or the signal aborts. One message at a time: while an answer waits to be taken, nothing
 * more is read, so a client that doesn't listen is held up by its own pipe.
 * @returns how many messages were answered
 */
export async function servePipe(
  service: Service,
  input: Readable,
  output: Writable,
  signal: AbortSignal,
): Promise<number> {
  let messages = 0;
  const stop = (): void => void input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of readLines(input, service.limits.message)) {
      const answer =
        'text' in line
          ? await service.answer(line.text)
          : JSON.stringify(failure(null, tooLarge(service.limits.message)));
      messages++;
      if (!output.write(`${answer}\n`)) await once(output, 'drain', { signal });
    }
  } catch (error) {
    // Destroying the input and giving up on the drain are how an abort ends the loop.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return messages;
}
