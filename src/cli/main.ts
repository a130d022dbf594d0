/** The duomem command: process in, process out. `npm run -s duomem -- <subcommand>`. */
import { readFileSync } from 'node:fs';
import { EXIT, type ExitCode } from './exit.ts';
import { runProgram } from './program.ts';
import { registry } from './registry.ts';
import { createTerminal } from './terminal.ts';

// npm runs scripts in the package's folder; a path that the user gives is meant from where the user stands.
const { INIT_CWD, npm_lifecycle_event: lifecycle, DUOMEM_DEBUG: debug } = process.env;
if (lifecycle === 'duomem' && INIT_CWD !== undefined) process.chdir(INIT_CWD);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.pipe : EXIT.fault);
  });
}

const terminal = createTerminal(
  process.stdout,
  process.stderr,
  () => performance.now(),
  (abort) => {
    process.once('SIGINT', abort);
  },
);

async function main(): Promise<ExitCode> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const streams = { out: process.stdout, err: process.stderr, terminal };
  const outcome = await runProgram(process.argv.slice(2), registry, version, streams);
  terminal.clearProgress();
  if (outcome?.message !== undefined) terminal.note(outcome.message);
  if (outcome?.result !== undefined) terminal.print(JSON.stringify(outcome.result));
  return outcome?.exit ?? EXIT.ok;
}

function fault(error: unknown): ExitCode {
  terminal.clearProgress();
  if (debug === '1') {
    console.error(error);
  } else {
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim();
    terminal.note(`A fault in duomem: ${message || 'no message'} (set DUOMEM_DEBUG=1 to see where).`);
  }
  return EXIT.fault;
}

process.on('uncaughtException', (error) => end(fault(error)));

/** Ends once everything written has been taken, even if a worker or a handle is still open. */
function end(code: ExitCode): void {
  process.stderr.write('', () => process.stdout.write('', () => process.exit(code)));
}

end(await main().catch(fault));
