/** What a command may write: nothing that it reads, nothing that isn't its own unless it is told to, and alone. */
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';
import { type Claim, claimOutput } from './claim.ts';
import { readFailure } from './read-failure.ts';

/**
 * - `new`: a file that is written anew; one that is there only with `--force`.
 * - `resumed`: a file or folder of which the command knows whether it's its own.
 * - a list: a folder in which the command goes on, told by one of these paths in it (`*` is any one name); others only
 *   with `--force`. One that holds nothing beside where these lie is as good as new.
 */
export type OutputKind = 'new' | 'resumed' | readonly string[];

interface Output {
  readonly path: string;
  readonly kind: OutputKind;
}

/**
 * Checks and claims the outputs of a command.
 * Codes: OUT_IS_INPUT, OUT_EXISTS, OUT_UNWRITABLE, OUT_LINK, OUT_FOREIGN, OUT_UNREADABLE, OUT_BUSY.
 * @param inputs paths that the command reads
 */
export async function openOutputs(
  outputs: readonly Output[],
  inputs: readonly string[],
  force: boolean,
): Promise<Result<Claim>> {
  for (const output of outputs) {
    const fault = await check(output, inputs, force);
    if (!fault.ok) return fault;
  }
  const claims: Claim[] = [];
  const release = (): void => {
    for (const claim of claims) claim.release();
  };
  for (const { path } of outputs) {
    const claim = claimOutput(path);
    if (!claim.ok) {
      release();
      return claim;
    }
    claims.push(claim.value);
  }
  return ok({ release });
}

async function check(
  { path, kind }: Output,
  inputs: readonly string[],
  force: boolean,
): Promise<Result<undefined>> {
  try {
    const there = await find(path);
    if (kind === 'new' && there?.isFolder)
      return refuse('OUT_UNWRITABLE', "It's a folder; name a file in it.", path);
    if (there === undefined) return kind === 'new' ? await checkFolder(path) : ok(undefined);
    if (!there.isFile && !there.isFolder) return ok(undefined);
    if (there.isFile) {
      for (const input of inputs) {
        const read = await find(input);
        if (read === undefined) continue;
        const same = read.id === there.id;
        const inside = read.isFolder && isBelow(there.real, read.real);
        if (same || inside)
          return refuse('OUT_IS_INPUT', `This is read by the command (${input}); name another file.`, path);
      }
      if (kind === 'new' && !force)
        return refuse('OUT_EXISTS', 'The file is there already; name another one, or give --force.', path);
    }
    const link = there.isFolder ? await linkedFolder(path) : undefined;
    if (link !== undefined)
      return refuse(
        'OUT_LINK',
        "This is a link to another folder, and what is written there may be somebody else's: remove it. Only the folder that you name may be a link itself.",
        link,
      );
    if (there.isFolder && typeof kind !== 'string' && !force) {
      const names = await readdir(path);
      const begun = new Set(kind.map((own) => own.split('/')[0]));
      const isForeign = names.some((name) => !begun.has(name)) && !(await holdsOne(path, kind));
      if (isForeign)
        return refuse(
          'OUT_FOREIGN',
          'The folder holds something else already; name another one, or give --force.',
          path,
        );
    }
    return ok(undefined);
  } catch (error) {
    return refuse('OUT_UNREADABLE', `It can't be checked: ${readFailure(error)}.`, path);
  }
}

/** Whether a file can begin to be there: a command may work long, and pay for it, before it writes. */
async function checkFolder(path: string): Promise<Result<undefined>> {
  if (path.endsWith('/') || path.endsWith(sep))
    return refuse('OUT_UNWRITABLE', 'This is the name of a folder; name a file.', path);
  const folder = dirname(path);
  if (!(await find(folder))?.isFolder)
    return refuse('OUT_UNWRITABLE', `There is no folder ${folder}; make it, or name another file.`, path);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    return refuse('OUT_UNWRITABLE', `Nothing can be written there: ${readFailure(error)}.`, path);
  }
}

/**
 * A link to a folder, somewhere in a folder. One that a stranger made and somebody goes on in may lead to anything of
 * theirs; what files are links is replaced, never written through.
 */
async function linkedFolder(folder: string): Promise<string | undefined> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink() && (await find(path))?.isFolder) return path;
  }
  return undefined;
}

async function holdsOne(folder: string, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await holds(folder, path.split('/'))) return true;
  return false;
}

async function holds(folder: string, [name = '', ...rest]: readonly string[]): Promise<boolean> {
  const names = name === '*' ? await readdir(folder).catch((): string[] => []) : [name];
  for (const one of names) {
    const path = join(folder, one);
    if (rest.length === 0 ? (await find(path)) !== undefined : await holds(path, rest)) return true;
  }
  return false;
}

interface Found {
  readonly isFile: boolean;
  readonly isFolder: boolean;
  /** Tells it from every other file, however it's called. */
  readonly id: string;
  readonly real: string;
}

async function find(path: string): Promise<Found | undefined> {
  try {
    const { dev, ino, ...found } = await stat(path, { bigint: true }).then((stats) => ({
      dev: stats.dev,
      ino: stats.ino,
      isFile: stats.isFile(),
      isFolder: stats.isDirectory(),
    }));
    return { ...found, id: `${dev} ${ino}`, real: await realpath(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
}
