/**
 * What a view asks a worker. Answers may overtake each other on their way (a worker answers each as soon as it can), so
 * only the answer to what is asked now is taken, and none once the view has gone.
 */
import { useEffect, useState } from 'react';

/** Asks anew whenever one of the keys is another. Nothing is asked where `ask` makes no promise. */
export function useTaken<T>(
  keys: readonly unknown[],
  ask: () => Promise<T> | undefined,
  take: (answer: T) => void,
): void {
  const begin = () => {
    let wanted = true;
    void ask()?.then((answer) => wanted && take(answer));
    return () => {
      wanted = false;
    };
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say what is asked
  useEffect(begin, keys);
}

/** The same as a value: undefined while it is on its way, and where nothing is asked. */
export function useAnswer<T>(keys: readonly unknown[], ask: () => Promise<T> | undefined): T | undefined {
  const [answered, setAnswered] = useState<{ readonly keys: readonly unknown[]; readonly answer: T }>();
  useTaken(keys, ask, (answer) => setAnswered({ keys, answer }));
  return answered?.keys.every((key, i) => Object.is(key, keys[i])) ? answered.answer : undefined;
}
