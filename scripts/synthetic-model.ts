/**
 * Writes a synthetic Qwen3 of real shapes, to measure a conversion with or to try a compiled library:
 *
 *     npx tsx scripts/synthetic-model.ts --model qwen3-4b --out FOLDER [--seed 1] [--adapter 8]
 *
 * qwen3-4b takes 8 GB in bfloat16, in three files; qwen3-0.6b 1.2 GB. --adapter writes FOLDER-adapter, of that rank.
 */
import { parseArgs } from 'node:util';
import { REAL, writeSyntheticAdapter, writeSyntheticModel } from '../src/testing/synthetic-model.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'qwen3-4b' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    adapter: { type: 'string' },
  },
});
const { model, out } = values;
const seed = Number(values.seed);
const rank = Number(values.adapter ?? 0);
if (out === undefined || (model !== 'qwen3-4b' && model !== 'qwen3-0.6b') || !Number.isInteger(rank)) {
  console.error(
    'Usage: npx tsx scripts/synthetic-model.ts --model qwen3-4b|qwen3-0.6b --out FOLDER [--adapter RANK]',
  );
  process.exit(2);
}
const bytes = writeSyntheticModel(out, REAL[model], { seed, dtype: 'BF16', shardBytes: 4e9 });
if (rank > 0) writeSyntheticAdapter(`${out}-adapter`, REAL[model], { rank, alpha: 2 * rank, seed });
console.log(JSON.stringify({ model, out, bytes }));
