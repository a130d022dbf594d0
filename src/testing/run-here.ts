/** Runs a command of this project in this process: faster than one of its own, where signals and exits don't matter. */
import type { Outcome } from '../cli/program/outcome.ts';
import { runProgram } from '../cli/program/program.ts';
import { registry } from '../cli/program/registry.ts';
import type { Terminal } from '../cli/program/terminal.ts';

/** A terminal that keeps what it is told; `abort` is Ctrl-C. */
export interface QuietTerminal extends Terminal {
  readonly lines: string[];
  abort(): void;
}

export function quietTerminal(): QuietTerminal {
  const lines: string[] = [];
  const controller = new AbortController();
  const keep = (line: string): void => void lines.push(line);
  return {
    lines,
    print: keep,
    note: keep,
    progress: () => {},
    signal: controller.signal,
    abort: () => controller.abort(),
  };
}

/** Runs a command line and returns how it ended. */
export async function runHere(words: readonly string[]): Promise<Outcome> {
  const nowhere = { write: () => true };
  const streams = { out: nowhere, err: nowhere, terminal: quietTerminal() };
  const outcome = await runProgram(words, registry, '0', streams);
  if (outcome === undefined) throw new Error('The command only printed help.');
  return outcome;
}
