/** Plays the games of a run one after the other in the agent's worker, and hands over each result as it comes. */

import type { Trace, TraceHeader, TraceStep } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { Refusal } from '../../engine/index.ts';
import { type EpisodeResult, episodeResult } from '../../eval/result.ts';
import type { EpisodeEvent, GameCard } from '../../protocol/agent.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { show } from '../activities/activities.ts';
import { listener } from '../callbacks.ts';
import { learning, liveIn } from '../play/home-past.ts';
import { agent, onAgentLost } from '../worker-client.ts';

/** The games of a run that have no result yet. */
export function gamesLeft({ games, results }: RunRecord): readonly GameCard[] {
  const done = new Set(results.map(({ game }) => game));
  return games.filter(({ key }) => !done.has(key));
}

/** Plays what is left of a run. An episode that was stopped leaves nothing behind: it is played again when resumed. */
export async function playRun(
  run: RunRecord,
  signal: AbortSignal,
  onResult: (result: EpisodeResult, trace: string) => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  for (const card of gamesLeft(run)) {
    if (signal.aborted) return undefined;
    const pastless = await givePast(run, card, signal);
    if (pastless !== undefined) return pastless;
    if (signal.aborted) return undefined;
    const trace = await playOne(run, card, signal);
    if (!trace.ok) return trace.error;
    if (trace.value.end?.end === 'stopped') return undefined;
    const refusal = await onResult(episodeResult(trace.value), formatTrace(trace.value));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Lets the teacher live in the game's home, where it is to be remembered. Returns why that couldn't be kept. */
async function givePast(
  { past, settings }: RunRecord,
  { source }: GameCard,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (past === undefined || settings.memory === 'none' || source.kind !== 'home') return undefined;
  const { about, state } = learning(String(source.home));
  const stop = (): void => void agent().stopLearning();
  signal.addEventListener('abort', stop);
  // The run tells of itself; its homes needn't.
  const hide = show(about.id);
  await liveIn(source.home);
  hide();
  signal.removeEventListener('abort', stop);
  return state.value.answer?.ok === false ? state.value.answer.error : undefined;
}

function playOne(run: RunRecord, card: GameCard, signal: AbortSignal): Promise<Result<Trace>> {
  const { student, settings } = run;
  return new Promise((settle) => {
    const resolve = (outcome: Result<Trace>): void => {
      stopListening();
      settle(outcome);
    };
    const stopListening = onAgentLost((reason) =>
      resolve(refuse('WORKER_LOST', `The agent broke down (${reason}); resume the run.`)),
    );
    let header: TraceHeader | undefined;
    const steps: TraceStep[] = [];
    const heard = listener((event: EpisodeEvent) => {
      if (event.kind === 'begun') header = event.header;
      else if (event.kind === 'step') steps.push(event.step);
      else if (event.kind === 'refused') resolve({ ok: false, error: event.refusal });
      else if (event.kind === 'lost')
        resolve(refuse('DEVICE_LOST', `The GPU was lost (${event.reason}); resume the run.`));
      else if (event.kind === 'end' && header !== undefined) resolve(ok({ header, steps, end: event.end }));
    });
    void agent()
      .begin({ source: card.source, student, settings, seed: 0 }, heard)
      .then((id) => {
        if (!id.ok) {
          resolve(id);
          return;
        }
        signal.addEventListener('abort', () => void agent().stop(id.value), { once: true });
        void agent().run(id.value, 0);
      });
  });
}
