/** The duomem command: `npm run -s duomem -- <subcommand>`. */
import { runProcess } from './process.ts';
import { registry } from './registry.ts';

await runProcess(registry);
