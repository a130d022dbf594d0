/** From the pocket student that ships to MLC weights and back: what a compiled library would load is what was trained. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { readModelFiles } from '../testing/model-files.ts';
import { runHere } from '../testing/run-here.ts';
import { decodeFloats } from '../weights/float-blocks.ts';
import { dequantise } from '../weights/group-quantization.ts';
import { mlcParameters } from '../weights/mlc-parameters.ts';
import { parseTensorCache } from '../weights/tensor-cache.ts';

const pocket = fileURLToPath(new URL('../../models/pocket', import.meta.url));
const root = temporaryFolder();
const { config, weights } = readModelFiles();

/** Converts, verifies, and gives a reader of records, in bytes that begin at a multiple of four. */
async function convert(...words: string[]): Promise<(name: string) => Uint8Array<ArrayBuffer>> {
  const out = join(root, words.join('-'));
  const outcome = await runHere(['convert', '--base', pocket, '--out', out, '--quantization', ...words]);
  expect(outcome).toMatchObject({ exit: 0, result: { parameters: 1_716_160 } });
  expect((await runHere(['verify', '--model', out])).exit).toBe(0);
  const cache = unwrap(parseTensorCache(readFileSync(join(out, 'tensor-cache.json'), 'utf8')));
  const records = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { dataPath, records: inShard } of cache.shards) {
    const bytes = readFileSync(join(out, dataPath));
    for (const { name, byteOffset, nbytes } of inShard)
      records.set(name, new Uint8Array(bytes.subarray(byteOffset, byteOffset + nbytes)));
  }
  return (name) => records.get(name) ?? new Uint8Array();
}

/** A parameter's weights as they were trained, its parts one below the other. */
function trained(parts: readonly { readonly tensor: string }[]): Float32Array {
  return Float32Array.from(parts.flatMap(({ tensor }) => [...(weights.get(tensor)?.data ?? [])]));
}

it('unquantised, every number is the same', async () => {
  const record = await convert('q0f32', '--f32', 'f32');
  for (const { name, parts } of mlcParameters(config)) {
    const original = trained(parts);
    const found = new Float32Array(original.length);
    decodeFloats(record(`${name}.weight`), 'F32', found);
    expect(found.every((x, i) => x === original[i])).toBe(true);
  }
});

it('in four bits, every matrix is within some 10 % of what was trained', async () => {
  const record = await convert('q4f16_1');
  for (const { name, parts, columns } of mlcParameters(config).filter((one) => one.matrix)) {
    const words = new Uint32Array(record(`${name}.q_weight`).buffer);
    const scaleBytes = record(`${name}.q_scale`);
    const scales = new Float32Array(scaleBytes.length / 2);
    decodeFloats(scaleBytes, 'F16', scales);
    const back = dequantise(words, scales, columns, 'f16');
    let error = 0;
    let power = 0;
    trained(parts).forEach((x, i) => {
      error += ((back[i] as number) - x) ** 2;
      power += x ** 2;
    });
    expect(Math.sqrt(error / power)).toBeGreaterThan(0.05);
    expect(Math.sqrt(error / power)).toBeLessThan(0.15);
  }
});
