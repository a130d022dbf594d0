/** What the runs of Playwright are told, as JSON in DUOMEM_BENCH. */
import type { BenchProject } from './browsers.ts';
import type { BenchOptions } from './options.ts';

/** Below the folder that a run writes into: a file for each measurement. They make one file, which stands above them. */
export const PARTS_FOLDER = 'parts';

export interface BenchTask {
  readonly profile: BenchOptions['profile'];
  readonly label: string;
  readonly out: string;
  /** The Python with the real ALFWorld engine, where there is one. */
  readonly python: string | undefined;
  /** A 4B student that is to be measured: its folder, and what its manifest calls it. */
  readonly model: { readonly folder: string; readonly name: string } | undefined;
  readonly projects: readonly BenchProject[];
}
