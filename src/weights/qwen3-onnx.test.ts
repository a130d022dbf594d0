// Known answers: logits of transformers' own Qwen3ForCausalLM and LlamaForCausalLM, with and without peft's adapter (models/training/
// tiny_fixture.py wrote them), and the pocket student's self-test, run through onnxruntime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { POCKET, readModelFiles } from '../testing/model-files.ts';
import { parseAdapterConfig } from './adapter-config.ts';
import { mergeAdapter } from './peft.ts';
import { readFields } from './protobuf-reader.ts';
import type { Qwen3Config } from './qwen3.ts';
import { qwen3Onnx } from './qwen3-onnx.ts';
import { Safetensors } from './safetensors.ts';

/** A conversation with the model: feeds tokens, keeps the cache. */
class Runner {
  #past: Record<string, ort.Tensor> = {};
  #length = 0;
  readonly #session: ort.InferenceSession;
  readonly #config: Qwen3Config;

  private constructor(session: ort.InferenceSession, config: Qwen3Config) {
    this.#session = session;
    this.#config = config;
    const { kvHeads, headDim, layers } = config;
    for (let i = 0; i < layers; i++)
      for (const kind of ['key', 'value'])
        this.#past[`${i}.${kind}`] = new ort.Tensor('float32', new Float32Array(0), [1, kvHeads, 0, headDim]);
  }

  static async open(bytes: Uint8Array, config: Qwen3Config): Promise<Runner> {
    return new Runner(await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 }), config);
  }

  /** Logits of the last `keep` positions. */
  async feed(ids: readonly number[], keep = 1): Promise<Float32Array> {
    this.#length += ids.length;
    const integers = (values: readonly number[], dims: number[]): ort.Tensor =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
    const feeds: Record<string, ort.Tensor> = {
      input_ids: integers(ids, [1, ids.length]),
      attention_mask: integers(new Array(this.#length).fill(1), [1, this.#length]),
      num_logits_to_keep: integers([keep], []),
    };
    for (const [name, tensor] of Object.entries(this.#past)) feeds[`past_key_values.${name}`] = tensor;
    const out = await this.#session.run(feeds);
    for (const name of Object.keys(this.#past)) this.#past[name] = out[`present.${name}`] as ort.Tensor;
    const logits = out.logits as ort.Tensor;
    expect(logits.dims[2]).toBe(this.#config.vocabSize);
    return logits.data as Float32Array;
  }
}

function distance(a: Float32Array, b: readonly number[] | Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
}

function argmax(values: Float32Array): number {
  return values.reduce((best, x, i) => (x > (values[best] as number) ? i : best), 0);
}

describe.each([
  ['qwen3', 26],
  ['llama', 24],
])('a tiny %s', (architecture, operators) => {
  const tiny = new URL(`./fixtures/tiny-${architecture}/`, import.meta.url);
  const answers = JSON.parse(readFileSync(new URL('answers.json', tiny), 'utf8'));
  const { config, weights } = readModelFiles(tiny);
  const adapter = unwrap(Safetensors.parse(readFileSync(new URL('adapter/adapter_model.safetensors', tiny))));
  const adapterConfig = unwrap(
    parseAdapterConfig(readFileSync(new URL('adapter/adapter_config.json', tiny), 'utf8')),
  );

  it("gives transformers' logits, at once and token by token through the cache", async () => {
    const bytes = qwen3Onnx(config, weights, 'f32');
    const atOnce = await Runner.open(bytes, config);
    expect(distance(await atOnce.feed(answers.prompt), answers.logits)).toBeLessThan(1e-4);
    const inPieces = await Runner.open(bytes, config);
    await inPieces.feed(answers.prompt.slice(0, 67));
    for (const id of answers.prompt.slice(67, -1)) await inPieces.feed([id]);
    expect(distance(await inPieces.feed(answers.prompt.slice(-1)), answers.logits)).toBeLessThan(1e-4);
  });

  it('keeps as many logits as it is told', async () => {
    const runner = await Runner.open(qwen3Onnx(config, weights, 'f32'), config);
    const all = await runner.feed(answers.prompt, 0);
    expect(all.length).toBe(80 * config.vocabSize);
    expect(distance(all.slice(-config.vocabSize), answers.logits)).toBeLessThan(1e-4);
  });

  it("gives peft's logits with the adapter merged, and the base's at strength 0", async () => {
    const merged = unwrap(mergeAdapter(weights, adapter, adapterConfig));
    const runner = await Runner.open(qwen3Onnx(config, merged, 'f32'), config);
    expect(distance(await runner.feed(answers.prompt), answers.adapted)).toBeLessThan(1e-4);
    const base = unwrap(mergeAdapter(weights, adapter, adapterConfig, { strength: 0 }));
    for (const [name, { data }] of base) expect(data).toEqual(weights.get(name)?.data);
    expect(distance(Float32Array.from(answers.logits), answers.adapted)).toBeGreaterThan(0.1);
  });

  const folder = temporaryFolder();
  it(`runs by 15 operators and ${operators} a layer`, async () => {
    // What is left after the runtime's own optimiser is what every token runs.
    const optimizedModelFilePath = join(folder, 'optimised.onnx');
    const bytes = qwen3Onnx(config, weights, 'f16');
    const options = { optimizedModelFilePath, logSeverityLevel: 3 } as const;
    await (await ort.InferenceSession.create(bytes, options)).release();
    const graph = readFields(readFileSync(optimizedModelFilePath))?.find(({ field }) => field === 7);
    const nodes = readFields(graph?.bytes ?? new Uint8Array())?.filter(({ field }) => field === 1);
    expect(nodes).toHaveLength(15 + operators * config.layers);
  });

  it('is half as large in f16 and nearly the same', async () => {
    const [f16, f32] = [qwen3Onnx(config, weights, 'f16'), qwen3Onnx(config, weights, 'f32')];
    expect(f16.length).toBeLessThan(0.85 * f32.length);
    const runner = await Runner.open(f16, config);
    const far = distance(await runner.feed(answers.prompt), answers.logits);
    expect(far).toBeGreaterThan(0);
    expect(far).toBeLessThan(0.2);
  });
});

describe('the pocket student', () => {
  it("says greedily what torch's says, token for token", async () => {
    const { cases, tolerance } = JSON.parse(readFileSync(new URL('self-test.json', POCKET), 'utf8'));
    const { config, weights } = readModelFiles();
    const bytes = qwen3Onnx(config, weights, 'f16');
    for (const { prompt, logits, greedy } of cases) {
      const runner = await Runner.open(bytes, config);
      let last = await runner.feed(prompt);
      const wanted = new Float32Array(Uint8Array.from(Buffer.from(logits, 'base64')).buffer);
      expect(distance(last, wanted)).toBeLessThan(tolerance);
      const said: number[] = [];
      while (said.length < greedy.length) {
        said.push(argmax(last));
        last = await runner.feed(said.slice(-1));
      }
      expect(said).toEqual(greedy);
    }
  });
});
