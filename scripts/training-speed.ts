/**
 * How fast the training kernels are beside torch, and jax-js, on the same machine in the same run: a step of one sequence (forward,
 * backward, clipping, AdamW; adapters of rank 16 on all seven projections), one thread each, seconds of the CPU.
 * `npm run -s measure:training -- [PYTHON [JAX [LENGTH ...]]]`; models/requirements.txt says what Python needs, and JAX is a folder
 * where `npm install @jax-js/jax` was run (it's no part of this project; it needs Node 22).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../src/base/random.ts';
import { unwrap } from '../src/base/result.ts';
import { mean } from '../src/base/statistics.ts';
import { runsHere } from '../src/kernels/load.ts';
import { dimensionsOf } from '../src/kernels/model.ts';
import { PROJECTIONS } from '../src/kernels/trained-matrices.ts';
import { Trainer } from '../src/kernels/trainer.ts';
import { parseQwen3Config, parseQwen3Weights } from '../src/weights/qwen3.ts';

const STEPS = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const [python = 'python3', jax, ...lengths] = process.argv.slice(2);

const file = (name: string): Buffer => readFileSync(join(root, 'models/pocket', name));
const config = unwrap(parseQwen3Config(file('config.json').toString()));
const weights = unwrap(parseQwen3Weights(file('model.safetensors'), config));
const build = runsHere('relaxed') ? 'relaxed' : 'simd';
const adapter = { rank: 16, alpha: 32, targets: PROJECTIONS };

for (const length of lengths.length > 0 ? lengths.map(Number) : [512, 2048]) {
  const trainer = await Trainer.create(dimensionsOf(config), weights, adapter, {
    longest: length,
    build,
  });
  const random = new Random('training-speed');
  trainer.matrices.begin(random);
  const step = (): number => {
    const tokens = Array.from({ length }, () => random.int(config.vocabSize));
    // About a third of the tokens, as in an episode.
    const learnt = tokens.map((_, i) => i).filter((i) => i % 3 === 1);
    const before = process.cpuUsage();
    trainer.learn({ tokens, learnt }, 1 / learnt.length);
    trainer.matrices.step(1e-4, 1);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  step();
  const ours = Array.from({ length: STEPS }, step);
  const others: (readonly [string, readonly number[]])[] = [
    ['torch', seconds(python, ['-m', 'training.training_speed'], length, 'models')],
  ];
  if (jax !== undefined) {
    const args = [join(root, 'scripts/training-jax.mjs'), join(jax, 'node_modules/@jax-js/jax')];
    others.push(['jax-js', seconds(process.execPath, args, length, '.')]);
  }
  // On both sides of the others: what the machine does otherwise changes.
  ours.push(...Array.from({ length: STEPS }, step));
  const rate = (of: readonly number[]): number => length / mean(of);
  const beside = others.map(
    ([name, of]) => `${rate(of).toFixed(0)} by ${name}, × ${(rate(ours) / rate(of)).toFixed(2)}`,
  );
  console.log(
    `${length} tokens: ${rate(ours).toFixed(0)} tokens/s by the kernels (${build}), ${beside.join('; ')}`,
  );
}

/** What another program prints last: seconds of the CPU a step. */
function seconds(
  program: string,
  args: readonly string[],
  length: number,
  folder: string,
): readonly number[] {
  const run = spawnSync(program, [...args, `${length}`, `${STEPS}`], {
    cwd: join(root, folder),
    encoding: 'utf8',
  });
  if (run.status !== 0)
    throw new Error(`${program} couldn't be measured: ${run.error?.message ?? run.stderr.slice(-500)}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as number[];
}
