/**
 * Writes a synthetic Qwen3 of real shapes, to measure a conversion with or to try a compiled library:
 *
 *     npm run -s model:synthetic -- --model qwen3-4b --out FOLDER [--seed 1] [--adapter 8]
 *
 * qwen3-4b takes 8 GB in bfloat16, in three files; qwen3-0.6b 1.2 GB. --adapter writes FOLDER-adapter, of that rank and
 * of --alpha (twice the rank unless said otherwise). Other shapes: --sizes '{"hiddenSize":64,"vocabSize":640,...}',
 * with --dtype F32|F16|BF16 and --shard-bytes.
 */
import { parseArgs } from 'node:util';
import { REAL, shape, writeSyntheticAdapter, writeSyntheticModel } from '../src/testing/synthetic-model.ts';
import { isFloatDtype } from '../src/weights/float-blocks.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    sizes: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    dtype: { type: 'string', default: 'BF16' },
    'shard-bytes': { type: 'string', default: '4e9' },
    adapter: { type: 'string', default: '0' },
    alpha: { type: 'string' },
  },
});
const { model, out, dtype } = values;
const config =
  values.sizes !== undefined
    ? shape(JSON.parse(values.sizes))
    : model === 'qwen3-4b' || model === 'qwen3-0.6b'
      ? REAL[model]
      : undefined;
const [seed, rank, shardBytes] = [values.seed, values.adapter, values['shard-bytes']].map(Number);
if (out === undefined || config === undefined || !isFloatDtype(dtype) || seed === undefined) {
  console.error(
    'Usage: npm run -s model:synthetic -- --model qwen3-4b|qwen3-0.6b --out FOLDER [--seed N] [--adapter RANK]',
  );
  process.exit(2);
}
const bytes = writeSyntheticModel(out, config, { seed, dtype, shardBytes: shardBytes ?? 4e9 });
if (rank !== undefined && rank > 0)
  writeSyntheticAdapter(`${out}-adapter`, config, { rank, alpha: Number(values.alpha ?? 2 * rank), seed });
console.log(JSON.stringify({ model: model ?? 'custom', out, bytes }));
