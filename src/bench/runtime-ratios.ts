/**
 * Runtimes of one student beside each other: the same tokens by turns, so that whatever else the machine does meets all
 * of them alike; their speed, their ratios, and how much it is of what the CPU's cache could deliver.
 */
import { ok, type Result } from '../base/result.ts';
import type { Runtime } from '../students/pocket/runtime.ts';
import { spreadOf } from './spread.ts';
import { type ModelCost, passWork, runtimeSpeed, type Speed } from './student-speed.ts';

export interface RatioPlan {
  readonly contexts: readonly number[];
  /** Tokens decoded at each context. */
  readonly decode: number;
  /** Medians are reported; one more warms up. */
  readonly repetitions: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Of a runtime: each reads weights in a form of its own. */
  readonly cost: (name: string) => ModelCost;
  /** Bytes a second of copies within as much as the weights take. */
  readonly bandwidth: number;
}

export interface SpeedAt {
  readonly context: number;
  /** Tokens a second. */
  readonly prefill: number;
  readonly decode: number;
  /** Tokens a second if reading weights and cache at the bandwidth were all there is to a token. */
  readonly limit: number;
  /** Of that limit; above 1 none was found. */
  readonly share: number;
}

export interface Ratios {
  readonly context: number;
  readonly over: string;
  readonly prefill: number;
  readonly decode: number;
}

export interface MeasuredRuntimes {
  readonly runtimes: readonly { readonly name: string; readonly speeds: readonly SpeedAt[] }[];
  /** Of the first runtime over each other. */
  readonly ratios: readonly Ratios[];
}

/** Codes: CONTEXT_FULL, STUDENT_FAILED. */
export async function compareRuntimes(
  runtimes: ReadonlyMap<string, Runtime>,
  plan: RatioPlan,
  said: (what: string) => void,
): Promise<Result<MeasuredRuntimes>> {
  const speeds = new Map([...runtimes.keys()].map((name) => [name, [] as SpeedAt[]]));
  for (const context of plan.contexts) {
    const taken = new Map([...runtimes.keys()].map((name) => [name, [] as Speed[]]));
    for (let i = -1; i < plan.repetitions; i++) {
      said(`${context} tokens, ${i < 0 ? 'warming up' : `repetition ${i + 1} of ${plan.repetitions}`}`);
      for (const [name, runtime] of runtimes) {
        const speed = await runtimeSpeed(runtime, { context, decode: plan.decode, count: false }, plan.now);
        if (!speed.ok) return speed;
        if (i >= 0) taken.get(name)?.push(speed.value);
      }
    }
    for (const [name, all] of taken)
      speeds.get(name)?.push(speedAt(context, all, plan.decode, plan.bandwidth, plan.cost(name)));
  }
  const [first, ...others] = [...speeds].map(([name, one]) => ({ name, speeds: one }));
  const ratios = others.flatMap(({ name, speeds: slower }) =>
    slower.map(({ context, prefill, decode }, i): Ratios => {
      const own = first?.speeds[i];
      return {
        context,
        over: name,
        prefill: (own?.prefill ?? 0) / prefill,
        decode: (own?.decode ?? 0) / decode,
      };
    }),
  );
  return ok({ runtimes: first === undefined ? [] : [first, ...others], ratios });
}

function speedAt(
  context: number,
  all: readonly Speed[],
  decode: number,
  bandwidth: number,
  cost: ModelCost,
): SpeedAt {
  const median = (of: (speed: Speed) => number): number => spreadOf(all.map(of)).median;
  const tokens = median(({ decodeTokens, decodeSeconds }) => decodeTokens / decodeSeconds);
  // Of the tokens that are decoded each sees one more.
  const kvTokens = decode * context + (decode * (decode + 1)) / 2;
  const limit = bandwidth / passWork(cost, decode, kvTokens, undefined, decode).bytes;
  return {
    context,
    prefill: median(({ prefillTokens, prefillSeconds }) => prefillTokens / prefillSeconds),
    decode: tokens,
    limit,
    share: tokens / limit,
  };
}
