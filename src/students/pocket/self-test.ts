/**
 * The load-time self-test: a stored prompt, the logits behind it and the tokens that follow, as torch computed them. A
 * device that disagrees must not play: some WebGPU adapters compute wrong numbers without a word.
 */

import { readJson } from '../../base/read-json.ts';
import { messageOf, ok, type Parsed, type Result, refuse } from '../../base/result.ts';
import { amount, list, object, oneOf, Problems, text, whole } from '../../base/schema.ts';
import { CachedContext } from './cached-context.ts';
import { argmax } from './logits.ts';
import type { Runtime } from './runtime.ts';

/** self-test.json beside the model, as models/training/export.py writes it. */
export interface SelfTest {
  /** How far a logit may be off: another order of sums gives a thousandth, a wrong kernel ones. */
  readonly tolerance: number;
  readonly cases: readonly SelfTestCase[];
}

export interface SelfTestCase {
  /** At least 64 tokens: a shorter prefill misses the faults that were seen. */
  readonly prompt: readonly number[];
  /** Logits behind the prompt's last token, one for each token of the vocabulary. */
  readonly logits: Float32Array;
  /** The tokens that follow greedily, each computed alone. */
  readonly greedy: readonly number[];
}

const SHORTEST_PROMPT = 64;
const MAX_TEXT = 4_000_000;

const token = whole(0, 1_000_000);
const shape = object({
  version: oneOf([1]),
  tolerance: amount(0, 1),
  cases: list(object({ prompt: list(token, 4096), logits: text(MAX_TEXT), greedy: list(token, 256) }), 16),
});

export function parseSelfTest(content: string): Parsed<SelfTest, 'SELF_TEST_JSON' | 'SELF_TEST_SHAPE'> {
  const json = readJson(content, { code: 'SELF_TEST_JSON', what: 'The self-test', longest: 100_000_000 });
  if (!json.ok) return json;
  const problems = new Problems();
  const { tolerance, cases } = shape(json.value, '', problems);
  const read: SelfTestCase[] = [];
  for (const [i, { prompt, logits, greedy }] of cases.entries()) {
    const floats = decodeFloats(logits);
    if (floats === undefined) problems.note(`cases[${i}].logits`, 'must be 32-bit floats in base64');
    if (prompt.length < SHORTEST_PROMPT) problems.note(`cases[${i}].prompt`, 'is too short to show a fault');
    read.push({ prompt, logits: floats ?? new Float32Array(0), greedy });
  }
  if (read.length === 0) problems.note('cases', 'is empty');
  if (problems.first === undefined) return ok({ tolerance, cases: read });
  const { path, message } = problems.first;
  return refuse('SELF_TEST_SHAPE', `In the self-test ${path === '' ? 'the file' : path} ${message}.`);
}

/** Little-endian, as every machine that runs this is. */
function decodeFloats(base64: string): Float32Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return bytes.length % 4 === 0 ? new Float32Array(bytes.buffer) : undefined;
  } catch {
    return undefined;
  }
}

interface SelfTestResult {
  readonly passed: boolean;
  /** The largest difference of a logit; infinite where one isn't a number. */
  readonly largestDifference: number;
  /** How many of the greedy tokens agree, in each case up to the first that doesn't. */
  readonly agreeingTokens: number;
  /** All greedy tokens. */
  readonly tokens: number;
}

/**
 * Runs it on a device: for each case a prefill and single tokens.
 * @param tokens at most this many single tokens a case, where a device takes a second for each
 * Code SELF_TEST_FAILED: the device threw.
 */
export async function runSelfTest(
  runtime: Runtime,
  { tolerance, cases }: SelfTest,
  tokens = Number.POSITIVE_INFINITY,
): Promise<Result<SelfTestResult>> {
  const context = new CachedContext(runtime);
  let largestDifference = 0;
  let agreeingTokens = 0;
  let all = 0;
  try {
    for (const { prompt, logits: expected, greedy } of cases) {
      context.clear();
      // At once, not in chunks: a long prefill is where faults were seen.
      let logits = await context.extend(prompt, 1);
      largestDifference = Math.max(largestDifference, difference(logits, expected));
      const following = greedy.slice(0, tokens);
      all += following.length;
      for (const next of following) {
        if (argmax(logits) !== next) break;
        agreeingTokens++;
        logits = await context.extend([next], 1);
      }
    }
    const passed = largestDifference <= tolerance && agreeingTokens === all;
    return ok({ passed, largestDifference, agreeingTokens, tokens: all });
  } catch (error) {
    return refuse('SELF_TEST_FAILED', `The device failed in the self-test: ${messageOf(error)}`);
  } finally {
    context.release();
  }
}

/**
 * What a runtime that is trusted computes of a prompt and behind it, for another of the same model to be held to.
 * @param tolerance see {@link SelfTest}
 * @param count greedy tokens
 * Code SELF_TEST_FAILED: the runtime threw.
 */
export async function selfTestBy(
  runtime: Runtime,
  prompt: readonly number[],
  tolerance: number,
  count: number,
): Promise<Result<SelfTest>> {
  const context = new CachedContext(runtime);
  const greedy: number[] = [];
  try {
    const logits = await context.extend(prompt, 1);
    let last = logits;
    for (let i = 0; i < count; i++) {
      const next = argmax(last);
      if (next === undefined) throw new Error('a logit is no number');
      greedy.push(next);
      last = await context.extend([next], 1);
    }
    return ok({ tolerance, cases: [{ prompt, logits: logits.slice(), greedy }] });
  } catch (error) {
    return refuse('SELF_TEST_FAILED', `The self-test couldn't be made: ${messageOf(error)}`);
  } finally {
    context.release();
  }
}

/**
 * The first case, before a student plays: enough to show a device that computes wrongly, and it warms the code up.
 * Codes: SELF_TEST_FAILED, DEVICE_WRONG.
 */
export async function passesSelfTest(
  runtime: Runtime,
  stored: SelfTest,
  tokens?: number,
): Promise<Result<true>> {
  const result = await runSelfTest(runtime, { ...stored, cases: stored.cases.slice(0, 1) }, tokens);
  if (!result.ok) return result;
  if (result.value.passed) return ok(true);
  return refuse(
    'DEVICE_WRONG',
    `This device computes other numbers than it should (off by ${result.value.largestDifference.toFixed(2)}), so the student won't play on it. A newer browser or GPU driver may help.`,
  );
}

function difference(logits: Float32Array, expected: Float32Array): number {
  if (logits.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [i, logit] of logits.entries()) {
    const off = Math.abs(logit - (expected[i] as number));
    if (!(off <= largest)) largest = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  }
  return largest;
}
