/** What the page and the worker for practising say to each other: plain data. */
import type { Result } from '../base/result.ts';
import type { PracticeStep } from '../students/practice/practice.ts';

/** An adapter as a list shows it. */
export interface AdapterCard {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly made: string;
  readonly bytes: number;
  readonly rank: number;
  readonly on: boolean;
  readonly strength: number;
  /** The chore that was practised; absent where it was imported. */
  readonly chore?: string;
  /** Episodes that it was trained on. */
  readonly episodes?: number;
}

/** An episode that can be learnt from: a memory of the chore. */
export interface LessonCard {
  /** Of the memory. */
  readonly id: string;
  readonly task: string;
  readonly steps: number;
  readonly maker: 'teacher' | 'student' | 'person';
}

export interface PracticePlan {
  /** As the adapter is to be called. */
  readonly name: string;
  /** The chore's word; see own-chore.ts. */
  readonly chore: string;
  /** Memories that are learnt from. */
  readonly memories: readonly string[];
  /** In how many further homes the teacher shows it. */
  readonly shown: number;
  /** Batches. */
  readonly steps: number;
  /** Keep the teacher's episodes as memories too. */
  readonly keep: boolean;
  /** Practise them; otherwise they are only kept as memories. */
  readonly practise: boolean;
}

export interface PracticeProgress {
  /** `shown`: the teacher shows the chore; `practised`: batches are learnt. */
  readonly phase: 'showing' | 'practising';
  /** Episodes or batches. */
  readonly done: number;
  readonly total: number;
  readonly steps: readonly PracticeStep[];
  /** Milliseconds that are left, as far as it can be told. */
  readonly leftMs?: number;
}

/** How it ended. */
export type PracticeEnd =
  | { readonly kind: 'made'; readonly adapter: AdapterCard; readonly remembered: number }
  | { readonly kind: 'remembered'; readonly remembered: number }
  /** It can be gone on with. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' };

/** A practice that can be gone on with. */
export interface PendingPractice {
  readonly name: string;
  readonly chore: string;
  readonly steps: readonly PracticeStep[];
  readonly total: number;
}

/** What an exam counts of some games. */
export interface ExamCell {
  readonly solved: number;
  readonly played: number;
  /** Of each game; a lost one counts with all its steps. */
  readonly steps: readonly number[];
}

/** Before and after practising, without and with memories of the episodes. */
export interface ExamReport {
  readonly before: ExamCell;
  readonly remembered: ExamCell;
  readonly practised: ExamCell;
  readonly both: ExamCell;
  /** Ordinary tasks, without memories: what was forgotten. */
  readonly ordinaryBefore: ExamCell;
  readonly ordinaryAfter: ExamCell;
}

export interface ExamProgress {
  readonly played: number;
  readonly total: number;
  readonly report: ExamReport;
}

/** What of an adapter can be changed once it's there. */
export type AdapterEdit = Partial<Pick<AdapterCard, 'name' | 'on' | 'strength'>>;

/** The files of an adapter, as peft names them. */
export interface AdapterExport {
  readonly config: string;
  readonly weights: Uint8Array<ArrayBuffer>;
}

export interface PracticeWorker {
  /** Memories of a chore. */
  lessons(chore: string): Promise<Result<readonly LessonCard[]>>;
  /** Chores that there are memories of. */
  chores(): Promise<Result<readonly string[]>>;
  /** Begins; one at a time on this device. Answers when it is over, paused or stopped. */
  practise(
    plan: PracticePlan,
    onProgress: (progress: PracticeProgress) => void,
  ): Promise<Result<PracticeEnd>>;
  /** Goes on with what was paused or cut off. */
  goOn(onProgress: (progress: PracticeProgress) => void): Promise<Result<PracticeEnd>>;
  pending(): Promise<Result<PendingPractice | undefined>>;
  pause(): Promise<void>;
  /** Ends it and forgets it, whether it is under way or was cut off. */
  stop(): Promise<Result<true>>;
  adapters(): Promise<Result<readonly AdapterCard[]>>;
  change(id: string, edit: AdapterEdit): Promise<Result<boolean>>;
  remove(id: string): Promise<Result<boolean>>;
  bringBack(id: string): Promise<Result<boolean>>;
  /** Makes a deletion final. */
  purge(id: string): Promise<Result<void>>;
  exported(id: string): Promise<Result<AdapterExport>>;
  /** Imports adapter_config.json and adapter_model.safetensors. */
  imported(files: readonly File[]): Promise<Result<AdapterCard>>;
  /** Plays homes that weren't taught in, before and after. */
  exam(
    id: string,
    homes: number,
    ordinary: number,
    onProgress: (progress: ExamProgress) => void,
  ): Promise<Result<ExamReport>>;
  stopExam(): Promise<void>;
}
