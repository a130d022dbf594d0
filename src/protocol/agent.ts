/** What the page and the agent's worker say to each other: plain data, so that structured clone carries it. */
import type { PromptReading } from '../agent/prompt-reading.ts';
import type { TraceMismatch } from '../agent/replay.ts';
import type { EpisodeSettings } from '../agent/settings.ts';
import type {
  StudentIdentity,
  StudentKind,
  Trace,
  TraceEnd,
  TraceHeader,
  TraceStep,
} from '../agent/trace.ts';
import type { WhyReport } from '../agent/why.ts';
import type { Telling } from '../engine/import/index.ts';
import type { Refusal, Result, SeenCondition } from '../engine/index.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';

/** Where a game comes from: a home that is generated from its number, or one that the user imported. */
export type GameSource =
  | {
      readonly kind: 'home';
      readonly home: number;
      readonly task: number;
      /** A chore that a person made up, in place of the home's own tasks: own-chore.ts has the word. */
      readonly chore?: string;
      /** Asks for the task in these words; the goal stays. */
      readonly words?: string;
    }
  | ({ readonly kind: 'imported'; readonly key: string } & Telling);

/** A game as a list shows it. */
export interface GameCard {
  readonly source: GameSource;
  readonly key: string;
  /** `put a clean mug in shelf.` */
  readonly task: string;
  /** The game's own sentence, where the task is told in other words. */
  readonly ownTask?: string;
  readonly taskType: string;
  /** `kitchen`, where it is known. */
  readonly room?: string;
  /** The home's id, where it has habits. */
  readonly home?: string;
}

/** A game before its first step. */
export interface OpenedGame {
  readonly card: GameCard;
  readonly intro: string;
  readonly goal: readonly SeenCondition[];
}

/** Which students the page offers. The others need a download or a server. */
export const PLAYERS = [
  'pocket',
  'smollm2',
  'mlc',
  'scripted',
  'human',
] as const satisfies readonly StudentKind[];
export type StudentChoice = (typeof PLAYERS)[number];
/** Those that are language models of this device. */
export type ModelChoice = Extract<StudentChoice, 'pocket' | 'smollm2' | 'mlc'>;

export interface EpisodePlan {
  readonly source: GameSource;
  readonly student: StudentChoice;
  readonly settings: EpisodeSettings;
  readonly seed: number;
  /**
   * Which of the models on this device plays: as `mlc` its id, or the first that is ready; as `smollm2` the strength of its
   * adapter, or 1.
   */
  readonly model?: string;
  /** A trace that was cut off: its steps are played again first, and it goes on with the memories that it had. */
  readonly continueFrom?: Pick<Trace, 'header' | 'steps'>;
  /**
   * The first steps of another episode of the same game, from which this one goes on with its own player and memories.
   * Codes of what can't be gone on from: BRANCH_OTHER, BRANCH_OVER.
   */
  readonly from?: Pick<Trace, 'header' | 'steps'>;
}

export type EpisodeEvent =
  | {
      readonly kind: 'begun';
      readonly header: TraceHeader;
      readonly goal: readonly SeenCondition[];
      /** Milliseconds that choosing the memories took; of an episode that goes on, they were chosen before. */
      readonly recallMs?: number;
      /** Why only the memories that came with the page were searched, where that is so. */
      readonly unkept?: Refusal;
    }
  /** A further piece of the reply that is being written. */
  | { readonly kind: 'text'; readonly piece: string }
  | { readonly kind: 'step'; readonly step: TraceStep; readonly goal: readonly SeenCondition[] }
  /** It is the person's turn; these commands are accepted. */
  | { readonly kind: 'asked'; readonly admissible: readonly string[] }
  | { readonly kind: 'end'; readonly end: TraceEnd }
  /** The device that the student ran on is gone; the episode is over here, and can be begun again from its steps. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type EpisodeListener = (event: EpisodeEvent) => void;

/** A student that is loaded and has passed its test. */
export interface StudentState {
  readonly identity: StudentIdentity;
  /** Where it runs and why, for a person. */
  readonly note: string;
}

/** A trace, played again through the engine. */
export interface Replayed {
  /** The goal's conditions at the start and after each step, as they could be known; undefined where the game isn't on this device. */
  readonly goals: readonly (readonly SeenCondition[])[] | undefined;
  readonly mismatches: readonly TraceMismatch[];
  readonly card: GameCard | undefined;
}

