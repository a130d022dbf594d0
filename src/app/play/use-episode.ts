/** An episode in the worker as React state, with the buttons that drive it. */
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { TraceStep } from '../../agent/trace.ts';
import type { EpisodePlan } from '../../protocol/agent.ts';
import { listener } from '../lend.ts';
import { AGENT_LOST, agent, onAgentLost } from '../worker-client.ts';
import { type EpisodeState, episodeReducer, IDLE, type Phase } from './episode-state.ts';

export interface EpisodeDriver {
  readonly state: EpisodeState;
  /** Begins the episode if need be, and goes on with so many milliseconds of rest between steps. */
  run(restMs: number): void;
  step(): void;
  pause(): void;
  stop(): void;
  act(action: string): void;
  reset(): void;
}

type Plan = Omit<EpisodePlan, 'continueFrom'>;

export function useEpisode(plan: Plan): EpisodeDriver {
  const [state, dispatch] = useReducer(episodeReducer, IDLE);
  /** The episode's number once the worker has given it; anything older is not listened to. */
  const current = useRef<{ token: object; id: Promise<number | undefined> } | undefined>(undefined);
  const steps = useRef<readonly TraceStep[]>([]);
  steps.current = state.steps;
  const phase = useRef<Phase>('idle');
  phase.current = state.phase;
  const text = JSON.stringify(plan);
  const recover = useRef<(what: string) => void>(() => {});

  const leave = useCallback(() => {
    const left = current.current;
    current.current = undefined;
    void left?.id.then((id) => (id === undefined ? undefined : agent().stop(id)));
  }, []);

  // Another plan is another episode.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the plan's text is what it depends on
  useEffect(() => {
    dispatch({ kind: 'reset' });
    return leave;
  }, [text, leave]);

  const begin = useCallback(
    (continueFrom: readonly TraceStep[] = []): Promise<number | undefined> => {
      if (current.current !== undefined) return current.current.id;
      const token = {};
      const parsed = JSON.parse(text) as Plan;
      const listening = (): boolean => current.current?.token === token;
      const id = agent()
        .begin(
          { ...parsed, ...(continueFrom.length === 0 ? {} : { continueFrom }) },
          listener((event) => {
            if (!listening()) return;
            if (event.kind === 'lost') recover.current(`The graphics device was lost (${event.reason}).`);
            else dispatch(event);
          }),
        )
        .then((begun) => {
          if (begun.ok) return begun.value;
          if (listening()) dispatch({ kind: 'refused', refusal: begun.error });
          return undefined;
        });
      current.current = { token, id };
      return id;
    },
    [text],
  );

  const drive = useCallback(
    (wanted: 'running' | 'paused', act: (id: number) => Promise<void>) => {
      if (phase.current === 'idle') dispatch({ kind: 'phase', phase: 'preparing' });
      void begin().then((id) => {
        if (id === undefined) return;
        dispatch({ kind: 'phase', phase: wanted });
        return act(id);
      });
    },
    [begin],
  );

  // What broke down is started again, and the episode goes on from its steps.
  recover.current = (what) => {
    if (current.current === undefined || phase.current === 'ended') return;
    current.current = undefined;
    const was = phase.current;
    if (was === 'idle' || was === 'preparing') {
      dispatch({ kind: 'refused', refusal: AGENT_LOST.error });
      return;
    }
    void begin(steps.current).then((id) => {
      if (id === undefined) return;
      const why = `${what} The agent was started again and can go on where it stood.`;
      dispatch({ kind: 'interrupted', why });
    });
  };
  useEffect(() => onAgentLost((reason) => recover.current(`The agent broke down (${reason}).`)), []);

  // Browsers slow a hidden tab down; half a run at a crawl helps nobody.
  useEffect(() => {
    const hidden = (): void => {
      if (!document.hidden || phase.current !== 'running') return;
      void current.current?.id.then((id) => {
        if (id === undefined) return;
        void agent().pause(id);
        dispatch({ kind: 'interrupted', why: 'Paused, since this tab was hidden.' });
      });
    };
    document.addEventListener('visibilitychange', hidden);
    return () => document.removeEventListener('visibilitychange', hidden);
  }, []);

  return {
    state,
    run: useCallback((restMs) => drive('running', (id) => agent().run(id, restMs)), [drive]),
    step: useCallback(() => drive('paused', (id) => agent().step(id)), [drive]),
    pause: useCallback(() => drive('paused', (id) => agent().pause(id)), [drive]),
    stop: useCallback(() => drive('paused', (id) => agent().stop(id)), [drive]),
    act: useCallback((action) => drive('running', (id) => agent().act(id, action)), [drive]),
    reset: useCallback(() => {
      leave();
      dispatch({ kind: 'reset' });
    }, [leave]),
  };
}
