/** Two episodes of the same task by the same student, without memory and with it (the paper's figure 1). */
import { useMemo } from 'react';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import { type EpisodeDriver, useEpisode } from '../play/use-episode.ts';
import { formatRoute, isLivedIn, type PlaySetup, parseSetup, setupParams, type View } from '../route.ts';

export interface Pair {
  readonly without: EpisodeDriver;
  readonly withMemory: EpisodeDriver;
  /** Neither has begun. */
  readonly fresh: boolean;
  readonly running: boolean;
  readonly over: boolean;
  readonly run: (restMs: number) => void;
  readonly pause: () => void;
  readonly reset: () => void;
}

/** What an address asks of a pair: two people can't be compared at one keyboard, nor nothing with nothing. */
export function usePairSetup(params: URLSearchParams): PlaySetup {
  return useMemo(() => {
    const parsed = parseSetup(params);
    const student = parsed.student === 'human' ? 'scripted' : parsed.student;
    return { ...parsed, student, memory: parsed.memory === 'none' ? 'memp' : parsed.memory };
  }, [params]);
}

/** @param view where they are to be seen: the same two, whichever view shows them */
export function usePair(view: View, setup: PlaySetup): Pair {
  const { source, student, memory, k, scripts, model } = setup;
  const href = formatRoute(view, setupParams(setup));
  const settings = { ...DEFAULT_SETTINGS, ...ON_STAGE, k, scripts };
  const rest = { seed: 0, ...(model === undefined ? {} : { model }) };
  const without = useEpisode(
    { name: 'compare without', href },
    { source, student, settings: { ...settings, memory: 'none' }, ...rest },
  );
  const withMemory = useEpisode(
    { name: 'compare with', href, livedIn: isLivedIn(setup) },
    { source, student, settings: { ...settings, memory }, ...rest },
  );
  const both = [without, withMemory];
  const phases = both.map(({ state }) => state.phase);
  const left = both.filter(({ state }) => state.phase !== 'ended');
  return {
    without,
    withMemory,
    fresh: phases.every((phase) => phase === 'idle'),
    running: phases.some((phase) => phase === 'running' || phase === 'preparing'),
    over: left.length === 0,
    run(restMs) {
      for (const driver of left) driver.run(restMs);
    },
    pause() {
      for (const driver of left) driver.pause();
    },
    reset() {
      for (const driver of both) driver.reset();
    },
  };
}
