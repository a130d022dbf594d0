/**
 * Reads an archive (archive-format.ts). It may come from a stranger: the directory is judged before anything is
 * unpacked, every part is read against its schema and with limits, and the manifest must be right about all of it.
 * Games are only listed here; they are read one by one when they are imported.
 */
import { parseTrace, TRACE_LIMITS } from '../agent/trace-file.ts';
import { ok, placedIn, type Result, refuse } from '../base/result.ts';
import { blobBytes } from '../engine/import/bytes.ts';
import { DEFAULT_IMPORT_LIMITS, GameSet, isGameFile } from '../engine/import/index.ts';
import { listZip, type ZipEntry } from '../engine/import/zip.ts';
import { archiveFault } from '../engine/import/zip-set.ts';
import { episodeResult } from '../eval/result.ts';
import { checkEntry, LIMITS, type MemoryEntry } from '../memory/entry.ts';
import type { RunRecord } from '../protocol/data.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { parseAdapterConfig } from '../weights/adapter-config.ts';
import { Safetensors } from '../weights/safetensors.ts';
import type { StoredAdapter } from './adapters-db.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_NOTE,
  ADAPTER_WEIGHTS,
  ARCHIVE_LIMITS,
  type ArchiveManifest,
  MANIFEST,
  MEMORIES,
  parseArchiveManifest,
  parseJson,
  pathOf,
  RUN_PLAN,
  readAdapterNote,
  readRunPlan,
  shaped,
} from './archive-format.ts';
import type { StoredEpisode } from './database.ts';

/** An entry that the user wrote, or the id of a shipped one that they deleted. */
export type ArchivedMemory = { readonly entry: MemoryEntry } | { readonly hidden: string };

export interface Archive {
  readonly memories: readonly ArchivedMemory[];
  readonly sets: readonly { readonly name: string; readonly games: GameSet }[];
  /** Each with the texts of its results' traces. */
  readonly runs: readonly { readonly run: RunRecord; readonly traces: readonly string[] }[];
  readonly episodes: readonly StoredEpisode[];
  /** Switched off: whoever brings them chooses. */
  readonly adapters: readonly StoredAdapter[];
}

/**
 * Bytes of runs, episodes and memories that are read at once: an eighth of the device's memory, since texts take up to
 * twice their size and the page isn't alone. Browsers that don't tell of it (it ends at 8 GB) hold what a backup may have.
 */
function bytesHeldHere(): number {
  const { deviceMemory } = (globalThis.navigator ?? {}) as { readonly deviceMemory?: number };
  return deviceMemory === undefined ? ARCHIVE_LIMITS.bytes : deviceMemory * 2 ** 27;
}

/**
 * Codes: ARCHIVE_NOT_ONE (a zip, but none of this page's), ARCHIVE_VERSION, ARCHIVE_SHAPE, ARCHIVE_PARTS (parts are
 * missing, too many or too large), ARCHIVE_MEMORY (more than this device holds at once), ENTRY_INVALID, TRACE_…, and what
 * the zip is refused for.
 */
export async function readArchive(file: Blob): Promise<Result<Archive>> {
  const listed = await listZip(blobBytes(file), ARCHIVE_LIMITS.files);
  if (!listed.ok) return listed;
  // What repeats itself packs at any ratio, and the page packs it so: the sizes below are what counts.
  const fault = archiveFault(listed.value, DEFAULT_IMPORT_LIMITS, () => false);
  if (fault !== undefined) return fault;
  const entries = listed.value.filter(({ isFolder }) => !isFolder);
  const link = entries.find(({ isLink }) => isLink);
  if (link !== undefined) return refuse('ARCHIVE_PARTS', 'A part of the file is a link.', link.path);
  const parts = new Parts(entries);
  if (!parts.has(MANIFEST)) {
    return refuse(
      'ARCHIVE_NOT_ONE',
      "This isn't a file that this page has exported. Import zips of games under Games.",
    );
  }
  const unpacked = entries.reduce((sum, { path, bytes }) => (isGameFile(path) ? sum : sum + bytes), 0);
  if (unpacked > ARCHIVE_LIMITS.bytes) {
    return refuse('ARCHIVE_PARTS', `The file unpacks to more than ${ARCHIVE_LIMITS.bytes} bytes.`);
  }
  const held = bytesHeldHere();
  if (unpacked > held) {
    const [needed, most] = [unpacked, held].map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`);
    return refuse(
      'ARCHIVE_MEMORY',
      `Beside games the file holds ${needed}, and this device's memory has room for ${most} at once: import it on a larger one.`,
    );
  }
  const text = await parts.text(MANIFEST, ARCHIVE_LIMITS.json);
  if (!text.ok) return text;
  const manifest = parseArchiveManifest(text.value);
  if (!manifest.ok) return manifest;
  return readParts(parts, manifest.value);
}

