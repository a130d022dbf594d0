/**
 * Runs test_convert.py where Python has what it needs: DUOMEM_PYTHON, the .venv of models/README.md, or python3. Without
 * it src/cli/convert.test.ts compares with the digests that the same reference wrote.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const models = fileURLToPath(new URL('..', import.meta.url));
const own = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const candidates = [process.env.DUOMEM_PYTHON, existsSync(own) ? own : undefined, 'python3'];
const python = candidates.find((command) => command !== undefined && isEquipped(command));
if (python === undefined)
  console.warn(
    'skipped: no Python with numpy, torch, transformers, peft and pytest (set DUOMEM_PYTHON to one)',
  );

/** Looks without importing, which takes torch seconds. */
function isEquipped(command: string): boolean {
  const modules = ['numpy', 'torch', 'transformers', 'peft', 'pytest'];
  const script = `import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ${JSON.stringify(modules)})))`;
  return spawnSync(command, ['-c', script], { stdio: 'ignore' }).status === 0;
}

it.skipIf(python === undefined)(
  "merges to peft's weights and converts to numpy's records",
  () => {
    const run = spawnSync(python as string, ['-m', 'pytest', '-q', 'tests/test_convert.py'], {
      cwd: models,
      encoding: 'utf8',
    });
    expect(run.status, run.stdout).toBe(0);
  },
  30 * 60_000,
);
