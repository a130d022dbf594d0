/** The duomem command: `npm run -s duomem -- <subcommand>`. */
import { runProcess } from './program/process.ts';
import { registry } from './program/registry.ts';

await runProcess(registry);
