/**
 * The runs and episodes that come with the page, so that nobody meets an empty view: an archive as the page exports it
 * (models/samples, made by `duomem archive`), read like a stranger's. They are a part of the page: they take no room of
 * the user's, and deleting one only hides it.
 */
import { Once } from '../base/once.ts';
import { ok, type Result } from '../base/result.ts';
import type { Samples } from '../protocol/data.ts';
import { type Archive, readArchive } from '../storage/archive-read.ts';
import { keptEpisode } from '../storage/episodes.ts';
import { hiddenIds } from '../storage/hidden.ts';
import { type PageAddress, readChecked, shippedFiles } from './shipped.ts';

const FILE = /^models\/samples\/.*\.zip$/;

export class SampleStore {
  readonly #page: PageAddress;
  readonly #archive = new Once(() => this.#read());

  constructor(page: PageAddress) {
    this.#page = page;
  }

  /** Those that aren't hidden. Codes: SHIPPED_…, those of readArchive and of the database. */
  async list(): Promise<Result<Samples>> {
    const archive = await this.#archive.get();
    if (!archive.ok) return archive;
    const hidden = await hiddenIds();
    // A browser that keeps nothing has hidden nothing.
    const ids = new Set(hidden.ok ? hidden.value : []);
    const runs = archive.value.runs.map(({ run }) => ({ ...run, shipped: true as const }));
    const episodes = archive.value.episodes.flatMap(keptEpisode);
    const all = [...runs, ...episodes];
    return ok({
      runs: runs.filter(({ id }) => !ids.has(id)),
      episodes: episodes.filter(({ id }) => !ids.has(id)),
      hidden: all.filter(({ id }) => ids.has(id)).length,
    });
  }

  /** The text of a trace; undefined where it isn't one of these. */
  async trace(id: string, game?: string): Promise<string | undefined> {
    const archive = await this.#archive.get();
    if (!archive.ok) return undefined;
    const { runs, episodes } = archive.value;
    if (game === undefined) return episodes.find((episode) => episode.id === id)?.trace;
    const run = runs.find((one) => one.run.id === id);
    return run?.traces.find((_, i) => run.run.results[i]?.game === game);
  }

  async #read(): Promise<Result<Archive>> {
    const files = await shippedFiles(this.#page);
    if (!files.ok) return files;
    const file = files.value.find(({ path }) => FILE.test(path));
    // A page that was built without any.
    if (file === undefined) return ok({ memories: [], sets: [], runs: [], episodes: [], adapters: [] });
    const bytes = await readChecked(this.#page, file);
    return bytes.ok ? readArchive(new Blob([bytes.value])) : bytes;
  }
}
