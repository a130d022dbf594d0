/**
 * Files that appear under their name only when they are whole: written beside and renamed, so that a full disk, Ctrl-C
 * or a fault leaves what was there before. Devices and pipes are written as they are.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { ok, type Result } from '../../base/result.ts';
import { ignoreMissing, writeRefusal } from './read-failure.ts';

export class NewFile {
  readonly #path: string;
  /** Where it's written until it is whole; undefined where it's written in its place. */
  readonly #beside: string | undefined;
  readonly #file: FileHandle;
  #open = true;

  private constructor(path: string, beside: string | undefined, file: FileHandle) {
    this.#path = path;
    this.#beside = beside;
    this.#file = file;
  }

  /** Codes: DISK_FULL, OUT_UNWRITABLE. */
  static async open(path: string): Promise<Result<NewFile>> {
    try {
      const there = await stat(path).catch(ignoreMissing);
      if (there !== undefined && !there.isFile())
        return ok(new NewFile(path, undefined, await open(path, 'w')));
      // A link stays a link: what it leads to is replaced.
      const target = there === undefined ? path : await realpath(path);
      const beside = `${target}.${randomUUID().slice(0, 8)}.part`;
      return ok(new NewFile(target, beside, await open(beside, 'wx', there?.mode)));
    } catch (error) {
      return writeRefusal(error, path);
    }
  }

  /**
   * Goes on with a file of the command's own, or begins it: it stands under its name, whatever is discarded.
   * Codes: DISK_FULL, OUT_UNWRITABLE.
   * @param bytes how much of it is kept
   */
  static async goOn(path: string, bytes: number): Promise<Result<NewFile>> {
    try {
      const file = await open(path, 'a');
      if ((await file.stat()).isFile()) await file.truncate(bytes);
      return ok(new NewFile(path, undefined, file));
    } catch (error) {
      return writeRefusal(error, path);
    }
  }

  /** Rejects with the system's error. */
  async append(content: string | Uint8Array): Promise<void> {
    await this.#file.appendFile(content);
  }

  /** Gives the file its name, once all of it is on the disk. Rejects with the system's error. */
  async keep(): Promise<void> {
    // A pipe can't be brought to a disk.
    if (this.#beside !== undefined) await this.#file.datasync();
    await this.#close();
    if (this.#beside !== undefined) await rename(this.#beside, this.#path);
  }

  /** Leaves everything as it was; after {@link keep} it does nothing. */
  async discard(): Promise<void> {
    if (!this.#open) return;
    await this.#close();
    if (this.#beside !== undefined) await rm(this.#beside, { force: true });
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#file.close();
  }
}

/** Writes a whole file. Codes: DISK_FULL, OUT_UNWRITABLE. */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<Result<true>> {
  const file = await NewFile.open(path);
  if (!file.ok) return file;
  try {
    await file.value.append(content);
    await file.value.keep();
    return ok(true);
  } catch (error) {
    return writeRefusal(error, path);
  } finally {
    await file.value.discard();
  }
}
