/** What the page and the worker for data say to each other: memories, imported games, storage. */
import type { MemoryConfiguration } from '../agent/prompt.ts';
import type { EpisodeSettings } from '../agent/settings.ts';
import type { StudentKind } from '../agent/trace.ts';
import type { ImportProgress, ImportReport, Telling } from '../engine/import/index.ts';
import type { Result } from '../engine/index.ts';
import type { EpisodeResult } from '../eval/result.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type { GameCard, StudentChoice } from './agent.ts';

/** A memory as a list shows it. */
export interface MemoryHit {
  readonly id: string;
  readonly maker: string;
  readonly home: string | undefined;
  readonly steps: number;
  /** How often an episode was reminded of it. */
  readonly retrievals: number;
  /** Another memory further up says the same. */
  readonly duplicate: boolean;
  /** The user wrote or changed it. */
  readonly own: boolean;
  /** In the episodes that are kept here; undefined where it was in none. */
  readonly use: MemoryUse | undefined;
}

/** The memories of one task. */
export interface MemoryGroup {
  readonly task: string;
  /** Cosine to the query; undefined where nothing was asked. */
  readonly similarity: number | undefined;
  /** What the first of them says. */
  readonly says: string;
  /** At least one. */
  readonly hits: readonly [MemoryHit, ...MemoryHit[]];
}

/** An episode that had a memory in its prompt. */
export interface UsedIn {
  readonly place: { readonly run: string; readonly game: string } | { readonly episode: string };
  readonly task: string;
  readonly won: boolean;
  /** Whether what is asked for lay where the memory had seen it; undefined where the episode doesn't tell. */
  readonly verdict?: 'helped' | 'misled';
}

export interface MemoryUse {
  readonly episodes: number;
  readonly helped: number;
  readonly misled: number;
  /** Some of the episodes, those that tell something first. */
  readonly named: readonly UsedIn[];
}

/** The memories of a home. */
export interface RememberedHome {
  /** As memories have it. */
  readonly home: string;
  readonly memories: number;
}

/** What the user did to a shipped memory. */
export interface ChangedShipped {
  readonly id: string;
  /** As it came. */
  readonly task: string;
  /** Otherwise it was written anew. */
  readonly deleted: boolean;
}

export interface MemoryList {
  readonly groups: readonly MemoryGroup[];
  /** All memories and their tasks, found or not. */
  readonly total: number;
  readonly tasks: number;
  readonly homes: readonly RememberedHome[];
  /** What comparing and sorting took. */
  readonly searchMs: number;
}

/** A task description on the map. */
export interface MapDot {
  /** The first memory of this task. */
  readonly id: string;
  readonly task: string;
  /** Index into {@link MemoryMap.types}. */
  readonly type: number;
  /** How many memories share it. */
  readonly count: number;
  /** From -1 to 1. */
  readonly x: number;
  readonly y: number;
}

/** How much of one kind of thing was written to a file, or read from one, so far. */
export interface ArchiveProgress {
  readonly kind: 'memories' | 'games';
  readonly done: number;
}
export type OnArchive = (progress: ArchiveProgress) => void;

export interface MemoryMap {
  readonly types: readonly string[];
  /** A dot for each task; where there are very many, for some of them, evenly chosen. */
  readonly dots: readonly MapDot[];
  readonly tasks: number;
  /** Which share of the vectors' variance two dimensions show. */
  readonly share: number;
}

export interface SearchSpeed {
  /** Components of a vector. */
  readonly dimension: number;
  /** How many are chosen. */
  readonly k: number;
  /** As many memories as the paper's bank has, and the ones that are here: mean milliseconds of a search. */
  readonly paper: { readonly entries: number; readonly ms: number };
  readonly here: { readonly entries: number; readonly ms: number };
}

export interface ImportedSet {
  readonly name: string;
  readonly games: number;
  readonly bytes: number;
  readonly bySplit: Readonly<Record<string, number>>;
}

/** Which games of an imported set are wanted. */
export interface WantedGames {
  readonly set: string;
  /** Empty for all of them. */
  readonly split: string;
  /** Words that the games are looked for by; empty for all. */
  readonly filter: string;
}

export interface GameList {
  readonly games: readonly GameCard[];
  /** How many there are, listed or not. */
  readonly found: number;
}

/** A set of games that was evaluated in the page, finished or not. */
export interface RunRecord {
  readonly id: string;
  readonly title: string;
  readonly student: StudentChoice;
  readonly settings: EpisodeSettings;
  readonly games: readonly GameCard[];
  /** By which the games were drawn; older runs took the first by name. */
  readonly seed?: number;
  /** How imported games are told, where that was chosen. */
  readonly telling?: Telling;
  /** Each home gets its past before its game is played with memory, as under Play. */
  readonly past?: 'lived';
  /** It came with the page; nothing of it is kept here. */
  readonly shipped?: true;
  readonly results: readonly EpisodeResult[];
}

/** An episode that the user kept. */
export interface KeptEpisode {
  readonly id: string;
  /** When it was kept: ISO 8601. */
  readonly at: string;
  readonly task: string;
  readonly student: StudentKind;
  readonly memory: MemoryConfiguration;
  readonly won: boolean;
  readonly steps: number;
}

/** What came with the page and wasn't hidden. */
export interface Samples {
  readonly runs: readonly RunRecord[];
  readonly episodes: readonly KeptEpisode[];
  /** How many were. */
  readonly hidden: number;
}

