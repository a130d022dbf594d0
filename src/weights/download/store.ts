/**
 * Where downloads go, as the download sees it: parts that grow and survive a closed tab, and files that become visible
 * to the runtime only whole and verified. In the page: browser-store.ts; in tests: memory.
 */
import { messageOf, type Refusal, refuse } from '../../base/result.ts';
import type { DownloadFile } from './plan.ts';

/** A file that is being fetched. Open one at a time for each file. */
export interface PartialFile {
  /** Bytes that are kept. */
  readonly length: number;
  /** What is kept, from the start. */
  read(): AsyncIterable<Uint8Array>;
  append(bytes: Uint8Array): Promise<void>;
  /** Throws away what is kept. */
  reset(): Promise<void>;
  /** Makes it visible to the runtime; called only with every byte verified. Closes it. */
  commit(): Promise<void>;
  /** Keeps what there is for later. */
  close(): Promise<void>;
}

/** A file as a store knows it. */
export type StoredFile = Pick<DownloadFile, 'name' | 'bytes'>;

/** The files of one model. Its methods reject with the platform's errors. */
export interface ModelStore {
  /** Whether the runtime sees the file. */
  has(file: StoredFile): Promise<boolean>;
  /** Bytes kept of a file that isn't whole yet. */
  partLength(file: StoredFile): Promise<number>;
  open(file: StoredFile): Promise<PartialFile>;
}

/** Why storing failed. Codes: STORAGE_QUOTA, STORAGE_BUSY (another tab is at it), STORAGE_FAILED. */
export function storageRefusal(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') {
    return refuse(
      'STORAGE_QUOTA',
      "This device is out of space. What's here is kept: free some space and resume.",
    ).error;
  }
  if (name === 'NoModificationAllowedError') {
    return refuse('STORAGE_BUSY', 'Another tab is downloading this model.').error;
  }
  return refuse('STORAGE_FAILED', `The storage of this device can't be used: ${messageOf(error)}`).error;
}
