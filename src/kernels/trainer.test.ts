// Against torch's gradients, computed in f64, and its steps (models/training/gradient_fixtures.py wrote the fixtures).
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { readModelFiles } from '../testing/model-files.ts';
import { randomTensor, randomTokens, randomWeights } from '../testing/random-model.ts';
import { type Build, runsHere } from './load.ts';
import { dimensionsOf, KernelModel, type ModelDimensions, type WeightTensors } from './model.ts';
import { type LoraShape, type LoraTensors, PROJECTIONS } from './trained-matrices.ts';
import { type Sequence, Trainer } from './trainer.ts';

interface Case extends LoraShape {
  readonly model: string;
  readonly lengths: readonly number[];
  /** The mean over what is learnt. */
  readonly loss: number;
  /** By `module/down` and `module/up`, f32 in base64. */
  readonly gradients: Readonly<Record<string, string>>;
}

interface Steps extends LoraShape {
  readonly lengths: readonly number[];
  readonly rate: number;
  readonly clip: number;
  readonly decay: number;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly after: Readonly<Record<string, string>>;
}

const fixture = (name: string): Buffer => readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
const { gradients, steps } = JSON.parse(gunzipSync(fixture('gradients.json.gz')).toString()) as {
  gradients: Case[];
  steps: Steps;
};
const { models } = JSON.parse(fixture('random-models.json').toString()) as {
  models: { name: string; norms: boolean; tied: boolean; dimensions: ModelDimensions }[];
};
const BUILDS = (['simd', 'relaxed'] as const satisfies Build[]).filter(runsHere);

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

/** How far apart, beside how long the second is. */
function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const length = (of: (i: number) => number): number =>
    Math.sqrt(b.reduce((sum, _, i) => sum + of(i) ** 2, 0));
  return length((i) => (a[i] as number) - (b[i] as number)) / length((i) => b[i] as number);
}

function tensorOf(tensors: LoraTensors, name: string): Float32Array {
  const [module, part] = name.split('/') as [string, 'down' | 'up'];
  return tensors.get(module)?.[part] ?? new Float32Array();
}

const smaller = (tensor: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => tensor.map((x) => x / 4);

/** The adapter that the fixtures' script makes of a name. */
function adapterOf(name: string, trainer: Trainer): LoraTensors {
  const { rank } = trainer.matrices.shape;
  return new Map(
    [...trainer.matrices.get()].map(([module, { down, up }]) => [
      module,
      {
        down: smaller(randomTensor(`${name}/${module}/down`, [rank, down.length / rank])),
        up: smaller(randomTensor(`${name}/${module}/up`, [up.length / rank, rank])),
      },
    ]),
  );
}

function sequenceOf(name: string, length: number, vocabulary: number): Sequence {
  const chosen = randomTokens(`${name}/learnt`, length, 3);
  const learnt = chosen.flatMap((one, at) => (at > 0 && (one === 0 || at === length - 1) ? [at] : []));
  return { tokens: randomTokens(`${name}/tokens`, length, vocabulary), learnt };
}

function learnAll(trainer: Trainer, batch: readonly Sequence[]): number {
  const count = batch.reduce((sum, { learnt }) => sum + learnt.length, 0);
  return batch.reduce((sum, sequence) => sum + trainer.learn(sequence, 1 / count), 0) / count;
}

async function openRandom(one: Case, build: Build): Promise<Trainer> {
  const model = models.find(({ name }) => name === one.model);
  if (model === undefined) throw new Error(`no model ${one.model}`);
  const { dimensions } = model;
  const longest = Math.max(...one.lengths);
  return Trainer.create(dimensions, randomWeights(model.name, dimensions, model), one, { longest, build });
}

let pocket: { readonly dimensions: ModelDimensions; readonly weights: WeightTensors };

beforeAll(() => {
  const { config, weights } = readModelFiles();
  pocket = { dimensions: dimensionsOf(config), weights };
});

const openPocket = (shape: LoraShape, longest: number, build: Build = 'simd'): Promise<Trainer> =>
  Trainer.create(pocket.dimensions, pocket.weights, shape, { longest, build });

test('there are ten models', () => {
  expect(gradients).toHaveLength(10);
});

describe.each(BUILDS)('the %s build', (build) => {
  test.each(gradients)("computes torch's gradients: $model, rank $rank", async (one) => {
    const trainer = await openRandom(one, build);
    trainer.matrices.set(adapterOf(one.model, trainer));
    const batch = one.lengths.map((length, i) =>
      sequenceOf(`${one.model}/${i}`, length, trainer.dimensions.vocabulary),
    );
    // A sequence before, so that what it leaves behind would show.
    learnAll(trainer, batch.slice(0, 1));
    trainer.matrices.forget();
    expect(Math.abs(learnAll(trainer, batch) / one.loss - 1)).toBeLessThan(1e-5);
    const computed = trainer.matrices.gradients();
    expect(2 * computed.size).toBe(Object.keys(one.gradients).length);
    for (const [name, expected] of Object.entries(one.gradients))
      expect(distance(tensorOf(computed, name), floats(expected)), name).toBeLessThan(1e-4);
  });

  test("ten steps are torch's", async () => {
    const trainer = await openPocket(steps, Math.max(...steps.lengths), build);
    trainer.matrices.set(adapterOf('steps', trainer));
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 0; step < steps.losses.length; step++) {
      const batch = steps.lengths.map((length, i) => sequenceOf(`steps/${step}/${i}`, length, 736));
      losses.push(learnAll(trainer, batch));
      norms.push(trainer.matrices.step(steps.rate, steps.clip, { decay: steps.decay }));
    }
    expect(distance(Float32Array.from(losses), Float32Array.from(steps.losses))).toBeLessThan(1e-3);
    expect(distance(Float32Array.from(norms), Float32Array.from(steps.norms))).toBeLessThan(1e-3);
    const after = trainer.matrices.get();
    for (const [name, expected] of Object.entries(steps.after))
      expect(distance(tensorOf(after, name), floats(expected)), name).toBeLessThan(1e-3);
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  });
});

