/**
 * How the duomem command ends. The first four codes are a contract with scripts that call it; the others follow
 * the usual conventions (sysexits.h for 70, 128 plus the number of the signal for the last two).
 */
export const EXIT = {
  /** The command did what it was asked. */
  ok: 0,
  /** The command ran, and the check that it makes failed. */
  failed: 1,
  /** Wrong usage: unknown subcommand or option, a value that can't be. */
  usage: 2,
  /** Bad input: a file that can't be read or isn't what it should be. */
  input: 3,
  /** A fault in duomem itself. */
  fault: 70,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
  /** The reader of standard output went away, as `head` does. */
  pipe: 141,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
