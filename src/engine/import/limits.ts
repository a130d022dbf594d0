/**
 * How much a set of games may hold. A set comes from strangers, so nothing is unpacked before these hold.
 *
 * Relies on: the official release of 3,693 games is 315.6 MB unpacked, its largest game 138 kB, its longest key 121 characters, and no entry of it
 * packs better than 12.2 to 1 (measured on json_2.1.1_tw-pddl.zip); deflate can't pack better than 1,032 to 1.
 */
export interface ImportLimits {
  /** Files and folders in the set, games or not. */
  readonly maxFiles: number;
  /** Length of a game's key in UTF-16 code units: memories, traces, seeds and files are named by it. */
  readonly maxKey: number;
  /** Unpacked bytes of one game; a larger one is refused by itself. */
  readonly maxGameBytes: number;
  /** Unpacked bytes of all games together. */
  readonly maxTotalBytes: number;
  /** Unpacked to packed bytes of one game in an archive. */
  readonly maxRatio: number;
}

export const DEFAULT_IMPORT_LIMITS: ImportLimits = {
  maxFiles: 200_000,
  maxKey: 200,
  maxGameBytes: 4 * 2 ** 20,
  maxTotalBytes: 2 * 2 ** 30,
  maxRatio: 100,
};
