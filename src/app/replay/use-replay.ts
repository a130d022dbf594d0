/** A trace out of a link or what is kept here, and what playing it again through the engine gave. */
import type { Trace } from '../../agent/trace.ts';
import { parseTrace } from '../../agent/trace-file.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Replayed } from '../../protocol/agent.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { agent, data } from '../worker-client.ts';
import { unpackTrace } from './share.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  readonly replayed: Replayed;
}

/** Where a trace comes from: a link, or an episode that was kept. */
type TraceSource = { readonly packed: string } | { readonly kept: string };

/** Undefined while it is being read, or without a trace. */
export function useReplay(source: TraceSource | undefined): Result<OpenedTrace> | undefined {
  return useAnswer([JSON.stringify(source)], () => source && open(source));
}

async function open(source: TraceSource): Promise<Result<OpenedTrace>> {
  const text = 'packed' in source ? await unpackTrace(source.packed) : await data().readEpisode(source.kept);
  if (!text.ok) return text;
  const trace = parseTrace(text.value);
  if (!trace.ok) return trace;
  const replayed = await agent().replay(text.value);
  return replayed.ok ? ok({ trace: trace.value, replayed: replayed.value }) : replayed;
}
