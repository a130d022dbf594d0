/**
 * The folder that a conversion writes: under a temporary name (`OUT.part`) until all is there, with a journal beside it
 * (`OUT.part.json`) of the files that are finished, so that the same command goes on where an interrupted one was.
 * The journal lies outside, so that one rename makes the finished folder.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isObject } from '../../base/json-fields.ts';
import { readObject } from '../../base/read-json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { PlannedFile } from '../../weights/conversion-plan.ts';
import { makeFolder } from '../files/make-folder.ts';
import { ignoreMissing, writeRefusal } from '../files/read-failure.ts';

export interface Digests {
  readonly bytes: number;
  readonly sha256: string;
  readonly md5: string;
}

interface Journal {
  readonly format: typeof FORMAT;
  /** Digest of all that the bytes follow from; another conversion has another. */
  readonly identity: string;
  /** Finished files by their paths. */
  readonly finished: Readonly<Record<string, Digests>>;
}

const FORMAT = 'duomem-conversion-1';
/** Left free beside what is written. */
const SPARE = 64_000_000;

/** Free bytes of the file system that a folder lies on, for who runs this. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export class ConversionFolder {
  /** Where files lie until {@link finish}. */
  readonly part: string;
  readonly finished: Map<string, Digests>;
  readonly #out: string;
  readonly #journal: string;
  readonly #identity: string;
  /** The first folder above that was made for this one. */
  readonly #made: string | undefined;

  private constructor(
    out: string,
    identity: string,
    made: string | undefined,
    finished: Map<string, Digests>,
  ) {
    this.#out = out;
    this.part = `${out}.part`;
    this.#journal = `${this.part}.json`;
    this.#identity = identity;
    this.#made = made;
    this.finished = finished;
  }

  /**
   * Begins a conversion, or takes up an interrupted one: then {@link finished} holds what is there, read again and
   * compared. Everything is checked before anything is made.
   * @param bytes of all files together
   * Codes: OUT_EXISTS, OUT_FOREIGN (the temporary name is taken by something else), DISK_SPACE, OUT_UNWRITABLE.
   */
  static async open(
    folder: string,
    identity: string,
    files: readonly PlannedFile[],
    bytes: number,
    free: (folder: string) => Promise<number> = freeBytes,
  ): Promise<Result<ConversionFolder>> {
    const out = resolve(folder);
    let begun: ConversionFolder | undefined;
    try {
      const there = await readdir(out).catch(ignoreMissing);
      if (there !== undefined && there.length > 0)
        return refuse('OUT_EXISTS', "The folder exists already and isn't empty; name another one.", folder);
      const journal = await readJournal(`${out}.part.json`);
      const started = await readdir(`${out}.part`).catch(ignoreMissing);
      if (started !== undefined && started.length > 0 && journal === undefined)
        return refuse(
          'OUT_FOREIGN',
          "Something that isn't duomem's conversion is in the way; remove it.",
          `${folder}.part`,
        );
      const finished = new Map<string, Digests>();
      if (journal?.identity === identity)
        for (const { path, bytes: size } of files) {
          const noted = Object.hasOwn(journal.finished, path) ? journal.finished[path] : undefined;
          const found = noted?.bytes === size ? await digest(join(`${out}.part`, path)) : undefined;
          if (found !== undefined && found.sha256 === noted?.sha256) finished.set(path, found);
        }
      let needed = bytes + SPARE;
      for (const { bytes: size } of finished.values()) needed -= size;
      // What an unfinished or another conversion left there goes away first.
      for (const path of started ?? [])
        if (!finished.has(path)) needed -= await sizeOnDisk(join(`${out}.part`, path));
      const available = await free(await existingAbove(out));
      if (available < needed)
        return refuse(
          'DISK_SPACE',
          `The conversion needs ${inGB(needed)}, but only ${inGB(available)} are free there.`,
          folder,
        );
      const made = await makeFolder(dirname(out));
      const here = new ConversionFolder(out, identity, made, finished);
      begun = here;
      await here.#note();
      await makeFolder(here.part);
      for (const path of started ?? [])
        if (!finished.has(path)) await rm(join(here.part, path), { recursive: true });
      for (const file of files) if (!finished.has(file.path)) await here.#make(file);
      return ok(here);
    } catch (error) {
      await begun?.discard();
      return writeRefusal(error, folder);
    }
  }

  /** A file of its final size, of zeros after its head. */
  async #make({ path, bytes, head }: PlannedFile): Promise<void> {
    const file = await open(join(this.part, path), 'w');
    try {
      if (head !== undefined) await file.write(head);
      await file.truncate(bytes);
    } finally {
      await file.close();
    }
  }

  /** Notes that a file is complete: it is brought to the disk first, and digested from there. */
  async complete(path: string): Promise<Result<Digests>> {
    try {
      const file = await open(join(this.part, path), 'r+');
      await file.datasync().finally(() => file.close());
      const digests = await digest(join(this.part, path));
      if (digests === undefined)
        return refuse('OUT_UNWRITABLE', 'The file disappeared while it was being written.', path);
      this.finished.set(path, digests);
      await this.#note();
      return ok(digests);
    } catch (error) {
      return writeRefusal(error, path);
    }
  }

  /** Writes a small file as a whole. Codes: DISK_FULL, OUT_UNWRITABLE. */
  async write(path: string, content: string | Uint8Array): Promise<Result<Digests>> {
    try {
      await writeFile(join(this.part, path), content);
      return await this.complete(path);
    } catch (error) {
      return writeRefusal(error, path);
    }
  }

  /** Gives the folder its name. Code OUT_UNWRITABLE. */
  async finish(): Promise<Result<undefined>> {
    try {
      await rmdir(this.#out).catch(ignoreMissing);
      await rename(this.part, this.#out);
      await rm(this.#journal, { force: true });
      return ok(undefined);
    } catch (error) {
      return writeRefusal(error, basename(this.#out));
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await rm(this.part, { recursive: true, force: true });
    await rm(this.#journal, { force: true });
    if (this.#made === undefined) return;
    for (let folder = dirname(this.#out); folder.length >= this.#made.length; folder = dirname(folder)) {
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!removed) return;
    }
  }

  async #note(): Promise<void> {
    const finished = Object.fromEntries(this.finished);
    const journal: Journal = { format: FORMAT, identity: this.#identity, finished };
    await writeFile(`${this.#journal}.new`, JSON.stringify(journal));
    await rename(`${this.#journal}.new`, this.#journal);
  }
}

async function readJournal(path: string): Promise<Journal | undefined> {
  const text = await readFile(path, 'utf8').catch(ignoreMissing);
  const json = readObject(text ?? '', { code: 'JOURNAL', what: path, longest: 10_000_000 });
  return json.ok && json.value.format === FORMAT && isObject(json.value.finished)
    ? (json.value as unknown as Journal)
    : undefined;
}

/** Size and digests of a file; undefined where there is none. */
async function digest(path: string): Promise<Digests | undefined> {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      sha256.update(piece as Buffer);
      md5.update(piece as Buffer);
      bytes += (piece as Buffer).length;
    }
  } catch (error) {
    return ignoreMissing(error);
  }
  return { bytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}

async function sizeOnDisk(path: string): Promise<number> {
  const { blocks } = await stat(path);
  return 512 * blocks;
}

/** The nearest folder above that is there. */
async function existingAbove(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((await stat(folder).catch(ignoreMissing)) !== undefined || folder === dirname(folder)) return folder;
  }
}

function inGB(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