test('an untrained adapter changes nothing: the loss is that of inference', async () => {
  const trainer = await openPocket({ rank: 8, alpha: 16, targets: PROJECTIONS }, 200);
  trainer.matrices.begin(new Random('begin'));
  const { tokens } = sequenceOf('begin', 200, 736);
  const learnt = tokens.map((_, at) => at).slice(1);
  const loss = trainer.learn({ tokens, learnt }, 1);
  const model = await KernelModel.create(pocket.dimensions, pocket.weights, 'simd');
  const logits = model.extend(model.empty(), tokens, tokens.length);
  let expected = 0;
  for (const at of learnt) {
    const row = logits.subarray((at - 1) * 736, at * 736);
    const top = row.reduce((a, b) => Math.max(a, b));
    expected +=
      Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0)) +
      top -
      (row[tokens[at] as number] as number);
  }
  expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-5);
});

test('goes on from what was kept as if it had never stopped', async () => {
  const shape: LoraShape = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] };
  const batch = (step: number): Sequence[] => [sequenceOf(`resume/${step}`, 60, 736)];
  const whole = await openPocket(shape, 60);
  whole.matrices.begin(new Random(1));
  for (let step = 0; step < 2; step++) {
    learnAll(whole, batch(step));
    whole.matrices.step(1e-3, 1);
  }
  const second = await openPocket(shape, 60);
  second.matrices.set(whole.matrices.get());
  second.matrices.resume(whole.matrices.optimiser);
  for (const trainer of [whole, second]) {
    learnAll(trainer, batch(2));
    trainer.matrices.step(1e-3, 1);
  }
  expect(second.matrices.get()).toEqual(whole.matrices.get());
  expect(second.matrices.optimiser.steps).toBe(3);
  expect(() => second.matrices.resume({ means: new Float32Array(3), steps: 1 })).toThrow(/another adapter/);
});

test('2,560 tokens fit in 200 MB, with an adapter on everything', async () => {
  const trainer = await openPocket({ rank: 16, alpha: 32, targets: PROJECTIONS }, 2560);
  expect(trainer.memoryBytes).toBeLessThan(200e6);
});

test("refuses what isn't a token, what is outside and what is too long before anything is computed", async () => {
  const trainer = await openPocket({ rank: 1, alpha: 1, targets: ['q_proj'] }, 10);
  expect(() => trainer.learn({ tokens: [1, 736], learnt: [1] }, 1)).toThrow(/isn't a token/);
  expect(() => trainer.learn({ tokens: [1, 2], learnt: [2] }, 1)).toThrow(/outside/);
  expect(() => trainer.learn({ tokens: new Array(11).fill(1), learnt: [1] }, 1)).toThrow(/longer/);
  expect(
    trainer.matrices
      .gradients()
      .get('model.layers.0.self_attn.q_proj')
      ?.up.every((x) => x === 0),
  ).toBe(true);
});
