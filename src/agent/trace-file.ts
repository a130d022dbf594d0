/**
 * Traces as text: JSON Lines, one record a line, each line closed by a line feed. A trace may come from a stranger (a
 * shared link, a file), so it is read against its schema and with limits, and records must fit together.
 */
import { readJson, readShape } from '../base/read-json.ts';
import { ok, type Parsed, type Refusal, refuse } from '../base/result.ts';
import { amount, either, flag, list, object, oneOf, type Read, text, whole } from '../base/schema.ts';
import { MEMORY_CONFIGURATIONS } from './prompt.ts';
import { REPLY_OUTCOMES } from './reply.ts';
import { type EpisodeSettings, SCRIPT_SOURCES } from './settings.ts';
import {
  EPISODE_ENDS,
  STUDENT_KINDS,
  TRACE_VERSION,
  type Trace,
  type TraceEnd,
  type TraceHeader,
  type TraceRecord,
  type TraceStep,
} from './trace.ts';

/** Why it refuses. */
type TraceCode = 'TRACE_JSON' | 'TRACE_ORDER' | 'TRACE_SHAPE' | 'TRACE_TOO_LARGE' | 'TRACE_VERSION';

/** Generous: an official episode under MemP with 30 steps has some 40,000 characters. */
export const TRACE_LIMITS = {
  /** UTF-16 code units of the whole file. */
  length: 8_000_000,
  steps: 1_000,
  /** Of one reply, observation, script. */
  text: 64_000,
  name: 1_100,
  scripts: 100,
  /** Where one looked for a thing. */
  places: 1_000,
  tokens: 100_000_000,
  ms: 1e10,
} as const;

const name = text(TRACE_LIMITS.name);
const long = text(TRACE_LIMITS.text);
const tokens = whole(0, TRACE_LIMITS.tokens);
const ms = amount(0, TRACE_LIMITS.ms);
const count = whole(0, TRACE_LIMITS.steps);

const retrieved = { id: name, similarity: amount(-2, 2), ownHome: flag };
const trajectory = object({
  intro: long,
  steps: list(object({ thought: long, action: long, observation: long }), TRACE_LIMITS.steps),
});

const looked = object({ place: name, looks: count, there: count });
const searched = list(
  object({ object: name, places: list(looked, TRACE_LIMITS.places) }),
  TRACE_LIMITS.scripts,
);

/** The settings of an episode, from a file. */
export const readSettings: Read<EpisodeSettings> = object(
  {
    maxSteps: whole(1, TRACE_LIMITS.steps),
    memory: oneOf(MEMORY_CONFIGURATIONS),
    k: whole(0, TRACE_LIMITS.scripts),
    scripts: oneOf(SCRIPT_SOURCES),
    history: either(oneOf(['full']), whole(1, TRACE_LIMITS.steps)),
    replyTokens: whole(1, TRACE_LIMITS.tokens),
    turnTokens: tokens,
  },
  { thinking: flag, replies: oneOf(['any']), grounded: flag },
);

const student = object({ kind: oneOf(STUDENT_KINDS), name }, { weights: name, device: name });

const refusal: Read<Refusal> = object({ code: name, message: long }, { place: long });

const header: Read<TraceHeader> = object(
  {
    kind: oneOf(['header']),
    version: oneOf([TRACE_VERSION]),
    program: name,
    game: object(
      { key: name, sha256: name, taskType: name },
      { home: name, dialect: oneOf(['move', 'put']), goals: oneOf(['human']), words: name },
    ),
    intro: long,
    task: long,
    student,
    settings: readSettings,
    seed: name,
    memory: object(
      {
        scripts: list(
          object({ ...retrieved, script: object({ taskName: long, guidelines: long }) }),
          TRACE_LIMITS.scripts,
        ),
        dropped: object({ scripts: count, trajectory: flag }),
      },
      { bank: name, trajectory: object({ ...retrieved, trajectory }), searched },
    ),
  },
  {
    branch: object({ steps: whole(1, TRACE_LIMITS.steps), student }),
    readAs: either(object({ task: long }), object({ refusal })),
  },
);

const step: Read<TraceStep> = object({
  kind: oneOf(['step']),
  step: whole(1, TRACE_LIMITS.steps),
  reply: long,
  finish: oneOf(['stop', 'length']),
  thought: long,
  action: long,
  outcome: oneOf(REPLY_OUTCOMES),
  observation: long,
  won: flag,
  dropped: object({ scripts: count, trajectory: flag, turns: count }),
  counters: object(
    { context: tokens, prefilled: tokens, reused: tokens, decoded: tokens, prefillMs: ms, decodeMs: ms },
    { overruled: tokens },
  ),
});

