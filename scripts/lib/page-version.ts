/** Which page this is: what benchmarks of different versions are told apart by. Used by vite.config.ts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageVersion } from '../../src/bench/bench-file.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What the page is made of. */
const SOURCES = ['src', 'workers', 'public', 'models', 'vite.config.ts', 'package-lock.json'];

/** The commit and its date where the page is built in a repository; only the version elsewhere. */
export function pageVersion(): PageVersion {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = git('rev-parse', '--short=12', 'HEAD');
  const seconds = Number(git('log', '-1', '--format=%ct'));
  if (!/^[0-9a-f]{7,40}$/.test(commit) || !(seconds > 0)) return { version, commit: null, date: null };
  const changed = git('status', '--porcelain', '--', ...SOURCES) !== '';
  const date = `${new Date(1000 * seconds).toISOString().slice(0, 19)}Z`;
  return { version, commit: `${commit}${changed ? '+' : ''}`, date };
}

/** The web page of package.json's `repository`; empty where it names none. */
export function repository(): string {
  const { repository: named } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository?: string | { readonly url?: string };
  };
  const url = (typeof named === 'string' ? named : named?.url) ?? '';
  return /^(?:git\+)?(https:\/\/[^\s"'<>]+?)(?:\.git)?$/.exec(url)?.[1] ?? '';
}

function git(...words: string[]): string {
  const { status, stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
