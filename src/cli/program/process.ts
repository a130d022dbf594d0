/** Runs the duomem command in this process: its words, streams, signals and exit code. */
import { formatRefusal, messageOf } from '../../base/result.ts';
import { writeRefusal } from '../files/read-failure.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { runProgram } from './program.ts';
import type { Entry } from './registry.ts';
import { createTerminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Reads the command line of this process, runs what it names, and ends the process. Never rejects. */
export async function runProcess(entries: readonly Entry[]): Promise<void> {
  const { INIT_CWD, npm_lifecycle_event: lifecycle, DUOMEM_DEBUG: debug } = process.env;
  // npm runs scripts in the package's folder; a path that the user gives is meant from where the user stands.
  if (lifecycle === 'duomem' && INIT_CWD !== undefined) process.chdir(INIT_CWD);

  // The reader may leave early, as `head` does: that isn't a fault, and nobody is left to tell.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.pipe);
      // Progress that a full disk doesn't take is lost; the work, its result and the exit code are what they are.
      if (stream === process.stderr) return;
      process.stderr.write(`${formatRefusal(writeRefusal(error, 'standard output').error)}\n`);
      process.exit(EXIT.input);
    });
  }
  // Where files may only become so large (ulimit -f), the system would end the process; so it says EFBIG instead.
  process.on('SIGXFSZ', () => undefined);

  const terminal = createTerminal(
    process.stdout,
    process.stderr,
    () => performance.now(),
    (abort) => process.once('SIGINT', abort),
  );

  function fault(error: unknown): ExitCode {
    terminal.clearProgress();
    if (debug === '1') {
      console.error(error);
    } else {
      const text = messageOf(error).trim().split('\n')[0];
      terminal.note(`A fault in duomem: ${text || 'no message'} (set DUOMEM_DEBUG=1 to see where).`);
    }
    return EXIT.fault;
  }
  process.on('uncaughtException', (error) => end(fault(error)));

  try {
    const streams = { out: process.stdout, err: process.stderr, terminal };
    const outcome = await runProgram(process.argv.slice(2), entries, VERSION, streams);
    terminal.clearProgress();
    if (outcome?.message !== undefined) terminal.note(outcome.message);
    if (outcome?.result !== undefined) terminal.print(JSON.stringify(outcome.result));
    end(outcome?.exit ?? EXIT.ok);
  } catch (error) {
    end(fault(error));
  }
}

/**
 * Ends once everything written has been taken, even if a worker or a handle is still open. What wasn't taken ends the
 * process elsewhere, by the stream's error.
 */
function end(code: ExitCode): void {
  const exit = (error?: Error | null): void => void (error ? undefined : process.exit(code));
  process.stderr.write('', () => process.stdout.write('', exit));
}
