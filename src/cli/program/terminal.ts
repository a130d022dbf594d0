/**
 * What a subcommand sees of the outside: standard output for what a person or a script reads, standard error for
 * progress, and the wish to stop (Ctrl-C). Escape sequences of games, traces and servers are written out in place of
 * being obeyed.
 */
import { inert } from '../../base/plain-text.ts';

/** Where standard error isn't a terminal, progress is printed at most this often (milliseconds). */
const PROGRESS_INTERVAL = 2000;

export interface Terminal {
  /** Prints a readable line on standard output, above the result; `dress` gives it colours. */
  print(line: string, dress?: (text: string) => string): void;
  /** Says how far the work is: overwrites itself in a terminal, comes every two seconds at most in a file. */
  progress(line: string): void;
  /** Prints a line on standard error that stays. */
  note(line: string): void;
  /**
   * Aborted by the first Ctrl-C. Only a subcommand that asks for it is spared the end at once: it should stop soon,
   * keep what it has and return `interrupted()`. A second Ctrl-C ends it anyway.
   */
  readonly signal: AbortSignal;
}

export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A terminal over the given streams; `now` gives milliseconds, `onInterrupt` is called once when a signal is asked for. */
export function createTerminal(
  out: TextOutput,
  err: TextOutput,
  now: () => number,
  onInterrupt: (abort: () => void) => void,
): Terminal & { clearProgress(): void } {
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  let controller: AbortController | undefined;

  function clearProgress(): void {
    if (shown) err.write('\r\x1b[K');
    shown = false;
  }

  return {
    clearProgress,
    print(line, dress = (text) => text) {
      clearProgress();
      out.write(`${dress(inert(line))}\n`);
    },
    note(line) {
      clearProgress();
      err.write(`${inert(line)}\n`);
    },
    progress(line) {
      if (err.isTTY) {
        err.write(`\r\x1b[K${inert(line)}`);
        shown = true;
      } else if (now() - last >= PROGRESS_INTERVAL) {
        last = now();
        err.write(`${inert(line)}\n`);
      }
    },
    get signal() {
      if (controller === undefined) {
        const created = new AbortController();
        controller = created;
        onInterrupt(() => created.abort());
      }
      return controller.signal;
    },
  };
}