const end: Read<TraceEnd> = object(
  {
    kind: oneOf(['end']),
    end: oneOf(EPISODE_ENDS),
    steps: count,
    ms: amount(0, TRACE_LIMITS.steps * 2 * TRACE_LIMITS.ms),
  },
  { refusal },
);

/** One record as a line, with its line feed. */
export function formatRecord(record: TraceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The whole file; {@link parseTrace} gives the same trace back. */
export function formatTrace({ header, steps, end }: Trace): string {
  return [header, ...steps, ...(end === undefined ? [] : [end])].map(formatRecord).join('');
}

/**
 * Reads a trace. Codes: TRACE_TOO_LARGE, TRACE_JSON (a line isn't JSON, or the last one is cut off), TRACE_VERSION,
 * TRACE_SHAPE (a record of another shape), TRACE_ORDER (records that don't fit together); the place names the line.
 */
export function parseTrace(content: string): Parsed<Trace, TraceCode> {
  if (content.length > TRACE_LIMITS.length) {
    return refuse('TRACE_TOO_LARGE', `The trace has more than ${TRACE_LIMITS.length} characters.`);
  }
  if (content === '') return refuse('TRACE_JSON', 'The file is empty.');
  const lines = content.split('\n');
  if (lines.pop() !== '')
    return refuse('TRACE_JSON', 'The last line is cut off.', `line ${lines.length + 1}`);
  if (lines.length > TRACE_LIMITS.steps + 2) {
    return refuse('TRACE_TOO_LARGE', `The trace has more than ${TRACE_LIMITS.steps} steps.`);
  }
  const first = readLine(lines[0] ?? '', 1, header);
  if (!first.ok) return first;
  const steps: TraceStep[] = [];
  let last: TraceEnd | undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const place = `line ${index + 1}`;
    if (last !== undefined) return refuse('TRACE_ORDER', 'Something follows the end of the episode.', place);
    const record = readLine<TraceStep | TraceEnd>(line, index + 1, stepOrEnd);
    if (!record.ok) return record;
    if (record.value.kind === 'end') last = record.value;
    else if (record.value.step === index) steps.push(record.value);
    else return refuse('TRACE_ORDER', `This must be step ${index}.`, place);
  }
  const fault = inconsistency(first.value, steps, last);
  return fault === undefined ? ok({ header: first.value, steps, end: last }) : refuse('TRACE_ORDER', fault);
}

const stepOrEnd: Read<TraceStep | TraceEnd> = (value, path, problems) =>
  (value as { kind?: unknown } | null)?.kind === 'end'
    ? end(value, path, problems)
    : step(value, path, problems);

function readLine<T>(line: string, number: number, read: Read<T>): Parsed<T, TraceCode> {
  const place = `line ${number}`;
  const longest = TRACE_LIMITS.length;
  const parsed = readJson(line, { code: 'TRACE_JSON', what: 'This line', longest, place });
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const version = (value as { version?: unknown } | null)?.version;
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (number === 1 && kind !== 'header')
    return refuse(
      'TRACE_SHAPE',
      `This is no trace${typeof kind === 'string' ? ` but a ${kind}` : ''}: one begins with its header.`,
      place,
    );
  if (number === 1 && typeof version === 'number' && version > TRACE_VERSION) {
    return refuse(
      'TRACE_VERSION',
      `The trace is of version ${version}; this program reads up to ${TRACE_VERSION}: use a newer one.`,
      place,
    );
  }
  return readShape(value, read, { code: 'TRACE_SHAPE', what: 'the trace', whole: 'the record', place });
}

function inconsistency(
  { settings }: TraceHeader,
  steps: readonly TraceStep[],
  last: TraceEnd | undefined,
): string | undefined {
  if (steps.length > settings.maxSteps) return `There are more than the ${settings.maxSteps} steps allowed.`;
  if (steps.slice(0, -1).some((one) => one.won)) return 'The episode goes on after it was won.';
  if (last === undefined) return undefined;
  if (last.steps !== steps.length) return `The end counts ${last.steps} steps, there are ${steps.length}.`;
  const won = steps.at(-1)?.won ?? last.end === 'won';
  if ((last.end === 'won') !== won) return 'The end and the last step disagree on whether it was won.';
  if (last.end === 'limit' && steps.length < settings.maxSteps)
    return 'It ended by the limit before the limit.';
  return undefined;
}
