/**
 * How fast a student reads and speaks. A student with a runtime of its own is given the prompt's tokens and says as many
 * as are wanted, whatever they are; any other is measured by the counters of its replies.
 */
import { Random } from '../base/random.ts';
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { CachedContext, CHUNK } from '../students/pocket/cached-context.ts';
import { argmax } from '../students/pocket/logits.ts';
import type { Runtime } from '../students/pocket/runtime.ts';
import type { Student } from '../students/student.ts';
import { type Qwen3Config, tensorShapes } from '../weights/qwen3.ts';
import { countGpuCalls, type GpuCalls } from './count-calls.ts';
import type { Work } from './figures.ts';

export interface Speed {
  readonly prefillTokens: number;
  readonly prefillSeconds: number;
  /** Times that the weights had to be read for it; 0 where that isn't known. */
  readonly prefillPasses: number;
  /** Each by a pass of its own. */
  readonly decodeTokens: number;
  readonly decodeSeconds: number;
  /** What all of the decoding asked of WebGPU, where it was counted. */
  readonly calls?: GpuCalls;
}

export interface SpeedRequest {
  readonly context: number;
  readonly decode: number;
  /** Counting takes a little time itself, so it is done in repetitions that don't count. */
  readonly count: boolean;
}

/** What a pass of a model reads: see {@link passWork}. */
export interface ModelCost {
  readonly weightBytes: number;
  /** Of keys and values, all layers together. */
  readonly kvBytesPerToken: number;
}

/**
 * Of a runtime that has all weights in f32, whatever the file stores. The embedding is read whole, since it is the head
 * as well.
 */
export function modelCost(config: Qwen3Config): ModelCost {
  let parameters = 0;
  for (const shape of tensorShapes(config).values()) parameters += shape.reduce((a, b) => a * b, 1);
  const { layers, kvHeads, headDim } = config;
  return { weightBytes: 4 * parameters, kvBytesPerToken: 4 * 2 * layers * kvHeads * headDim };
}

/** Codes: CONTEXT_FULL, STUDENT_FAILED. */
export async function runtimeSpeed(
  runtime: Runtime,
  { context, decode, count }: SpeedRequest,
  now: () => number,
): Promise<Result<Speed>> {
  if (context + decode > runtime.contextLimit) {
    return refuse('CONTEXT_FULL', `The student's context ends at ${runtime.contextLimit} tokens.`);
  }
  const random = new Random(`bench/${context}`);
  const tokens = Array.from({ length: context }, () => random.int(runtime.vocabulary));
  const cached = new CachedContext(runtime);
  try {
    const began = now();
    const filled = await cached.prefill(tokens);
    const started = now();
    const counter = count ? countGpuCalls() : undefined;
    let logits = filled?.logits ?? new Float32Array(0);
    for (let i = 0; i < decode; i++) {
      // As a reply goes: choose, let messages in, go on.
      const token = argmax(logits) ?? 0;
      await runtime.breathe();
      logits = await cached.extend([token], 1);
    }
    const ended = now();
    return ok({
      prefillTokens: context,
      prefillSeconds: (started - began) / 1000,
      prefillPasses: Math.ceil(context / CHUNK),
      decodeTokens: decode,
      decodeSeconds: (ended - started) / 1000,
      ...(counter === undefined ? {} : { calls: counter.stop() }),
    });
  } catch (error) {
    return refuse('STUDENT_FAILED', `The device failed while it was measured: ${messageOf(error)}`);
  } finally {
    cached.release();
  }
}

/** About this many tokens of a language that every student knows; what it has of it is told by its counters. */
function words(tokens: number, { countTokens }: Student): string {
  const sentence = 'On the countertop 1, you see a mug 2, a knife 1, and a tomato 3. ';
  const text = (times: number): string => sentence.repeat(Math.max(1, Math.round(times)));
  if (countTokens === undefined) return text(tokens / 25);
  const each = (countTokens([{ role: 'user', content: text(20) }]) ?? 500) / 20;
  return text(tokens / each);
}

/** For students that are only known by their replies. Codes: BENCH_SHORT, and those of the student. */
export async function speedOfReplies(
  student: Student,
  { context, decode, count }: SpeedRequest,
): Promise<Result<Speed>> {
  const conversation = student.open();
  let counter: ReturnType<typeof countGpuCalls> | undefined;
  try {
    const messages = [
      { role: 'user' as const, content: `Describe this room at length. ${words(context, student)}` },
    ];
    const view = { intro: '', steps: [], scripts: [], admissible: () => [] };
    const reply = await conversation.reply(
      // The first token comes with the prompt and is none of those that are timed.
      { messages, view, maxTokens: decode + 1 },
      {
        // The first piece comes when the prompt has been read.
        onText: () => {
          if (count) counter ??= countGpuCalls();
        },
      },
    );
    const calls = counter?.stop();
    if (!reply.ok) return reply;
    const { prefilled, prefillMs, decoded, decodeMs } = reply.value.counters;
    if (decoded < 2) return refuse('BENCH_SHORT', "The student's replies were too short to time.");
    return ok({
      prefillTokens: prefilled,
      prefillSeconds: prefillMs / 1000,
      prefillPasses: 0,
      decodeTokens: decoded - 1,
      decodeSeconds: decodeMs / 1000,
      ...(calls === undefined ? {} : { calls }),
    });
  } finally {
    await conversation.dispose();
  }
}

/**
 * What passes through a model ask of a device: each reads all weights, and the keys and values of what stands before.
 * @param kvTokens tokens whose keys and values are read, over all passes
 * @param calls of one pass
 */
export function passWork(
  { weightBytes, kvBytesPerToken }: ModelCost,
  passes: number,
  kvTokens: number,
  calls: GpuCalls | undefined,
  per = 1,
): Work {
  const { dispatches = 0, readBacks = 0, submits = 0, copies = 0, writes = 0 } = calls ?? {};
  const each = (n: number): number => (n * passes) / per;
  return {
    bytes: (passes * weightBytes + kvTokens * kvBytesPerToken) / per,
    dispatches: each(dispatches),
    readBacks: each(readBacks),
    submits: each(submits),
    copies: each(copies),
    writes: each(writes),
  };
}

/** Calls of one pass, from those of several. */
export function callsPerPass(calls: GpuCalls | undefined, passes: number): GpuCalls | undefined {
  if (calls === undefined || passes === 0) return undefined;
  const { dispatches, readBacks, submits, copies, writes } = calls;
  return {
    dispatches: dispatches / passes,
    readBacks: readBacks / passes,
    submits: submits / passes,
    copies: copies / passes,
    writes: writes / passes,
  };
}
