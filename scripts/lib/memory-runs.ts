/** Games, banks and runs of `duomem` for the reports on memory, each with the command that makes it again. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The families of chores that were held out of training (src/homes/families.ts). */
export const HELD_OUT = ['television_time', 'basketball_time', 'teddybear_time', 'boots_time'];

export class MemoryRuns {
  /** All that were noted, in their order, each once. */
  readonly commands: string[] = [];
  readonly #folder: string;

  /** @param folder for games, banks and runs; what is there already isn't made again */
  constructor(folder: string) {
    this.#folder = folder;
  }

  path(...names: readonly string[]): string {
    return join(this.#folder, ...names);
  }

  /** Lists a command, once: what was made by an earlier call belongs to the report as well. */
  note(...words: readonly string[]): string {
    const command = `npm run -s duomem -- ${words.join(' ').replaceAll(this.#folder, 'RUNS')}`;
    if (!this.commands.includes(command)) this.commands.push(command);
    return command;
  }

  /** Runs `duomem` and gives its result. */
  duomem<Result>(...words: readonly string[]): Result {
    console.error(this.note(...words));
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...words], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1e9,
    });
    if (run.status !== 0) throw new Error(`It ended with ${run.status}.`);
    return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as Result;
  }

  /** A set of games, made once. */
  games(name: string, ...options: readonly string[]): string {
    const out = this.path('games', name);
    this.#once(out, 'generate', ...options, '--out', out);
    return out;
  }

  /** The teacher's memories of this many tasks of a family, each in a home of its own that is never played. */
  bankOf(family: string, homes: number): string {
    const name = `${family}-${homes}`;
    const out = this.path('banks', `${name}.bank`);
    const made = existsSync(out);
    const size = ['--homes', String(homes), '--tasks-per-home', '1', '--seed', '81000'];
    const set = this.games(`${name}-taught`, ...size, '--chores', family);
    mkdirSync(this.path('banks'), { recursive: true });
    const trajectories = this.path('banks', `${name}.trajectories.jsonl`);
    const scripts = this.path('banks', `${name}.scripts.jsonl`);
    const about = ['--games', set, '--split', 'homes', '--max-steps', '50'];
    const from = ['--trajectories', trajectories];
    const run = (...words: readonly string[]): unknown =>
      made ? this.note(...words) : this.duomem(...words);
    run('collect', ...about, '--out', trajectories);
    run('extract', ...from, '--out', scripts);
    run('bank', '--scripts', scripts, ...from, '--name', name, '--out', out);
    return out;
  }

  #once(out: string, ...words: readonly string[]): void {
    if (existsSync(out)) this.note(...words);
    else this.duomem(...words);
  }
}
