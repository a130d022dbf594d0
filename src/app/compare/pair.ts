/** Two episodes of the same task by the same student, without memory and with it (the paper's figure 1). */
import { useMemo } from 'react';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import { type EpisodeDriver, useEpisode } from '../play/use-episode.ts';
import { formatRoute, isLivedIn, type PlaySetup, parseSetup, setupParams, type ViewName } from '../route.ts';

/** What can be done with episodes that run by one clock. */
export interface Together {
  /** None has begun. */
  readonly fresh: boolean;
  readonly running: boolean;
  readonly over: boolean;
  readonly run: (restMs: number) => void;
  readonly pause: () => void;
  readonly reset: () => void;
}

export interface Pair extends Together {
  readonly without: EpisodeDriver;
  readonly withMemory: EpisodeDriver;
}

/** What an address asks of a pair: two people can't be compared at one keyboard, nor nothing with nothing. */
export function usePairSetup(params: URLSearchParams): PlaySetup {
  return useMemo(() => {
    const parsed = parseSetup(params);
    const student = parsed.student === 'human' ? 'scripted' : parsed.student;
    return { ...parsed, student, memory: parsed.memory === 'none' ? 'memp' : parsed.memory };
  }, [params]);
}

/**
 * @param view where they are to be seen: the same two, whichever view shows them
 * @param base its base plays, without its adapter, as another pair
 */
export function usePair(view: ViewName, setup: PlaySetup, base = false): Pair {
  const { source, student, memory, k, scripts, thinking } = setup;
  const model = base ? '0' : setup.model;
  const href = formatRoute(view, setupParams(setup));
  const settings = { ...DEFAULT_SETTINGS, ...ON_STAGE, k, scripts, ...(thinking === true && { thinking }) };
  const name = base ? 'compare base' : 'compare';
  const plan = { source, student, seed: 0, ...(model === undefined ? {} : { model }) };
  const without = useEpisode(
    { name: `${name} without`, href },
    { ...plan, settings: { ...settings, memory: 'none' } },
  );
  const withMemory = useEpisode(
    { name: `${name} with`, href, livedIn: isLivedIn(setup) },
    { ...plan, settings: { ...settings, memory } },
  );
  return { without, withMemory, ...driveTogether([without, withMemory]) };
}

export function driveTogether(drivers: readonly EpisodeDriver[]): Together {
  const phases = drivers.map(({ state }) => state.phase);
  const left = drivers.filter(({ state }) => state.phase !== 'ended');
  return {
    fresh: phases.every((phase) => phase === 'idle'),
    running: drivers.some(
      ({ state: { phase, held } }) => phase === 'running' || (phase === 'preparing' && !held),
    ),
    over: left.length === 0,
    run(restMs) {
      for (const driver of left) driver.run(restMs);
    },
    pause() {
      for (const driver of left) driver.pause();
    },
    reset() {
      for (const driver of drivers) driver.reset();
    },
  };
}
