/** Reading ahead: whoever looks at a game of a language model's waits less for its first reply. */
import { useEffect, useState } from 'react';
import { agent } from '../worker-client.ts';
import type { EpisodeDriver } from './use-episode.ts';

/** Milliseconds; who chooses among games and memories passes some by. */
const SETTLED = 500;

/**
 * Has the student read how the episode opens.
 * @param wanted it isn't begun, and can be
 * @returns whether it was read
 */
export function useReadAhead({ readAhead }: EpisodeDriver, wanted: boolean): boolean {
  const [read, setRead] = useState<EpisodeDriver['readAhead']>();
  useEffect(() => {
    if (!wanted) return;
    let asked: Promise<boolean> | undefined;
    const settled = setTimeout(async () => {
      asked = readAhead();
      // A worker that broke down answers with a refusal.
      if ((await asked) === true) setRead(() => readAhead);
    }, SETTLED);
    return () => {
      clearTimeout(settled);
      // An episode that begins takes what was read.
      setRead(undefined);
      if (asked !== undefined) void agent().stopReadingAhead();
    };
  }, [readAhead, wanted]);
  return read === readAhead;
}
