/** Compares a folder of weights with its manifest: every byte of every file, and that nothing else is there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import {
  MANIFEST_NAME,
  type Manifest,
  type ManifestFile,
  parseManifest,
  totalBytes,
} from '../../weights/manifest.ts';
import { readFailure } from '../files/read-failure.ts';
import { readParsedText } from '../files/weight-files.ts';

/** What is wrong with one file. */
interface FolderFault {
  readonly path: string;
  /** SIZE: truncated or too long. SWAPPED: it holds what belongs into another file. */
  readonly code: 'MISSING' | 'EXTRA' | 'NOT_A_FILE' | 'SIZE' | 'CHANGED' | 'SWAPPED' | 'UNREADABLE';
  readonly message: string;
}

interface Verification {
  readonly manifest: Manifest;
  readonly problems: readonly FolderFault[];
}

/** Codes: FILE_UNREADABLE (no manifest, no folder), FILE_TOO_LARGE, those of parseManifest. */
export function readManifest(folder: string): Promise<Result<Manifest>> {
  return readParsedText(folder, MANIFEST_NAME, parseManifest);
}

/**
 * Codes: those of {@link readManifest}. Anything else that is wrong is a problem.
 * @param progress is called with the bytes read so far, of all
 */
export async function verifyFolder(
  folder: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<Result<Verification>> {
  const manifest = await readManifest(folder);
  if (!manifest.ok) return manifest;
  const there = await filesOf(folder);
  if (!there.ok) return there;
  const { files } = manifest.value;
  const owners = new Map(files.map((file) => [file.sha256, file.path]));
  const problems: FolderFault[] = [];
  const total = totalBytes(manifest.value);
  let done = 0;
  for (const file of files) {
    const problem = await checkFile(folder, file, owners);
    if (problem !== undefined) problems.push({ path: file.path, ...problem });
    done += file.bytes;
    progress(done, total);
  }
  const listed = new Set([MANIFEST_NAME, ...files.map(({ path }) => path)]);
  for (const path of there.value)
    if (!listed.has(path))
      problems.push({ path, code: 'EXTRA', message: "The manifest doesn't list this file." });
  return ok({ manifest: manifest.value, problems });
}

async function checkFile(
  folder: string,
  { path, bytes, sha256 }: ManifestFile,
  owners: ReadonlyMap<string, string>,
): Promise<Omit<FolderFault, 'path'> | undefined> {
  const full = join(folder, path);
  try {
    const state = await lstat(full).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (state === undefined) return { code: 'MISSING', message: 'The file is missing.' };
    if (!state.isFile()) return { code: 'NOT_A_FILE', message: "This isn't a plain file." };
    if (state.size !== bytes)
      return { code: 'SIZE', message: `The file has ${state.size} bytes, but must have ${bytes}.` };
    const hash = createHash('sha256');
    for await (const piece of createReadStream(full, { highWaterMark: 2 ** 20 }))
      hash.update(piece as Buffer);
    const found = hash.digest('hex');
    if (found === sha256) return undefined;
    const owner = owners.get(found);
    return owner === undefined
      ? { code: 'CHANGED', message: "The file's bytes aren't those that were written." }
      : { code: 'SWAPPED', message: `The file holds what belongs into ${owner}.` };
  } catch (error) {
    return { code: 'UNREADABLE', message: `The file can't be read: ${readFailure(error)}.` };
  }
}

/** Paths below the folder of all that isn't a folder, sorted by code point; links aren't followed. */
async function filesOf(folder: string): Promise<Result<readonly string[]>> {
  const found: string[] = [];
  try {
    const folders = [''];
    for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
      for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) folders.push(path);
        else found.push(path);
      }
    }
  } catch (error) {
    return refuse('FILE_UNREADABLE', `The folder can't be read: ${readFailure(error)}.`, folder);
  }
  return ok(found.sort());
}