async function readParts(parts: Parts, manifest: ArchiveManifest): Promise<Result<Archive>> {
  const memories = await readMemories(parts, manifest.memories);
  if (!memories.ok) return memories;
  const episodes: StoredEpisode[] = [];
  for (const [i, id] of manifest.episodes.entries()) {
    const trace = await readTrace(parts, pathOf.episode(i + 1));
    if (!trace.ok) return trace;
    episodes.push({ id, trace: trace.value.text });
  }
  const runs: Archive['runs'][number][] = [];
  for (const [i, played] of manifest.runs.entries()) {
    const run = await readRun(parts, pathOf.run(i + 1), played);
    if (!run.ok) return run;
    runs.push(run.value);
  }
  const sets: Archive['sets'][number][] = [];
  for (const [i, { name, games: count }] of manifest.sets.entries()) {
    const games = GameSet.of(parts.under(pathOf.set(i + 1)), KEPT_LIMITS);
    if (!games.ok) return games;
    const [refused] = games.value.refused;
    if (refused !== undefined) return refuse(refused.code, refused.message, refused.path);
    if (games.value.games.length !== count || games.value.skipped > 0) {
      const message = `The set ${name} must have ${count} games and nothing else.`;
      return refuse('ARCHIVE_PARTS', message, pathOf.set(i + 1));
    }
    sets.push({ name, games: games.value });
  }
  const names = new Set(sets.map(({ name }) => name));
  if (names.size < sets.length) return refuse('ARCHIVE_PARTS', 'Two sets of the file have the same name.');
  const adapters: StoredAdapter[] = [];
  for (let i = 1; i <= (manifest.adapters ?? 0); i++) {
    const adapter = await readAdapter(parts, pathOf.adapter(i));
    if (!adapter.ok) return adapter;
    adapters.push(adapter.value);
  }
  const left = parts.left();
  if (left !== undefined)
    return refuse('ARCHIVE_PARTS', "The file holds a part that doesn't belong to it.", left);
  return ok({ memories: memories.value, sets, runs, episodes, adapters });
}

async function readMemories(parts: Parts, count: number): Promise<Result<ArchivedMemory[]>> {
  const text = await parts.text(MEMORIES, ARCHIVE_LIMITS.bytes);
  if (!text.ok) return text;
  const lines = text.value.split('\n');
  if (lines.pop() !== '' || lines.length !== count) {
    return refuse('ARCHIVE_PARTS', `There must be ${count} memories, each on a line.`, MEMORIES);
  }
  const changes: ArchivedMemory[] = [];
  const ids = new Set<string>();
  for (const [i, line] of lines.entries()) {
    const place = `${MEMORIES}, line ${i + 1}`;
    const value = parseJson(line, place);
    if (!value.ok) return value;
    const { hidden, entry } = (value.value ?? {}) as { hidden?: unknown; entry?: unknown };
    if (typeof hidden === 'string' && hidden.length <= LIMITS.id) {
      changes.push({ hidden });
      ids.add(hidden);
      continue;
    }
    const checked = checkEntry(entry, place);
    if (!checked.ok) return checked;
    changes.push({ entry: checked.value });
    ids.add(checked.value.id);
  }
  if (ids.size < changes.length) return refuse('ARCHIVE_PARTS', 'Two memories have the same id.', MEMORIES);
  return ok(changes);
}

