/** A trace out of a link or a file, and what playing it again through the engine gave. */
import { useEffect, useState } from 'react';
import type { Replayed } from '../../../workers/protocol.ts';
import type { Trace } from '../../agent/trace.ts';
import { parseTrace } from '../../agent/trace-file.ts';
import { ok, type Result } from '../../engine/result.ts';
import { agent } from '../worker-client.ts';
import { unpackTrace } from './share.ts';

export interface OpenedTrace {
  readonly trace: Trace;
  readonly replayed: Replayed;
}

/** Undefined while it is being read, or without a trace. */
export function useReplay(packed: string | null, file: string | undefined): Result<OpenedTrace> | undefined {
  const [opened, setOpened] = useState<Result<OpenedTrace>>();
  useEffect(() => {
    setOpened(undefined);
    if (packed === null && file === undefined) return;
    let wanted = true;
    void open(packed, file).then((result) => wanted && setOpened(result));
    return () => {
      wanted = false;
    };
  }, [packed, file]);
  return opened;
}

async function open(packed: string | null, file: string | undefined): Promise<Result<OpenedTrace>> {
  const text = file === undefined ? await unpackTrace(packed ?? '') : ok(file);
  if (!text.ok) return text;
  const trace = parseTrace(text.value);
  if (!trace.ok) return trace;
  const replayed = await agent().replay(text.value);
  return replayed.ok ? ok({ trace: trace.value, replayed: replayed.value }) : replayed;
}
