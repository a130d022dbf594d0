/**
 * How much a run measures. Two results are compared only where they were measured by the same method and profile, so a
 * change of what a figure means raises METHOD.
 */
import { LIMITS } from '../memory/entry.ts';

/** Raised whenever a figure would no longer mean the same. 2: the bandwidth of small weights is that of a cache. */
export const METHOD = 2;

export const PROFILE_NAMES = ['full', 'short'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export interface Profile {
  /** Tokens in the context at which prefill and decoding are measured. */
  readonly contexts: readonly number[];
  /** Tokens decoded at each context. */
  readonly decode: number;
  /** Of everything that takes long; after one more that only warms up. */
  readonly repetitions: number;
  /** Warm loads, each in a fresh worker. */
  readonly loads: number;
  readonly tasks: number;
  /** Sentences embedded, and tasks that memories are looked up for. */
  readonly sentences: number;
  /** Memories of one's own when it's measured how long views take with them. */
  readonly ownMemories: number;
  /** Milliseconds that a measurement of many small things lasts. */
  readonly shortest: number;
  /** Bytes that the test of bandwidth copies at once. */
  readonly copyBytes: number;
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  full: {
    contexts: [512, 1024, 2048],
    decode: 32,
    repetitions: 7,
    loads: 3,
    tasks: 3,
    sentences: 25,
    ownMemories: LIMITS.entries,
    shortest: 400,
    copyBytes: 2 ** 27,
  },
  // For a software adapter, which takes a second a token, and for tests: it shows the way, not the speed.
  short: {
    contexts: [64],
    decode: 4,
    repetitions: 2,
    loads: 1,
    tasks: 1,
    sentences: 3,
    ownMemories: 200,
    shortest: 20,
    copyBytes: 2 ** 22,
  },
};

/** What a run can measure; a shard of a run may measure some. */
export const PROFILE_PARTS = [
  'device',
  'pocket/kernels',
  'pocket/wasm',
  'pocket/webgpu',
  '4b/webgpu',
  'memory',
  'engine',
] as const;
export type ProfilePart = (typeof PROFILE_PARTS)[number];
