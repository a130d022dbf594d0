/** What the page and the worker for models say to each other. After a click this worker asks other hosts. */
import type { Result } from '../base/result.ts';
import type { DownloadProgress } from '../weights/download/download.ts';
import type { MergedFile, ModelOrigin } from '../weights/download/model-entry.ts';
import type { LibraryShape, Thinking } from '../weights/registry.ts';

/**
 * - `absent`: nothing is here.
 * - `partial`: some of it is; it can be gone on with.
 * - `fetching`: it is under way, in this page.
 * - `ready`: every file is here and verified.
 */
export type ModelState = 'absent' | 'partial' | 'fetching' | 'ready';

export interface MergeProgress {
  readonly bytesDone: number;
  readonly bytes: number;
}

/** A model as its card shows it. */
export interface ModelCard {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Undefined for the trained student that isn't here yet: the user brings it. */
  readonly origin: ModelOrigin | undefined;
  readonly shape: LibraryShape;
  readonly quantization: string;
  readonly thinking: Thinking;
  readonly contextLimit: number;
  readonly gpuMemoryMB: number;
  readonly state: ModelState;
  /** Bytes in all; an estimate until a download was begun. */
  readonly bytes: number;
  /** Bytes of it that are here. */
  readonly present: number;
  /** Another quantisation, by its id. */
  readonly instead: string | undefined;
  /** What was made of it on this device, of models that an adapter is merged into here. */
  readonly merged?: readonly MergedFile[];
}

/** A folder or an address that was looked at and found good. */
export interface CheckedModel {
  readonly id: string;
  readonly title: string;
  readonly quantization: string;
  readonly shape: LibraryShape;
  readonly bytes: number;
  readonly files: number;
  readonly gpuMemoryMB: number;
  /** It's here already. */
  readonly known: boolean;
}

export interface ModelsWorker {
  list(): Promise<Result<readonly ModelCard[]>>;
  /** Asks a host what lies at an address; fetches no weights. Nothing is kept. */
  checkUrl(url: string): Promise<Result<CheckedModel>>;
  /** Ends what checkUrl and checkFolder are asking hosts: they answer with code CHECK_STOPPED. */
  stopChecking(): Promise<void>;
  /** Looks at a folder that the user picked. Nothing is kept. */
  checkFolder(files: readonly File[]): Promise<Result<CheckedModel>>;
  /**
   * Fetches a model of the registry, one that was checked, or goes on with one that was begun. Resolves when it is
   * whole, was paused, or can't go on.
   */
  fetch(id: string, onProgress: (progress: DownloadProgress) => void): Promise<Result<true>>;
  /** Hands over the file of a model's base, which {@link fetch} then reads in place of asking its host. Code FILE_OTHER. */
  pickBase(id: string, file: File): Promise<Result<true>>;
  /** Merges SmolLM2 with its adapter, from 0 (the base alone) to 1 (as it was trained). Resolves as {@link fetch} does. */
  merge(strength: number, onProgress: (progress: MergeProgress) => void): Promise<Result<true>>;
  /** Stands still; what came is kept. */
  pause(id: string): Promise<void>;
  /** Deletes it, whole or not, so that it can be brought back; the bytes that it goes on taking. */
  remove(id: string): Promise<Result<number>>;
  /** Code UNDO_GONE. */
  bringBack(id: string): Promise<Result<true>>;
  /** Makes a deletion final; the bytes that this freed. */
  purge(id: string): Promise<Result<number>>;
}
