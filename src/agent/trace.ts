/**
 * The trace of an episode: what was seen, remembered, said and done, and how long it took. JSON Lines: a header, a line
 * for each step, and an end (missing where the episode was cut off). It holds what is needed to play the episode again
 * through the engine without a model; trace-file.ts reads and writes it, replay.ts plays it.
 *
 * A later version of this project opens every earlier version's traces: fields may be added as optional ones; anything
 * else needs a new {@link TRACE_VERSION} and a reader for the old one.
 */
import type { Refusal } from '../base/result.ts';
import type { Searched } from '../teacher/searched.ts';
import type { Dropped } from './context.ts';
import type { ReplyCounters } from './conversation.ts';
import type { RetrievedScript, RetrievedTrajectory } from './recall.ts';
import type { ReplyOutcome } from './reply.ts';
import type { EpisodeSettings } from './settings.ts';

export const TRACE_VERSION = 1 as const;

export const STUDENT_KINDS = ['pocket', 'smollm2', 'mlc', 'openai', 'human', 'scripted', 'random'] as const;
export type StudentKind = (typeof STUDENT_KINDS)[number];

export interface StudentIdentity {
  readonly kind: StudentKind;
  /** Which one: the model's name, the person's, the script's. */
  readonly name: string;
  /** SHA-256 in hex of the weights, or the revision that a hub names. */
  readonly weights?: string;
  /** Where it runs: `wasm kernels`, `webgpu kernels`, `onnxruntime-node cpu`, `wasm`. */
  readonly device?: string;
}

export interface TraceGame {
  /** `<split>/<task>/<trial>`; a generated game can be made again from it. */
  readonly key: string;
  /** Of the game file's UTF-8 text, in hex. */
  readonly sha256: string;
  /** What the key's task starts with: `pick_and_place_simple`. */
  readonly taskType: string;
  /** The home's id, where homes have names. */
  readonly home?: string;
  /** How it was told, where that was chosen: without, as its file does. */
  readonly dialect?: 'move' | 'put';
  readonly goals?: 'human';
  readonly words?: string;
}

/** What a student that knows templates alone was told in place of a task in other words. */
export type TaskReading =
  /** The template's sentence. */
  | { readonly task: string }
  /** It wasn't understood, and the student read the words as they are. */
  | { readonly refusal: Refusal };

/** What the memory gave, and what of it the prompt had room for. */
export interface TraceMemory {
  /** Name and hash of the bank; absent where none was asked. */
  readonly bank?: string;
  readonly scripts: readonly RetrievedScript[];
  readonly trajectory?: RetrievedTrajectory;
  /** Where in the home one looked for the task's things: what the teacher and grounded replies go by. */
  readonly searched?: readonly Searched[];
  readonly dropped: Omit<Dropped, 'turns'>;
}

/** An episode that went on from the middle of another one: its first steps were taken over from there. */
export interface TraceBranch {
  /** How many. */
  readonly steps: number;
  /** Who played the other episode. */
  readonly student: StudentIdentity;
}

export interface TraceHeader {
  readonly kind: 'header';
  readonly version: typeof TRACE_VERSION;
  /** Name and version of the program that wrote it. */
  readonly program: string;
  readonly game: TraceGame;
  /** The text at reset, as the engine gave it. */
  readonly intro: string;
  readonly task: string;
  /** Absent where the task is a template's sentence, or the student reads any words. */
  readonly readAs?: TaskReading;
  readonly student: StudentIdentity;
  readonly settings: EpisodeSettings;
  /** Seed of players that choose by chance. */
  readonly seed: string;
  readonly memory: TraceMemory;
  readonly branch?: TraceBranch;
}

export interface TraceStep {
  readonly kind: 'step';
  /** From 1. */
  readonly step: number;
  /** What the student wrote, to the letter. */
  readonly reply: string;
  /** Why the reply ended; a reply that was stopped isn't a step. */
  readonly finish: 'stop' | 'length';
  readonly thought: string;
  /** What the engine was given; empty where the reply held no action. */
  readonly action: string;
  readonly outcome: ReplyOutcome;
  readonly observation: string;
  readonly won: boolean;
  /** What the prompt of this step left out. */
  readonly dropped: Dropped;
  readonly counters: ReplyCounters;
}

/**
 * - `won`: the goal held after the last step.
 * - `limit`: all steps were used.
 * - `stopped`: someone stopped it.
 * - `failed`: the student couldn't go on; the refusal says why.
 */
export const EPISODE_ENDS = ['won', 'limit', 'stopped', 'failed'] as const;
export type EpisodeEnd = (typeof EPISODE_ENDS)[number];

export interface TraceEnd {
  readonly kind: 'end';
  readonly end: EpisodeEnd;
  readonly steps: number;
  /** Sum of the times that the replies took, in milliseconds. */
  readonly ms: number;
  readonly refusal?: Refusal;
}

export type TraceRecord = TraceHeader | TraceStep | TraceEnd;

export interface Trace {
  readonly header: TraceHeader;
  readonly steps: readonly TraceStep[];
  /** Undefined where the episode was cut off. */
  readonly end: TraceEnd | undefined;
}

/** The task as the student was told it. */
export function toldTask({ task, readAs }: Pick<TraceHeader, 'task' | 'readAs'>): string {
  return readAs !== undefined && 'task' in readAs ? readAs.task : task;
}

/** The text at reset as the student was told it. */
export function toldIntro(header: Pick<TraceHeader, 'intro' | 'task' | 'readAs'>): string {
  const { intro, task } = header;
  const told = toldTask(header);
  const at = intro.lastIndexOf(task);
  return told === task || at < 0 ? intro : intro.slice(0, at) + told + intro.slice(at + task.length);
}

/** True once the game is over for this student: won, or no steps left. A trace that isn't can be continued. */
export function isFinished({ end }: Trace): boolean {
  return end?.end === 'won' || end?.end === 'limit';
}
