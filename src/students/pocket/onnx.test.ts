// The loop over ONNX Runtime itself, with a small Qwen3 of random weights that our own writer makes: the same tests on
// the CPU through onnxruntime-node and through onnxruntime-web's WASM.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../agent/prompt.ts';
import { Random } from '../../base/random.ts';
import { unwrap } from '../../base/result.ts';
import { CHARACTER_TOKENS, VOCABULARY } from '../../testing/fake-runtime.ts';
import { randomQwen3 } from '../../testing/random-pocket.ts';
import { shape } from '../../testing/synthetic-model.ts';
import { createOnnxRuntime } from './onnx.ts';
import { loadOnnxNode } from './onnx-node.ts';
import type { OrtSession, OrtTensor } from './onnx-types.ts';
import { loadOnnxWeb } from './onnx-web.ts';
import type { Runtime } from './runtime.ts';
import { createPocketStudent } from './session.ts';

const CONFIG = shape({
  vocabSize: VOCABULARY,
  hiddenSize: 32,
  headDim: 8,
  intermediateSize: 48,
  ropeTheta: 10_000,
  maxPositions: 1024,
  ends: [0],
});
const VIEW = { intro: '', steps: [], scripts: [], admissible: () => [] };

const randomModel = (): Uint8Array => randomQwen3(CONFIG, 7);

const SHAPE = { contextLimit: 1024, vocabulary: VOCABULARY, layers: CONFIG.layers };
const WASM = new URL(
  '../../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
  import.meta.url,
);

type LoadOnnx = typeof loadOnnxNode;

const LOADERS: Readonly<Record<string, LoadOnnx>> = {
  'onnxruntime-node': loadOnnxNode,
  'onnxruntime-web, WASM': async (model, shape) => {
    const { buffer, byteOffset, length } = await readFile(fileURLToPath(WASM));
    const wasmBinary = (buffer as ArrayBuffer).slice(byteOffset, byteOffset + length);
    return loadOnnxWeb(model, shape, { wasmBinary });
  },
};

const tokens = (seed: string, count: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.int(VOCABULARY));
};

function expectClose(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  expect(Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number))))).toBeLessThan(1e-4);
}

describe.each(Object.keys(LOADERS))('%s', (name) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = unwrap(await (LOADERS[name] as LoadOnnx)(randomModel(), SHAPE));
  });
  afterAll(() => runtime.dispose());

  /** Logits of every position, computed at once. */
  async function logitsOf(all: readonly number[]): Promise<Float32Array[]> {
    const { cache, logits } = await runtime.extend(runtime.empty(), all, all.length);
    runtime.release(cache);
    return all.map((_, i) => logits.slice(i * VOCABULARY, (i + 1) * VOCABULARY));
  }

  describe('the runtime', () => {
    test('computes the same piece by piece as at once', async () => {
      const all = tokens('pieces', 90);
      const whole = await logitsOf(all);
      let cache = runtime.empty();
      for (const [from, to] of [
        [0, 40],
        [40, 41],
        [41, 89],
        [89, 90],
      ] as const) {
        const extended = await runtime.extend(cache, all.slice(from, to), 1);
        cache = extended.cache;
        expect(cache.length).toBe(to);
        expectClose(extended.logits, whole[to - 1] as Float32Array);
      }
    });

    test('computes the same after a rewind as if nothing had followed', async () => {
      const all = tokens('rewind', 60);
      let { cache } = await runtime.extend(runtime.empty(), [...all.slice(0, 50), ...tokens('other', 30)], 1);
      cache = await runtime.rewind(cache, 50);
      const { logits } = await runtime.extend(cache, all.slice(50), 10);
      const whole = await logitsOf(all);
      for (let row = 0; row < 10; row++) {
        expectClose(logits.slice(row * VOCABULARY, (row + 1) * VOCABULARY), whole[50 + row] as Float32Array);
      }
    });

    test('rewinds to nothing', async () => {
      const { cache } = await runtime.extend(runtime.empty(), tokens('a', 9), 1);
      const empty = await runtime.rewind(cache, 0);
      const { logits } = await runtime.extend(empty, tokens('b', 5), 1);
      expectClose(logits, (await logitsOf(tokens('b', 5))).at(-1) as Float32Array);
    });
  });

  describe('the student', () => {
    const clock = (): number => 0;
    const student = () =>
      createPocketStudent({ identity: { name: 'r' }, runtime, tokenizer: CHARACTER_TOKENS, clock });
    const turn = (role: Message['role'], content: string): Message => ({ role, content });

    test('says over many turns what a fresh one says, and prefills only new tokens', async () => {
      const conversation = student().open();
      const messages = [turn('user', 'x'.repeat(200))];
      let held = 0;
      for (let i = 0; i < 5; i++) {
        const request = { messages: [...messages], view: VIEW, maxTokens: 12 };
        const [kept, fresh] = [await conversation.reply(request), await student().open().reply(request)];
        if (!kept.ok || !fresh.ok) throw new Error();
        expect(kept.value.text).toBe(fresh.value.text);
        expect(kept.value.counters.reused).toBe(held);
        expect(fresh.value.counters.reused).toBe(0);
        const { context, decoded } = kept.value.counters;
        // The last token that was said is not in the cache; nor is the end of the turn.
        held = context + decoded - 1;
        messages.push(turn('assistant', kept.value.text), turn('user', `observation ${i}`));
      }
    });

    test('scores a reply by the probabilities that the model gives', async () => {
      const messages = [turn('user', 'hello')];
      const conversation = student().open();
      const score = await conversation.score?.(messages, 'abc');
      if (score?.ok !== true) throw new Error();
      const prompt = CHARACTER_TOKENS.encodeChat(messages, true);
      const reply = [...CHARACTER_TOKENS.encode('abc'), CHARACTER_TOKENS.turnEnd];
      const rows = await logitsOf([...prompt, ...reply]);
      let sum = 0;
      reply.forEach((token, i) => {
        const row = rows[prompt.length - 1 + i] as Float32Array;
        const total = row.reduce((s, x) => s + Math.exp(x), 0);
        sum += Math.log(Math.exp(row[token] as number) / total);
      });
      expect(score.value.logProbability).toBeCloseTo(sum, 3);
    });
  });
});

