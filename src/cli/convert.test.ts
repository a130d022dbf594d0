/**
 * Conversions against what peft and numpy computed (models/tests/write_conversion_digests.py wrote the digests), and
 * how they go on, end and fail. models/tests/test_convert.py compares every record itself, where Python is there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { quietTerminal, runHere } from '../testing/run-here.ts';
import { shape, writeSyntheticAdapter, writeSyntheticModel } from '../testing/synthetic-model.ts';
import { words } from '../testing/words.ts';
import fixture from '../weights/fixtures/conversions.json' with { type: 'json' };
import type { FloatDtype } from '../weights/float-blocks.ts';
import { parseManifest, QUANTIZATIONS } from '../weights/manifest.ts';
import { Safetensors } from '../weights/safetensors.ts';
import { parseTensorCache } from '../weights/tensor-cache.ts';
import { type ConvertOptions, convertModel } from './convert.ts';
import type { ConversionSeams } from './converting/conversion.ts';
import { BLOCK_FILES } from './converting/convert-block.ts';
import { endedAs } from './program/outcome.ts';

const root = temporaryFolder();

const converted = async (options: ConvertOptions, seams: ConversionSeams = {}, terminal = quietTerminal()) =>
  endedAs(await convertModel(options, terminal, seams));

/** As models/tests/write_conversion_digests.py digests. */
function digestOf(records: ReadonlyMap<string, Uint8Array>): string {
  const whole = createHash('sha256');
  for (const name of [...records.keys()].sort())
    whole.update(`${name}\0`).update(records.get(name) as Uint8Array);
  return whole.digest('hex');
}

function mlcRecords(folder: string): Map<string, Uint8Array> {
  const cache = unwrap(parseTensorCache(readFileSync(join(folder, 'tensor-cache.json'), 'utf8')));
  const records = new Map<string, Uint8Array>();
  for (const { dataPath, nbytes, md5sum, records: inShard } of cache.shards) {
    const bytes = readFileSync(join(folder, dataPath));
    expect(bytes.length).toBe(nbytes);
    expect(md5sum ?? createHash('md5').update(bytes).digest('hex')).toMatch(/^[0-9a-f]{32}$/);
    for (const { name, byteOffset, nbytes: size } of inShard)
      records.set(name, bytes.subarray(byteOffset, byteOffset + size));
  }
  return records;
}

/** The bytes of all tensors of a Hugging Face folder. */
function tensorsOf(out: string): Map<string, Uint8Array> {
  const weights = new Map<string, Uint8Array>();
  for (const path of readdirSync(out).filter((one) => one.endsWith('.safetensors'))) {
    const bytes = readFileSync(join(out, path));
    const file = unwrap(Safetensors.parse(bytes));
    for (const [tensor, { begin, end }] of file.header.tensors)
      weights.set(tensor, bytes.subarray(begin, end));
  }
  return weights;
}

/** Digests of a folder's files: comparing megabytes byte by byte takes a test runner minutes. */
function digestsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

describe.each(fixture.cases)('$name', ({ name, sizes, seed, dtype, shardBytes, rank, alpha }) => {
  const base = (): string => join(root, `base-${seed}`);
  const adapter = (): string => join(root, `adapter-${seed}`);
  const config = shape(sizes as Parameters<typeof shape>[0]);
  const digests = (fixture.digests as Record<string, Record<string, string>>)[name] ?? {};
  beforeAll(() => {
    writeSyntheticModel(base(), config, { seed, dtype: dtype as FloatDtype, shardBytes });
    writeSyntheticAdapter(adapter(), config, { rank, alpha, seed });
  });

  it("merges to peft's weights, bit for bit", async () => {
    const out = join(root, `merged-${seed}`);
    const merge = words`merge --base ${base()} --adapter ${adapter()} --storage f32 --out ${out}`;
    expect(await runHere(merge)).toMatchObject({ exit: 0 });
    const weights = tensorsOf(out);
    expect(digestOf(weights)).toBe(digests.merged);
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')).dtype).toBe('float32');
    expect((await runHere(['verify', '--model', out])).exit).toBe(0);
  });

  it.each(QUANTIZATIONS.mlc.flatMap((one) => [[one, 'bf16'] as const, [one, 'f32'] as const]))(
    "%s with f32 as %s has numpy's words, scales and numbers",
    async (quantization, f32) => {
      const out = join(root, `${quantization}-${f32}-${seed}`);
      const stored = words`--quantization ${quantization} --f32 ${f32} --out ${out}`;
      const convert = words`convert --base ${base()} --adapter ${adapter()} ${stored}`;
      expect(await runHere(convert)).toMatchObject({ exit: 0 });
      expect(digestOf(mlcRecords(out))).toBe(digests[`${quantization} ${f32}`]);
      expect((await runHere(['verify', '--model', out])).exit).toBe(0);
    },
  );
});

