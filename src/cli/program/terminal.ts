/**
 * What a subcommand sees of the outside: standard output for what a person or a script reads, standard error for
 * progress, and the wish to stop (Ctrl-C).
 */

/** Where standard error isn't a terminal, progress is printed at most this often (milliseconds). */
const PROGRESS_INTERVAL = 2000;

export interface Terminal {
  /** Prints a readable line on standard output, above the result. */
  print(line: string): void;
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

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A terminal over the given streams; `now` gives milliseconds, `onInterrupt` is called once when a signal is asked for. */
export function createTerminal(
  out: Output,
  err: Output,
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
    print(line) {
      clearProgress();
      out.write(`${line}\n`);
    },
    note(line) {
      clearProgress();
      err.write(`${line}\n`);
    },
    progress(line) {
      if (err.isTTY) {
        err.write(`\r\x1b[K${line}`);
        shown = true;
      } else if (now() - last >= PROGRESS_INTERVAL) {
        last = now();
        err.write(`${line}\n`);
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
