/** Traces of every shape for property tests: whatever texts and numbers they hold, their records fit together. */
import fc from 'fast-check';
import { MEMORY_CONFIGURATIONS } from '../agent/prompt.ts';
import { REPLY_OUTCOMES } from '../agent/reply.ts';
import { SCRIPT_SOURCES } from '../agent/settings.ts';
import { STUDENT_KINDS, type Trace, type TraceEnd, type TraceStep } from '../agent/trace.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const count = fc.nat({ max: 1000 });
const tokens = fc.nat({ max: 100_000_000 });
const ms = fc.double({ min: 0, max: 1e9, noNaN: true }).map((x) => Math.round(x * 1000) / 1000);
const retrieved = {
  id: anyText,
  similarity: fc.double({ min: -1, max: 1, noNaN: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
  ownHome: fc.boolean(),
};

const student = fc.record(
  { kind: fc.constantFrom(...STUDENT_KINDS), name: anyText, weights: anyText, device: anyText },
  { requiredKeys: ['kind', 'name'] },
);

const header = fc.record({
  kind: fc.constant('header' as const),
  version: fc.constant(1 as const),
  program: anyText,
  game: fc.record(
    {
      ...{ key: anyText, sha256: anyText, taskType: anyText, home: anyText },
      dialect: fc.constantFrom('move' as const, 'put' as const),
      goals: fc.constant('human' as const),
      words: anyText,
    },
    { requiredKeys: ['key', 'sha256', 'taskType'] },
  ),
  intro: anyText,
  task: anyText,
  student,
  settings: fc.record(
    {
      maxSteps: fc.constant(12),
      memory: fc.constantFrom(...MEMORY_CONFIGURATIONS),
      k: fc.nat({ max: 100 }),
      scripts: fc.constantFrom(...SCRIPT_SOURCES),
      history: fc.oneof(fc.constant('full' as const), fc.integer({ min: 1, max: 1000 })),
      replyTokens: fc.integer({ min: 1, max: 1000 }),
      turnTokens: tokens,
      thinking: fc.boolean(),
    },
    { requiredKeys: ['maxSteps', 'memory', 'k', 'scripts', 'history', 'replyTokens', 'turnTokens'] },
  ),
  seed: anyText,
  memory: fc.record(
    {
      bank: anyText,
      scripts: fc.array(
        fc.record({ ...retrieved, script: fc.record({ taskName: anyText, guidelines: anyText }) }),
        { maxLength: 3 },
      ),
      trajectory: fc.record({
        ...retrieved,
        trajectory: fc.record({
          intro: anyText,
          steps: fc.array(fc.record({ thought: anyText, action: anyText, observation: anyText }), {
            maxLength: 3,
          }),
        }),
      }),
      dropped: fc.record({ scripts: count, trajectory: fc.boolean() }),
      searched: fc.array(
        fc.record({
          object: anyText,
          places: fc.array(fc.record({ place: anyText, looks: count, there: count }), { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['scripts', 'dropped'] },
  ),
});

const step = fc.record({
  kind: fc.constant('step' as const),
  step: fc.constant(0),
  reply: anyText,
  finish: fc.constantFrom('stop' as const, 'length' as const),
  thought: anyText,
  action: anyText,
  outcome: fc.constantFrom(...REPLY_OUTCOMES),
  observation: anyText,
  won: fc.constant(false),
  dropped: fc.record({ scripts: count, trajectory: fc.boolean(), turns: count }),
  counters: fc.record({
    context: tokens,
    prefilled: tokens,
    reused: tokens,
    decoded: tokens,
    prefillMs: ms,
    decodeMs: ms,
  }),
});

const ending = fc.constantFrom('won' as const, 'stopped' as const, 'failed' as const, undefined);
const refusal = fc.record(
  { code: anyText, message: anyText, place: anyText },
  { requiredKeys: ['code', 'message'] },
);

const branch = fc.option(fc.record({ steps: fc.integer({ min: 1, max: 1000 }), student }), {
  nil: undefined,
});

const readAs = fc.option(fc.oneof(fc.record({ task: anyText }), fc.record({ refusal })), { nil: undefined });

export const anyTrace: fc.Arbitrary<Trace> = fc
  .tuple(
    header,
    fc.array(step, { maxLength: 12 }),
    ending,
    ms,
    fc.option(refusal, { nil: undefined }),
    branch,
    readAs,
  )
  .map(([rest, list, end, time, why, off, read]) => {
    const head = {
      ...rest,
      ...(off === undefined ? {} : { branch: off }),
      ...(read === undefined ? {} : { readAs: read }),
    };
    const steps: TraceStep[] = list.map((one, i) => ({
      ...one,
      step: i + 1,
      won: end === 'won' && i === list.length - 1,
    }));
    const last: TraceEnd | undefined =
      end === undefined
        ? undefined
        : { kind: 'end', end, steps: steps.length, ms: time, ...(why === undefined ? {} : { refusal: why }) };
    return { header: head, steps, end: last };
  });