it("merges embedding, head, norms and ranks by module to peft's weights, bit for bit", async () => {
  const tiny = fileURLToPath(new URL('../weights/fixtures/tiny-qwen3', import.meta.url));
  const out = join(root, 'parts');
  const adapter = join(tiny, 'adapter-parts');
  const merge = words`merge --base ${tiny} --adapter ${adapter} --storage f32 --out ${out}`;
  expect(await runHere(merge)).toMatchObject({ exit: 0 });
  const digests = [...tensorsOf(out)].map(([name, bytes]) => [
    name,
    createHash('sha256').update(bytes).digest('hex'),
  ]);
  expect(Object.fromEntries(digests)).toEqual(JSON.parse(readFileSync(join(adapter, 'merged.json'), 'utf8')));
});

describe('a conversion', () => {
  /** Two shards: the head, written last, in one of its own (number 0), and all else. */
  const sizes = shape({ vocabSize: 40_000, hiddenSize: 128, layers: 1, headDim: 16, tied: false });
  const request = (out: string) => ({
    base: join(root, 'large'),
    adapter: join(root, 'large-adapter'),
    strength: 1,
    quantization: 'q0f32' as const,
    f32: 'f32' as const,
    out,
  });
  const convert = (out: string): string[] => {
    const { base, adapter } = request(out);
    return words`convert --base ${base} --adapter ${adapter} --quantization q0f32 --f32 f32 --out ${out}`;
  };
  let whole: Record<string, string>;
  const sizeOf = new Map<string, number>();
  const texts = new Map<string, string>();

  beforeAll(async () => {
    writeSyntheticModel(join(root, 'large'), sizes, { seed: 9, dtype: 'BF16', shardBytes: 6e6 });
    writeSyntheticAdapter(join(root, 'large-adapter'), sizes, { rank: 2, alpha: 4, seed: 9 });
    const out = join(root, 'q');
    expect(await converted({ ...request(out), jobs: 1 })).toMatchObject({ exit: 0 });
    whole = digestsOf(out);
    for (const name of Object.keys(whole)) {
      sizeOf.set(name, statSync(join(out, name)).size);
      if (name.endsWith('.json')) texts.set(name, readFileSync(join(out, name), 'utf8'));
    }
    rmSync(out, { recursive: true });
  });

  it('says what it wrote, and lists it', () => {
    expect(Object.keys(whole).filter((name) => name.startsWith('params'))).toHaveLength(2);
    const manifest = unwrap(parseManifest(texts.get('manifest.json') ?? ''));
    expect(manifest).toMatchObject({
      kind: 'mlc',
      model: 'q',
      architecture: 'qwen3',
      quantization: 'q0f32',
    });
    expect(manifest.parameters.adapter).toBe(2 * (4 * 128 + 64 + 32 + 32 + 128 - 128 + 64));
    expect(manifest.files.map(({ path }) => path)).toEqual(
      Object.keys(whole)
        .filter((name) => name !== 'manifest.json')
        .sort(),
    );
    const config = JSON.parse(texts.get('mlc-chat-config.json') ?? '');
    expect(config).toMatchObject({
      model_type: 'qwen3',
      quantization: 'q0f32',
      vocab_size: 40_000,
      context_window_size: 4096,
      tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'],
      tokenizer_info: { token_postproc_method: 'byte_level' },
      temperature: 0.6,
      conv_template: { stop_token_ids: [39_709] },
      model_config: { hidden_size: 128, head_dim: 16, rope_theta: 1_000_000, tie_word_embeddings: false },
    });
  });

  it('is the same with threads', async () => {
    const out = join(root, 'threads', 'q');
    const run = await runCli([...convert(out), '--jobs', '2']);
    expect(run).toMatchObject({ exit: 0, result: { tensors: 11, parameters: expect.any(Number) } });
    expect(run.stderr).toMatch(/ % converted, /);
    expect(digestsOf(out)).toEqual(whole);
    expect(readdirSync(join(root, 'threads'))).toEqual(['q']);
  });

  /** Files with which this happens when the second one is begun: then the first is complete. */
  const inSecondFile = (happens: () => void): ConversionSeams => {
    let first = -1;
    return {
      files: {
        ...BLOCK_FILES,
        write(file, bytes, position) {
          if (first === -1) first = file;
          if (file !== first) happens();
          return BLOCK_FILES.write(file, bytes, position);
        },
      },
    };
  };

  it('that was stopped goes on with what is finished', async () => {
    const out = join(root, 'stopped', 'q');
    const terminal = quietTerminal();
    const stopped = await converted(request(out), inSecondFile(terminal.abort), terminal);
    expect(stopped).toMatchObject({ exit: 130, result: { finished: 1, files: 2 } });
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`${out}.part`)).toBe(true);

    let written = 0;
    const counting = {
      ...BLOCK_FILES,
      write(file: number, bytes: Uint8Array, position: number): number {
        written += bytes.length;
        return BLOCK_FILES.write(file, bytes, position);
      },
    };
    const again = quietTerminal();
    expect(await converted(request(out), { files: counting }, again)).toMatchObject({ exit: 0 });
    expect(again.lines).toEqual(['Going on with an interrupted conversion: 1 of 2 files are finished.']);
    expect(written).toBe(sizeOf.get('params_shard_0.bin'));
    expect(digestsOf(out)).toEqual(whole);
    expect(readdirSync(join(root, 'stopped'))).toEqual(['q']);
  });

  it('makes finished files again that were damaged since', async () => {
    const out = join(root, 'damaged', 'q');
    const terminal = quietTerminal();
    await converted(request(out), inSecondFile(terminal.abort), terminal);
    const shard = join(`${out}.part`, 'params_shard_1.bin');
    const bytes = readFileSync(shard);
    bytes[77] = (bytes[77] as number) ^ 1;
    writeFileSync(shard, bytes);
    const again = quietTerminal();
    expect(await converted(request(out), {}, again)).toMatchObject({ exit: 0 });
    expect(again.lines).toEqual([]);
    expect(digestsOf(out)).toEqual(whole);
  });

  it('that was killed goes on', async () => {
    const out = join(root, 'killed', 'q');
    const run = await runCli([...convert(out), '--jobs', '1'], {
      started: (child) => child.stderr?.once('data', () => child.kill('SIGKILL')),
    });
    expect(run.signal).toBe('SIGKILL');
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`${out}.part`)).toBe(true);
    expect(await converted(request(out))).toMatchObject({ exit: 0 });
    expect(digestsOf(out)).toEqual(whole);
  });

  it("of other weights doesn't take up what is there", async () => {
    const out = join(root, 'other', 'q');
    const terminal = quietTerminal();
    terminal.abort();
    await converted({ ...request(out), strength: 0.5 }, {}, terminal);
    expect(existsSync(`${out}.part`)).toBe(true);
    expect(await converted(request(out))).toMatchObject({ exit: 0 });
    expect(digestsOf(out)).toEqual(whole);
  });

  it('refuses when the disk is too small, before it writes', async () => {
    const out = join(root, 'small', 'q');
    const outcome = await converted(request(out), { free: async () => 30e6 });
    expect(outcome).toMatchObject({
      exit: 3,
      message: expect.stringMatching(/: The conversion needs 0\.\d+ GB, but only 0\.03 GB are free there\.$/),
    });
    expect(existsSync(join(root, 'small'))).toBe(false);
  });

  it.each([
    ['ENOSPC', /^params_shard_0\.bin: The disk is full\.$/],
    ['EIO', /^params_shard_0\.bin: The file can't be written: /],
  ])('leaves nothing behind when writing ends with %s', async (code, message) => {
    const out = join(root, 'full', 'deep', 'q');
    const failing = inSecondFile(() => {
      throw Object.assign(new Error(`${code}: write`), { code });
    });
    const outcome = await converted(request(out), failing);
    expect(outcome).toMatchObject({ exit: 3, message: expect.stringMatching(message) });
    expect(existsSync(join(root, 'full'))).toBe(false);
  });

  it('writes whatever the system takes at once', async () => {
    const out = join(root, 'slow', 'q');
    const slow = {
      ...BLOCK_FILES,
      write: (file: number, bytes: Uint8Array, position: number) =>
        BLOCK_FILES.write(file, bytes.subarray(0, 100_003), position),
      read: (file: number, bytes: Uint8Array, position: number) =>
        BLOCK_FILES.read(file, bytes.subarray(0, 70_001), position),
    };
    expect(await converted(request(out), { files: slow })).toMatchObject({ exit: 0 });
    expect(digestsOf(out)).toEqual(whole);
  });

  it("doesn't touch a folder that holds something, nor a stranger's under the temporary name", async () => {
    const out = join(root, 'taken');
    writeSyntheticAdapter(out, sizes, { rank: 1, alpha: 1, seed: 1 });
    const before = readdirSync(out);
    expect(await converted(request(out))).toMatchObject({
      exit: 3,
      message: `${out}: The folder exists already and isn't empty; name another one.`,
    });
    expect(readdirSync(out)).toEqual(before);
    const other = join(root, 'foreign');
    writeSyntheticAdapter(`${other}.part`, sizes, { rank: 1, alpha: 1, seed: 1 });
    expect(await converted(request(other))).toMatchObject({ exit: 3 });
    expect(readdirSync(`${other}.part`)).toEqual(before);
  });

  it('pads the vocabulary with rows of zeros', async () => {
    const out = join(root, 'padded');
    const padded = await runHere([...convert(out), '--vocabulary', '40960']);
    expect(padded).toMatchObject({ exit: 0 });
    const records = mlcRecords(out);
    for (const name of ['model.embed_tokens.weight', 'lm_head.weight']) {
      const bytes = records.get(name) as Uint8Array;
      expect(bytes.length).toBe(40_960 * 128 * 4);
      expect(bytes.subarray(40_000 * 128 * 4).every((byte) => byte === 0)).toBe(true);
      expect(bytes.subarray(0, 40_000 * 128 * 4).some((byte) => byte !== 0)).toBe(true);
    }
    expect(await runHere([...convert(join(root, 'short')), '--vocabulary', '39999'])).toMatchObject({
      exit: 3,
      message: "--vocabulary: The model's vocabulary has 40000 rows, more than that.",
    });
  });

  it('takes a compiled library along, and nothing else for one', async () => {
    const [library, other] = [join(root, 'qwen.wasm'), join(root, 'other.wasm')];
    writeFileSync(library, Buffer.from('\0asm\x01\0\0\0\0', 'latin1'));
    writeFileSync(other, '<!doctype html>');
    const out = join(root, 'library');
    expect(await converted({ ...request(out), library })).toMatchObject({ exit: 0 });
    expect(digestsOf(out)['qwen.wasm']).toBe(
      createHash('sha256').update(readFileSync(library)).digest('hex'),
    );
    expect((await runHere(['verify', '--model', out])).exit).toBe(0);
    expect(await converted({ ...request(join(root, 'none')), library: other })).toMatchObject({
      exit: 3,
      message: `${other}: A compiled library is a WebAssembly module whose name ends with .wasm.`,
    });
    expect(existsSync(join(root, 'none'))).toBe(false);
  });
});
