/**
 * Limits in time for what may never answer: a driver that hangs, a database that another tab holds, a host that stands
 * still. The platform's promises have none of their own, and whoever waits for them must be told in the end.
 */

/** It didn't answer in time; the message says for how long it was waited. */
export class Silent extends Error {}

/**
 * Waits for an answer for this many milliseconds, and rejects with {@link Silent} then.
 * @param who whoever is waited for, as a sentence begins: `The GPU`
 */
export function within<T>(ms: number, who: string, answer: PromiseLike<T>): Promise<T> {
  return unlessSilent(ms, who, () => answer);
}

/**
 * Does something that may take long, as long as it is heard of: rejects with {@link Silent} after this many milliseconds
 * in which neither `heard` was called nor an answer came.
 */
export function unlessSilent<T>(
  ms: number,
  who: string,
  work: (heard: () => void) => PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const settle = (): void => {
      over = true;
      clearTimeout(timer);
    };
    const heard = (): void => {
      clearTimeout(timer);
      if (over) return;
      timer = setTimeout(() => {
        settle();
        reject(new Silent(`${who} didn't answer for ${Math.round(ms / 1000)} seconds`));
      }, ms);
    };
    heard();
    work(heard).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

/** Milliseconds for what a page can do without. */
const SHORT_PATIENCE = 10_000;

/** What the browser says of itself; undefined where it has no answer, or gives none in time: what is known is shown. */
export async function answerOf<T>(answer: PromiseLike<T> | undefined): Promise<T | undefined> {
  if (answer === undefined) return undefined;
  return within(SHORT_PATIENCE, 'The browser', answer).catch(() => undefined);
}
