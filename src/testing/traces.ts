/** Traces for tests: what a player did in a world, without a student. */
import { parseReply } from '../agent/reply.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import type { Trace, TraceStep } from '../agent/trace.ts';

export interface Said {
  readonly reply: string;
  readonly observation: string;
  readonly won?: boolean;
}

const DROPPED = { scripts: 0, trajectory: false };

/** A trace of an episode that ended won or at its limit; each step takes 1 + 2 ms and 10 + 5 + 3 tokens. */
export function traceOf(
  game: { readonly key: string; readonly taskType?: string; readonly intro?: string; readonly task?: string },
  said: readonly Said[],
): Trace {
  const { key, taskType = 'pick_and_place_simple', intro = '', task = 'put a mug in shelf.' } = game;
  const steps = said.map(({ reply, observation, won = false }, i): TraceStep => {
    const { thought, action, outcome } = parseReply(reply);
    return {
      kind: 'step',
      step: i + 1,
      reply,
      finish: 'stop',
      thought,
      action,
      outcome,
      observation,
      won,
      dropped: { ...DROPPED, turns: 0 },
      counters: { context: 15 * (i + 1), prefilled: 10, reused: 5, decoded: 3, prefillMs: 1, decodeMs: 2 },
    };
  });
  return {
    header: {
      kind: 'header',
      version: 1,
      program: 'test',
      game: { key, sha256: '', taskType },
      intro,
      task,
      student: { kind: 'human', name: 'test' },
      settings: { ...DEFAULT_SETTINGS, maxSteps: Math.max(1, steps.length) },
      seed: '',
      memory: { scripts: [], dropped: DROPPED },
    },
    steps,
    end: {
      kind: 'end',
      end: steps.at(-1)?.won === true ? 'won' : 'limit',
      steps: steps.length,
      ms: 3 * steps.length,
    },
  };
}
