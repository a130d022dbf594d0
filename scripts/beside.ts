/**
 * `npm run beside -- --games GAMES`: plays the Python package beside the real ALFWorld, by the same loop, in both
 * dialects, and times both (scripts/differential/beside.py has the options). Makes the real one's environment and the
 * packages first, as they're needed.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatRefusal } from '../src/base/result.ts';
import { ensureEnvironment } from './differential/environment.ts';
import { runInstalled } from './lib/command.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const python = ensureEnvironment(process.env.DUOMEM_PYTHON);
if (!python.ok) {
  console.error(formatRefusal(python.error));
  process.exit(3);
}
const built = await runInstalled('tsx/dist/cli.mjs', ['scripts/packages.ts']);
if (built.code !== 0) process.exit(built.code);
// A path is meant from where the user stands.
const words = process.argv
  .slice(2)
  .map((word, i, all) => (all[i - 1] === '--games' ? resolve(process.env.INIT_CWD ?? '.', word) : word));
const { status } = spawnSync(python.value, [join(root, 'scripts/differential/beside.py'), ...words], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
