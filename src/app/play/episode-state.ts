/** What the page knows of an episode: a fold over the worker's events. Pure; the views draw it. */

import type { Trace, TraceEnd, TraceHeader, TraceStep } from '../../agent/trace.ts';
import type { Refusal, SeenCondition } from '../../engine/index.ts';
import type { EpisodeEvent } from '../../protocol/agent.ts';

/**
 * `idle`: not begun. `preparing`: model and memories are being fetched. `paused`: stands still, can go on.
 * `asking`: waits for the person.
 */
export type Phase = 'idle' | 'preparing' | 'running' | 'paused' | 'asking' | 'ended';

export interface EpisodeState {
  readonly phase: Phase;
  /** It was paused while it's being prepared: it stands still once it's ready. */
  readonly held: boolean;
  readonly header: TraceHeader | undefined;
  readonly steps: readonly TraceStep[];
  /** Conditions of the goal now; undefined before the episode began. */
  readonly goal: readonly SeenCondition[] | undefined;
  readonly admissible: readonly string[];
  readonly end: TraceEnd | undefined;
  readonly refusal: Refusal | undefined;
  readonly recallMs: number | undefined;
  /** Why only the memories that came with the page were searched. */
  readonly unkept: Refusal | undefined;
  /** Why it stands still although nobody paused it; for a person. */
  readonly interruption: string | undefined;
}

export const IDLE: EpisodeState = {
  phase: 'idle',
  held: false,
  header: undefined,
  steps: [],
  goal: undefined,
  admissible: [],
  end: undefined,
  refusal: undefined,
  recallMs: undefined,
  unkept: undefined,
  interruption: undefined,
};

export type EpisodeAction =
  | Exclude<EpisodeEvent, { readonly kind: 'lost' | 'text' }>
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'held'; readonly held: boolean }
  | { readonly kind: 'interrupted'; readonly why: string }
  | { readonly kind: 'restored'; readonly trace: Trace; readonly goal: EpisodeState['goal'] }
  /** The last step was taken back. */
  | { readonly kind: 'undone' }
  /** Before the first step; of a branch, after those of the other episode. */
  | { readonly kind: 'reset'; readonly steps: readonly TraceStep[] };

export function episodeReducer(state: EpisodeState, event: EpisodeAction): EpisodeState {
  switch (event.kind) {
    case 'reset':
      return { ...IDLE, steps: event.steps };
    case 'undone':
      return {
        ...state,
        phase: 'running',
        steps: state.steps.slice(0, -1),
        admissible: [],
        end: undefined,
        interruption: undefined,
      };
    case 'restored': {
      const { header, steps, end } = event.trace;
      const over = end !== undefined;
      return {
        ...IDLE,
        phase: over ? 'ended' : 'paused',
        header,
        steps,
        end,
        goal: event.goal,
        interruption: over ? undefined : 'This page was reloaded. The episode can go on where it stopped.',
      };
    }
    case 'phase':
      return state.phase === 'ended'
        ? state
        : { ...state, phase: event.phase, held: false, interruption: undefined };
    case 'held':
      return { ...state, held: state.phase === 'preparing' && event.held };
    case 'interrupted':
      return state.phase === 'ended'
        ? state
        : { ...state, phase: 'paused', admissible: [], interruption: event.why };
    case 'begun':
      return {
        ...state,
        header: event.header,
        goal: event.goal,
        recallMs: event.recallMs ?? state.recallMs,
        unkept: event.unkept ?? state.unkept,
      };
    case 'asked':
      return { ...state, phase: 'asking', admissible: event.admissible };
    case 'step': {
      const phase = state.phase === 'asking' ? 'running' : state.phase;
      const steps = [...state.steps, event.step];
      return { ...state, phase, steps, goal: event.goal, admissible: [] };
    }
    case 'end':
      return { ...state, phase: 'ended', end: event.end, admissible: [] };
    case 'refused':
      return { ...state, phase: 'ended', refusal: event.refusal, admissible: [] };
  }
}
