/** What a subcommand hands back when it is done: a result, a failed check, or what was wrong with its input. */
import { formatRefusal, type Refusal, type Refused } from '../../base/result.ts';
import { EXIT, type ExitCode } from './exit.ts';

export interface Outcome {
  readonly exit: ExitCode;
  /** One plain sentence for standard error; there is always one unless all went well. */
  readonly message?: string;
  /** Printed as one line of JSON, the last on standard output. */
  readonly result?: object;
}

/** What a subcommand may hand back: an outcome, or the refusal of its input as it got it. */
export type CommandEnd = Outcome | Refused;

/** All went well. */
export function done(result: object): Outcome {
  return { exit: EXIT.ok, result };
}

/** The subcommand ran, and what it checks doesn't hold; the result is printed all the same. */
export function failed(message: string, result?: object): Outcome {
  return result === undefined ? { exit: EXIT.failed, message } : { exit: EXIT.failed, message, result };
}

/** The options contradict each other or ask for what can't be: say which and what to give instead. */
export function wrongUsage(message: string): Outcome {
  return { exit: EXIT.usage, message };
}

/** The input was refused; a result is printed too where there is something to tell (what was refused and why). */
export function badInput(refusal: Refusal, result?: object): Outcome {
  const message = formatRefusal(refusal);
  return result === undefined ? { exit: EXIT.input, message } : { exit: EXIT.input, message, result };
}

/** Refused input is bad input, but for CANCELLED, which is the user's own doing. */
export function endedAs(end: CommandEnd): Outcome {
  if (!('ok' in end)) return end;
  return end.error.code === 'CANCELLED' ? interrupted() : badInput(end.error);
}

/** The user stopped the command; the result, if any, is what was done until then. */
export function interrupted(message = 'Stopped.', result?: object): Outcome {
  return result === undefined
    ? { exit: EXIT.interrupted, message }
    : { exit: EXIT.interrupted, message, result };
}