async function readRun(
  parts: Parts,
  folder: string,
  played: number,
): Promise<Result<Archive['runs'][number]>> {
  const text = await parts.text(folder + RUN_PLAN, ARCHIVE_LIMITS.json);
  if (!text.ok) return text;
  const json = parseJson(text.value, folder + RUN_PLAN);
  if (!json.ok) return json;
  const plan = shaped(readRunPlan, json.value, folder + RUN_PLAN);
  if (!plan.ok) return plan;
  const { games, ...rest } = plan.value;
  const known = new Set(games.map(({ key }) => key));
  const results: RunRecord['results'][number][] = [];
  const traces: string[] = [];
  for (let i = 1; i <= played; i++) {
    const trace = await readTrace(parts, folder + pathOf.trace(i));
    if (!trace.ok) return trace;
    const result = episodeResult(trace.value.trace);
    if (!known.delete(result.game)) {
      return refuse('ARCHIVE_PARTS', 'The trace is of no game of its run.', folder + pathOf.trace(i));
    }
    results.push(result);
    traces.push(trace.value.text);
  }
  const cards = games.map((game) => ({ ...game, source: sourceOf(game.key, rest.telling) }));
  return ok({ run: { ...rest, games: cards, results }, traces });
}

/** Whether it fits the student that is here, whoever switches it on is told. */
async function readAdapter(parts: Parts, folder: string): Promise<Result<StoredAdapter>> {
  const text = await parts.text(folder + ADAPTER_NOTE, ARCHIVE_LIMITS.bytes);
  if (!text.ok) return text;
  const json = parseJson(text.value, folder + ADAPTER_NOTE);
  if (!json.ok) return json;
  const note = shaped(readAdapterNote, json.value, folder + ADAPTER_NOTE);
  if (!note.ok) return note;
  const config = await parts.text(folder + ADAPTER_CONFIG, ARCHIVE_LIMITS.json);
  if (!config.ok) return config;
  const parsed = parseAdapterConfig(config.value);
  if (!parsed.ok) return parsed;
  const weights = await parts.bytes(folder + ADAPTER_WEIGHTS, ARCHIVE_LIMITS.weights);
  if (!weights.ok) return weights;
  const file = Safetensors.parse(weights.value);
  if (!file.ok) return refuse(file.error.code, file.error.message, folder + ADAPTER_WEIGHTS);
  return ok({ ...note.value, config: config.value, weights: new Uint8Array(weights.value), on: false });
}

async function readTrace(parts: Parts, path: string) {
  const text = await parts.text(path, 4 * TRACE_LIMITS.length);
  if (!text.ok) return text;
  const trace = placedIn(path, parseTrace(text.value));
  return trace.ok ? ok({ text: text.value, trace: trace.value }) : trace;
}

/** Sets that were imported under wider limits are taken again. */
const KEPT_LIMITS = { ...DEFAULT_IMPORT_LIMITS, maxKey: Number.POSITIVE_INFINITY };

/** The files of an archive; which of them were asked for. */
class Parts {
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #left: Set<string>;

  constructor(entries: readonly ZipEntry[]) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#left = new Set(this.#entries.keys());
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** A file that nobody has asked for. */
  left(): string | undefined {
    const [first] = this.#left;
    return first;
  }

  under(folder: string): ZipEntry[] {
    const found = [...this.#entries.values()].filter(({ path }) => path.startsWith(folder));
    for (const { path } of found) this.#left.delete(path);
    return found;
  }

  /** Codes: ARCHIVE_PARTS, and those of unpacking. */
  async bytes(path: string, maxBytes: number): Promise<Result<Uint8Array>> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return refuse('ARCHIVE_PARTS', 'A part of the file is missing.', path);
    if (entry.bytes > maxBytes) return refuse('ARCHIVE_PARTS', 'A part of the file is too large.', path);
    this.#left.delete(path);
    return entry.read();
  }

  /** Codes as {@link bytes}; ARCHIVE_SHAPE. */
  async text(path: string, maxBytes: number): Promise<Result<string>> {
    const bytes = await this.bytes(path, maxBytes);
    if (!bytes.ok) return bytes;
    try {
      return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value));
    } catch {
      return refuse('ARCHIVE_SHAPE', "This part of the file isn't text.", path);
    }
  }
}
