/** What the page and its service worker say to each other (src/app/offline.ts, workers/service-worker.ts). */

/** One file of the built page. */
export interface SiteFile {
  /** Below the page's folder. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Kept once somebody has asked for it: large, and not wanted by everybody. */
  readonly onDemand?: true;
}

/** A page holds this lock, shared, under the path of its first script, so that its version's files are kept. */
export const pageLock = (scope: string, entry: string): string => `duomem-page ${scope} ${entry}`;

export type ToWorker =
  /** The person wants the newer version: become the active worker. */
  | { readonly type: 'take over' }
  /** A page holds its lock now; files of versions that no page shows can go. */
  | { readonly type: 'opened' };

export interface FromWorker {
  /** The files couldn't be kept: the sentence says why. */
  readonly type: 'not kept';
  readonly why: string;
}