describe('what a run is given and asked for', () => {
  /** A session that computes nothing and notes what passes: [inputs, outputs], in numbers of the cache. */
  async function passed(newRows: ReadonlyMap<string, string> | undefined): Promise<[number, number][]> {
    const [heads, size] = [2, 8];
    const names = ['0.key', '0.value'];
    const noted: [number, number][] = [];
    const tensor = (type: string, data: unknown, dims: readonly number[]): OrtTensor => ({
      ...{ dims, data, location: 'cpu', getData: async () => data, dispose: () => {} },
      ...{ type },
    });
    const of = (tensors: Record<string, OrtTensor>): number =>
      Object.entries(tensors)
        .filter(([name]) => /\d/.test(name))
        .reduce((sum, [, { dims }]) => sum + dims.reduce((a, b) => a * b, 1), 0);
    const session: OrtSession = {
      inputNames: ['input_ids', 'attention_mask', ...names.map((name) => `past_key_values.${name}`)],
      outputNames: ['logits', ...names.map((name) => `present.${name}`)],
      inputMetadata: ['', '', '', ''].map(() => ({ type: 'float32', shape: ['batch', heads, 'past', size] })),
      async run(feeds, fetches) {
        const [all, added] = [feeds.attention_mask, feeds.input_ids].map((one) => one?.dims[1] as number);
        const outputs = fetches.map((name) => {
          const length = (name.startsWith('present') ? all : added) as number;
          const dims = name === 'logits' ? [1, 1, VOCABULARY] : [1, heads, length, size];
          const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
          return [name, tensor('float32', data, dims)] as const;
        });
        noted.push([of(feeds), of(Object.fromEntries(outputs))]);
        return Object.fromEntries(outputs);
      },
      release: async () => {},
    };
    const runtime = unwrap(
      createOnnxRuntime({
        ...{ session, makeTensor: tensor, device: 'd', shape: SHAPE, newRows, breathe: async () => {} },
      }),
    );
    let cache = runtime.empty();
    for (const count of [100, 1, 1]) {
      cache = (await runtime.extend(cache, Array(count).fill(1), 1)).cache;
    }
    return noted;
  }
  const token = 2 * 2 * 8;

  test('the whole cache comes back where it can stay where it is', async () => {
    expect(await passed(undefined)).toEqual([
      [0, 100 * token],
      [100 * token, 101 * token],
      [101 * token, 102 * token],
    ]);
  });

  test("only the new tokens' rows come back where everything is copied", async () => {
    const rows = new Map([
      ['0.key', 'rows_0_key'],
      ['0.value', 'rows_0_value'],
    ]);
    expect(await passed(rows)).toEqual([
      [0, 100 * token],
      [100 * token, token],
      [101 * token, token],
    ]);
  });
});

describe('a graph that is something else is refused', () => {
  const session = (
    inputNames: readonly string[],
    outputNames: readonly string[],
    metadata: object,
  ): OrtSession => ({
    inputNames,
    outputNames,
    inputMetadata: inputNames.map(() => metadata),
    run: async () => ({}),
    release: async () => {},
  });
  const cache = { type: 'float32', shape: ['batch', 2, 'past', 8] };
  const past = ['past_key_values.0.key', 'past_key_values.0.value'];
  const present = ['logits', 'present.0.key', 'present.0.value'];
  const make = (one: OrtSession) =>
    createOnnxRuntime({
      session: one,
      makeTensor: () => {
        throw new Error('not needed');
      },
      device: 'd',
      shape: SHAPE,
      breathe: async () => {},
    });

  test.each([
    ['an unknown input', session(['input_ids', 'pixel_values', ...past], present, cache), 'pixel_values'],
    ['no cache', session(['input_ids'], present, cache), 'KV cache'],
    [
      'a cache of another type',
      session(['input_ids', ...past], present, { ...cache, type: 'int8' }),
      'KV cache',
    ],
    ['no cache output', session(['input_ids', ...past], ['logits'], cache), 'present.0.key'],
  ])('%s', (_, one, message) => {
    expect(make(one)).toMatchObject({
      ok: false,
      error: { code: 'ONNX_GRAPH', message: expect.stringContaining(message) },
    });
  });

  test("and bytes that aren't a model at all", async () => {
    const loaded = await loadOnnxNode(new Uint8Array([1, 2, 3]), SHAPE);
    expect(loaded).toMatchObject({ ok: false, error: { code: 'ONNX_UNREADABLE' } });
  });
});
