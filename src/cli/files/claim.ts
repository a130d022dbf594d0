/**
 * One command at a time writes an output. Who writes claims it in a file of the machine's temporary folder, named by
 * the output's path, which says who that is; a claim whose process is gone (killed, or the machine was restarted)
 * holds nobody up. Two machines that write to one shared disk don't see each other's claims.
 */
import { createHash, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '../../base/result.ts';

export interface Claim {
  /** Lets the next one write. */
  release(): void;
}

/** Codes: OUT_BUSY (somebody writes it now). Throws what the temporary folder throws. */
export function claimOutput(out: string): Result<Claim> {
  const folder = join(tmpdir(), `duomem-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256')
    .update(realPath(resolve(out)))
    .digest('hex')
    .slice(0, 32);
  const file = join(folder, `${name}.claim`);
  const mine = `${file}.${randomUUID()}`;
  const text = `${process.pid} ${startOf(process.pid) ?? ''}`;
  writeFileSync(mine, text);
  try {
    for (;;) {
      // A link appears with its content, unlike a file that is made and then written.
      if (attempt('EEXIST', () => linkSync(mine, file))) break;
      const theirs = attempt('ENOENT', () => readFileSync(file, 'utf8'));
      if (theirs === undefined) continue;
      const [pid = ''] = theirs.split(' ');
      if (isAlive(theirs))
        return refuse(
          'OUT_BUSY',
          `Another duomem (process ${pid}) is writing this; wait for it to end.`,
          out,
        );
      // Put aside what is stale; if it was somebody's fresh claim meanwhile, it goes back.
      const aside = `${mine}.stale`;
      if (!attempt('ENOENT', () => renameSync(file, aside))) continue;
      if (readFileSync(aside, 'utf8') !== theirs) attempt('EEXIST', () => linkSync(aside, file));
      rmSync(aside);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return ok({ release: () => rmSync(file, { force: true }) });
}

/** What the work gives back (true for nothing), or undefined where it failed with one of these codes. */
function attempt<T>(codes: string, work: () => T): (T extends void ? true : T) | undefined {
  try {
    return (work() ?? true) as T extends void ? true : T;
  } catch (error) {
    if (codes.split(' ').includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

/** One name for an output however it's spelt; what isn't there yet is named below what is. */
function realPath(path: string): string {
  const real = attempt('ENOENT ENOTDIR', () => realpathSync(path));
  if (real !== undefined) return real;
  return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
}

/** Whether the process of a claim still runs; its number may have been given to another one since. */
function isAlive(claim: string): boolean {
  const [pid = '', start = ''] = claim.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // Not permitted to signal it: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(Number(pid));
  return now === undefined || start === '' || now === start;
}

/** When a process started, in Linux's words (proc(5), field 22 of stat); undefined where that isn't told. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