/** Tokens a second, and the milliseconds that loading took. */
export interface MeasuredSpeed {
  readonly prefill: number;
  readonly decode: number;
  readonly loadMs: number;
}

/** How far the teacher is with a home's tasks. */
export interface LearningProgress {
  readonly solved: number;
  readonly tried: number;
}

/** The students that this project's own kernels compute, on the CPU or on the GPU. */
export type MovableStudent = 'pocket' | 'smollm2';

/** The agent's worker. Everything that can go wrong comes back as a Refusal. */
export interface AgentWorker {
  openGame(source: GameSource): Promise<Result<OpenedGame>>;
  /** The tasks of a home, from the first. */
  listTasks(home: number, count: number, chore?: string): Promise<Result<readonly GameCard[]>>;
  /** Prepares an episode and stands still before its first step. The number names it in the calls below. */
  begin(plan: EpisodePlan, listen: EpisodeListener): Promise<Result<number>>;
  /**
   * Reads what an episode opens with before it is begun, so that its first reply comes sooner. Begins nothing, and ends
   * when one begins.
   * @returns whether all of it was read
   */
  readAhead(plan: EpisodePlan & { readonly student: ModelChoice }): Promise<boolean>;
  /** Nobody looks at that episode any more; what was read of it is kept until the next one begins. */
  stopReadingAhead(): Promise<void>;
  /** Goes on by itself, with this many milliseconds of rest after each step. */
  run(episode: number, restMs: number): Promise<void>;
  /** Takes one step, then stands still. */
  step(episode: number): Promise<void>;
  /** Stands still after the step that is under way. */
  pause(episode: number): Promise<void>;
  /** Ends the episode, within one token. */
  stop(episode: number): Promise<void>;
  /** What the person does; ignored when it isn't the person's turn. */
  act(episode: number, action: string): Promise<void>;
  /** Lets the teacher solve tasks of a home and keeps what it did as memories of the home. */
  learnHome(
    home: number,
    count: number,
    onProgress: (progress: LearningProgress) => void,
  ): Promise<Result<LearningProgress>>;
  /** Ends it after the task that is under way; what was learnt is kept. */
  stopLearning(): Promise<void>;
  /** How many memories of this home there are. */
  countHome(home: number): Promise<Result<number>>;
  /** Keeps what was done in a won episode (the text of its trace) as a memory, and its home's older ones fit. */
  keepMemory(trace: string): Promise<Result<true>>;
  /** Opens model and memory ahead of their first use; where the student runs is known then. */
  warmUp(student: MovableStudent, memory: boolean): Promise<Result<StudentState>>;
  /** Scores a step of a trace again with each memory left out in turn. A new question ends the answer to the one before. */
  why(
    trace: string,
    step: number,
    onProgress: (done: number, total: number) => void,
  ): Promise<Result<WhyReport>>;
  /** What the student of a trace read before one of its steps, in its own tokens. */
  readPrompt(trace: string, step: number): Promise<Result<PromptReading>>;
  /** Nobody waits for the answer any more. */
  stopWhy(): Promise<void>;
  /**
   * Where a student runs from its next episode on.
   * @param measured which of the two `auto` decides between; without it the CPU
   */
  chooseDevice(
    student: MovableStudent,
    wish: 'auto' | 'webgpu' | 'wasm',
    measured?: DeviceSpeeds,
  ): Promise<void>;
  /** Loads a student on the CPU and on the GPU, and measures it on both. */
  measureDevices(student: MovableStudent): Promise<Result<DeviceSpeeds>>;
  /** What the pocket student practised is another from its next episode on. */
  adaptersChanged(): Promise<void>;
  /** Loads a student that is a model and measures how fast it reads and writes here. */
  measure(student: ModelChoice, model?: string): Promise<Result<MeasuredSpeed>>;
  /** Nobody waits for the figures any more. */
  stopMeasuring(): Promise<void>;
  /** Brings the 4B student's runtime here, so that it can be opened without a network. */
  keepRuntime(): Promise<Result<true>>;
  /** Frees what SmolLM2 and the 4B student take of the memory. */
  unloadModel(): Promise<void>;
  /** Another worker or tab has changed the memories. */
  memoryChanged(): Promise<void>;
  /** Plays a trace (the text of its file) again. */
  replay(trace: string): Promise<Result<Replayed>>;
}
