/** An episode of the page as React state, with the buttons that drive it. */
import { useEffect, useMemo, useRef } from 'react';
import { useInSight } from '../activities/activities.ts';
import { useStore } from '../store.ts';
import type { EpisodeState } from './episode-state.ts';
import { type EpisodeWork, episodeWork, type StartPlan } from './episode-work.ts';

export interface EpisodeDriver
  extends Pick<
    EpisodeWork,
    'run' | 'readAhead' | 'step' | 'pause' | 'stop' | 'act' | 'undo' | 'reset' | 'learnt' | 'saying'
  > {
  readonly state: EpisodeState;
}

interface EpisodePlace {
  /** Which of the episodes of the page it is: `play`. */
  readonly name: string;
  /** The address where it is to be seen. */
  readonly href: string;
  /** Whether it becomes a memory when it is solved. */
  readonly learning?: boolean;
  /** Whether its home has a past before it begins. */
  readonly livedIn?: boolean;
}

/** Another plan is another episode; the one before stands still, and goes on when its plan is chosen again. */
export function useEpisode(
  { name, href, learning = false, livedIn = false }: EpisodePlace,
  plan: StartPlan,
): EpisodeDriver {
  const text = JSON.stringify(plan);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same episode may be seen at another address
  const work = useMemo(() => episodeWork(name, text, href), [name, text]);
  useEffect(() => work.place(href, learning, livedIn), [work, href, learning, livedIn]);
  const shown = useRef(work);
  useEffect(() => {
    if (shown.current !== work) shown.current.putAside();
    shown.current = work;
  }, [work]);
  useInSight(work.id);
  const state = useStore(work.state);
  const { run, readAhead, step, pause, stop, act, undo, reset, learnt, saying } = work;
  return { state, run, readAhead, step, pause, stop, act, undo, reset, learnt, saying };
}
