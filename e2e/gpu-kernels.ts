/** What gpu-kernels.spec.ts runs in a browser: the GPU kernels beside the CPU's, which unit tests hold to torch's figures. */
import { type Cache, KernelModel, type ModelDimensions } from '../src/kernels/model.ts';
import type { GpuConversations } from '../src/kernels/webgpu/conversations.ts';
import { GpuModel } from '../src/kernels/webgpu/model.ts';
import { WideGpuModel } from '../src/kernels/webgpu/wide-model.ts';
import { inEightBits, type RandomModel } from '../src/testing/eight-bit-models.ts';
import { randomWeights } from '../src/testing/random-model.ts';

/** Weights of 32 bits, on a workgroup a token; or of eight, on many. */
export type Kind = 'narrow' | 'wide';

export interface Compared {
  readonly name: string;
  /** The largest difference of a logit, over whatever was compared. */
  readonly difference: number;
  /** Whether the greatest logits were those of the same tokens. */
  readonly sameTokens: boolean;
}

/** Tokens of a prompt and of a reply; a software adapter takes its time for each. */
const [PROMPT, REPLY] = [20, 12];

function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);
}

function greatest(logits: Float32Array): number {
  return logits.reduce((best, x, i) => (x > (logits[best] as number) ? i : best), 0);
}

function tokensOf(count: number, { vocabulary }: ModelDimensions): number[] {
  return Array.from({ length: count }, (_, i) => (i * 7 + 3) % vocabulary);
}

async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('there is no adapter');
  return adapter.requestDevice();
}

/** Stands still: how much is computed at once doesn't depend on how fast the machine is. */
const now = (): number => 0;

/** The model on both, the same numbers: the CPU's in 32 bits, so that it rounds no input either. */
async function both(kind: Kind, model: RandomModel, device: GPUDevice) {
  const { name, dimensions } = model;
  if (kind === 'narrow') {
    const weights = randomWeights(name, dimensions, model);
    const open = (end?: number): Promise<GpuConversations> =>
      GpuModel.create(dimensions, weights, device, { now, ...(end === undefined ? {} : { end }) });
    return { cpu: await KernelModel.create(dimensions, weights, 'simd'), open };
  }
  const { eight, exact } = inEightBits(model);
  const open = (end?: number): Promise<GpuConversations> =>
    WideGpuModel.create(dimensions, eight, device, { now, ...(end === undefined ? {} : { end }) });
  return { cpu: await KernelModel.create(dimensions, exact, 'simd'), open };
}

/** A prompt, and the reply that follows greedily, of each model. */
export async function compareAll(kind: Kind, models: readonly RandomModel[]): Promise<Compared[]> {
  const device = await openDevice();
  const all: Compared[] = [];
  for (const model of models) {
    const { name, dimensions } = model;
    const { cpu, open } = await both(kind, model, device);
    const gpu = await open();
    const [a, b] = [cpu.empty(), gpu.empty()];
    const prompt = tokensOf(PROMPT, dimensions);
    let [expected, computed] = [cpu.extend(a, prompt, 3), await gpu.extend(b, prompt, 3)];
    let most = difference(expected, computed);
    let sameTokens = true;
    const last = 2 * dimensions.vocabulary;
    [expected, computed] = [expected.slice(last), computed.slice(last)];
    for (let i = 0; i < REPLY; i++) {
      const token = greatest(expected);
      sameTokens &&= greatest(computed) === token;
      [expected, computed] = [cpu.extend(a, [token], 1), await gpu.extend(b, [token], 1)];
      most = Math.max(most, difference(expected, computed));
    }
    all.push({ name, difference: most, sameTokens });
    gpu.dispose();
  }
  device.destroy();
  return all;
}

export interface Promises {
  /** The largest difference between a prompt at once and in pieces, all of its rows. */
  readonly inPieces: number;
  /** Between two conversations that take turns and each alone, replies that go elsewhere than expected among them. */
  readonly together: number;
  /** After a rewind. */
  readonly rewound: number;
  /** Times that something was sent to the GPU for a reply of eight tokens. */
  readonly submits: number;
  /** The same for a reply of two tokens, and for what is asked for behind its end. */
  readonly upToTheEnd: number;
}

export async function keepsItsPromises(kind: Kind, model: RandomModel): Promise<Promises> {
  const device = await openDevice();
  const { dimensions } = model;
  const { cpu, open } = await both(kind, model, device);
  const gpu = await open();
  const prompt = tokensOf(150, dimensions);
  const whole = cpu.extend(cpu.empty(), prompt, prompt.length);
  const pieces = gpu.empty();
  let inPieces = 0;
  for (let at = 0, i = 0; at < prompt.length; i++) {
    const piece = prompt.slice(at, at + ([1, 5, 129, 2][i % 4] as number));
    const logits = await gpu.extend(pieces, piece, piece.length);
    const { vocabulary } = dimensions;
    inPieces = Math.max(
      inPieces,
      difference(whole.subarray(at * vocabulary, (at + piece.length) * vocabulary), logits),
    );
    at += piece.length;
  }
  gpu.rewind(pieces, 10);
  const [alone, again] = [cpu.empty(), prompt.slice(10, 14)];
  cpu.extend(alone, prompt.slice(0, 10), 1);
  let rewound = difference(cpu.extend(alone, again, 4), await gpu.extend(pieces, again, 4));

  const submit = device.queue.submit.bind(device.queue);
  let submits = 0;
  device.queue.submit = (buffers) => {
    submits++;
    return submit(buffers);
  };
  let expected = cpu.extend(alone, [1], 1);
  await gpu.extend(pieces, [1], 1);
  for (let i = 1; i < 8; i++) {
    const token = greatest(expected);
    expected = cpu.extend(alone, [token], 1);
    rewound = Math.max(rewound, difference(expected, await gpu.extend(pieces, [token], 1)));
  }
  const submitted = submits;

  let together = 0;
  const talks = [2, 3].map((first) => ({ first, cpu: cpu.empty() as Cache, gpu: gpu.empty() }));
  for (let i = 0; i < 6; i++) {
    for (const talk of talks) {
      // Only at times what the model itself would say.
      const token = (talk.first + 5 * i) % dimensions.vocabulary;
      const logits = cpu.extend(talk.cpu, [token], 1);
      together = Math.max(together, difference(logits, await gpu.extend(talk.gpu, [token], 1)));
    }
  }

  // A model whose reply is over with what it says second, and doesn't say first.
  let said: number[] = [];
  for (let first = 1; said[1] === said[2]; first++) {
    said = [first];
    const fresh = cpu.empty();
    for (let i = 0; i < 2; i++) said.push(greatest(cpu.extend(fresh, said.slice(-1), 1)));
  }
  const end = said[said.length - 1] as number;
  const ending = await open(end);
  submits = 0;
  const reply = ending.empty();
  for (const token of said) await ending.extend(reply, [token], 1);
  device.destroy();
  return { inPieces, together, rewound, submits: submitted, upToTheEnd: submits };
}
