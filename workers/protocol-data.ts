/** What the page and the worker for data say to each other: memories, imported games, storage. */
import type { EpisodeSettings } from '../src/agent/settings.ts';
import type { EpisodeResult } from '../src/bench/result.ts';
import type { ImportProgress, ImportReport } from '../src/engine/import/index.ts';
import type { Result } from '../src/engine/index.ts';
import type { MemoryEntry } from '../src/memory/entry.ts';
import type { GameCard, StudentChoice } from './protocol.ts';

/** A memory as a list shows it. */
export interface MemoryHit {
  readonly id: string;
  readonly task: string;
  /** Cosine to the query; undefined where nothing was asked. */
  readonly similarity: number | undefined;
  readonly maker: string;
  readonly home: string | undefined;
  readonly steps: number;
  /** How often an episode was reminded of it. */
  readonly retrievals: number;
  /** Another memory further up says the same. */
  readonly duplicate: boolean;
  /** The user wrote or changed it. */
  readonly own: boolean;
}

export interface MemoryList {
  readonly hits: readonly MemoryHit[];
  /** All memories, found or not. */
  readonly total: number;
  /** What comparing and sorting took. */
  readonly searchMs: number;
}

export interface ImportedSet {
  readonly name: string;
  readonly games: number;
  readonly bytes: number;
  readonly bySplit: Readonly<Record<string, number>>;
}

/** A set of games that was evaluated in the page, finished or not. */
export interface RunRecord {
  readonly id: string;
  readonly title: string;
  readonly student: StudentChoice;
  readonly settings: EpisodeSettings;
  readonly games: readonly GameCard[];
  readonly results: readonly EpisodeResult[];
  /** The trace of each result, as its file's text. */
  readonly traces: readonly string[];
}

export interface StorageReport {
  /** Bytes; undefined where the browser does not say. */
  readonly used: number | undefined;
  readonly quota: number | undefined;
  /** Whether the browser has promised not to clear it by itself. */
  readonly persisted: boolean;
  readonly banks: readonly { readonly name: string; readonly entries: number }[];
  readonly ownMemories: number;
  readonly sets: readonly ImportedSet[];
  readonly runs: number;
}

export interface DataWorker {
  /** The memories nearest to a text; all of them in their order for an empty one. */
  searchMemory(query: string, limit: number): Promise<Result<MemoryList>>;
  readMemory(id: string): Promise<Result<MemoryEntry>>;
  /** Adds a memory, or puts it in place of the one with its id. */
  saveMemory(entry: MemoryEntry): Promise<Result<true>>;
  removeMemory(id: string): Promise<Result<true>>;
  /** Takes in a zip of games. One import at a time. */
  importGames(file: File, onProgress: (progress: ImportProgress) => void): Promise<Result<ImportReport>>;
  cancelImport(): Promise<void>;
  sets(): Promise<Result<readonly ImportedSet[]>>;
  gamesOf(set: string, split: string, limit: number): Promise<Result<readonly GameCard[]>>;
  deleteSet(name: string): Promise<Result<true>>;
  storage(): Promise<Result<StorageReport>>;
  persist(): Promise<boolean>;
  /** Deletes everything that is the user's: memories, games, runs. */
  deleteOwn(): Promise<Result<true>>;
  runs(): Promise<Result<readonly RunRecord[]>>;
  saveRun(run: RunRecord): Promise<Result<true>>;
  deleteRun(id: string): Promise<Result<true>>;
}
