/** Runs a command of this project as a process of its own, as a user does, and collects what it said. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface CliRun {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output, parsed; undefined where it isn't JSON. */
  readonly result: unknown;
}

export interface CliOptions {
  /** The script, from the repository's root; the duomem command unless told otherwise. */
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads on standard input; nothing by default. */
  readonly input?: string;
  /** The largest file that it may write, in blocks of 512 or 1,024 bytes, as the shell counts them (ulimit -f). */
  readonly limitBlocks?: number;
  /** Where standard output goes instead. */
  readonly stdoutTo?: string;
  /** Where standard error goes instead. */
  readonly stderrTo?: string;
  /** Called with the process as soon as it runs, to send it signals or close its pipes. */
  readonly started?: (child: ChildProcess) => void;
}

/** Resolves when the process has ended. */
export function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { script = 'src/cli/main.ts', env = {}, input = '', started } = options;
  const { limitBlocks, stdoutTo, stderrTo } = options;
  const command = [process.execPath, '--import', 'tsx', script, ...words];
  const shell = [
    ...(limitBlocks === undefined ? [] : [`ulimit -f ${limitBlocks};`]),
    'exec "$@"',
    ...(stdoutTo === undefined ? [] : [`>${stdoutTo}`]),
    ...(stderrTo === undefined ? [] : [`2>${stderrTo}`]),
  ].join(' ');
  const [program = '', ...rest] =
    (limitBlocks ?? stdoutTo ?? stderrTo) === undefined
      ? command
      : ['/bin/sh', '-c', shell, 'sh', ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd: root,
      env: { ...process.env, DUOMEM_DEBUG: '', npm_lifecycle_event: 'test', ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}); // a command that ends without reading closes the pipe
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr, result: lastJson(stdout) }));
    started?.(child);
  });
}

function lastJson(stdout: string): unknown {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