/** What is kept, by kind: how many, and about how many bytes. */
export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface StorageReport {
  /** Bytes; undefined where the browser doesn't say. */
  readonly used: number | undefined;
  readonly quota: number | undefined;
  /** Bytes of the page itself, kept for offline use; undefined where the browser doesn't say. */
  readonly page: number | undefined;
  /** Whether the browser has promised not to clear it by itself. */
  readonly persisted: boolean;
  readonly banks: readonly (Amount & { readonly name: string })[];
  /** Those that the user wrote, and how many shipped ones were deleted. */
  readonly memories: Amount & { readonly deleted: number };
  /** Models that were downloaded or brought, whole or in part. */
  readonly models: Amount;
  /** What the pocket student practised, or was brought along for it. */
  readonly adapters: Amount;
  readonly sets: readonly ImportedSet[];
  readonly runs: Amount;
  readonly episodes: Amount;
}

/** What can be deleted as a whole, besides single sets. */
export type OwnKind = 'memories' | 'sets' | 'runs' | 'episodes';

/** What a file with everything holds. */
export interface ArchiveReport {
  readonly memories: number;
  /** Shipped memories that were deleted. */
  readonly hidden: number;
  readonly sets: readonly { readonly name: string; readonly games: number }[];
  readonly runs: number;
  readonly episodes: number;
  readonly adapters: number;
  /** How many of these take the place of one that is here. */
  readonly replaced: number;
}

/**
 * The number of a deletion, by which it can be brought back until it is final, or the page is closed. Whoever deletes
 * gets none (undefined) where nothing was left to delete.
 */
export type Deletion = number;

export interface DataWorker {
  bringBack(deletion: Deletion): Promise<Result<true>>;
  /** Makes it final: what was deleted makes room. */
  forgetDeletion(deletion: Deletion): Promise<Result<true>>;
  /** The shipped memories that the user deleted or wrote anew, the latest first. */
  changedMemories(): Promise<Result<readonly ChangedShipped[]>>;
  /** Shipped memories as they came. */
  restoreMemories(ids: readonly string[]): Promise<Result<Deletion | undefined>>;
  /** The tasks nearest to a text, each with its memories; all of them in their order for an empty one. */
  searchMemory(query: string, limit: number): Promise<Result<MemoryList>>;
  memoryMap(): Promise<Result<MemoryMap>>;
  measureSearch(): Promise<Result<SearchSpeed>>;
  /** Ends the measuring. */
  stopMeasuring(): Promise<void>;
  readMemory(id: string): Promise<Result<MemoryEntry>>;
  /** Adds a memory, or puts it in place of the one with its id. */
  saveMemory(entry: MemoryEntry): Promise<Result<true>>;
  removeMemory(id: string): Promise<Result<Deletion | undefined>>;
  /** Takes in a zip of games. One import at a time. */
  importGames(file: File, onProgress: (progress: ImportProgress) => void): Promise<Result<ImportReport>>;
  cancelImport(): Promise<void>;
  sets(): Promise<Result<readonly ImportedSet[]>>;
  gamesOf(wanted: WantedGames, limit: number): Promise<Result<GameList>>;
  /** A sample over all kinds of task, drawn by a seed. */
  drawGames(wanted: WantedGames, count: number, seed: number): Promise<Result<GameList>>;
  deleteSet(name: string): Promise<Result<Deletion | undefined>>;
  storage(): Promise<Result<StorageReport>>;
  persist(): Promise<boolean>;
  /** Deletes what is the user's, of these kinds, in one go. */
  deleteOwn(kinds: readonly OwnKind[]): Promise<Result<Deletion | undefined>>;
  /** Runs and episodes that came with the page; {@link runTrace} and {@link readEpisode} read them too. */
  samples(): Promise<Result<Samples>>;
  /** Hides one of them. */
  hideSample(id: string): Promise<Result<Deletion | undefined>>;
  /** Shows all of them again. */
  showSamples(): Promise<Result<true>>;
  runs(): Promise<Result<readonly RunRecord[]>>;
  saveRun(run: RunRecord): Promise<Result<true>>;
  /** Puts a result behind the others of its run, with its trace (the text of its file). Code RUN_DELETED among others. */
  addResult(run: string, result: EpisodeResult, trace: string): Promise<Result<true>>;
  /** The text of the trace of a game that was played in a run. */
  runTrace(run: string, game: string): Promise<Result<string>>;
  deleteRun(id: string): Promise<Result<Deletion | undefined>>;
  /** Keeps an episode: the text of its trace. */
  keepEpisode(trace: string): Promise<Result<true>>;
  /** The latest first. */
  episodes(): Promise<Result<readonly KeptEpisode[]>>;
  readEpisode(id: string): Promise<Result<string>>;
  deleteEpisode(id: string): Promise<Result<Deletion | undefined>>;
  /** Everything that is the user's, as one file. */
  exportAll(onProgress: OnArchive): Promise<Result<Blob>>;
  /** Reads such a file, and holds it for {@link takeArchive}; nothing is written. */
  inspectArchive(file: Blob): Promise<Result<ArchiveReport>>;
  /** Takes in the file that was inspected last: all of it or nothing. */
  takeArchive(onProgress: OnArchive): Promise<Result<true>>;
}
