/** The pocket student's runtimes in Node beside each other: the kernels, and ONNX Runtime with the same weights. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result, refuse } from '../../base/result.ts';
import { table } from '../../base/table.ts';
import { processorBandwidth } from '../../bench/device-limits.ts';
import { PROFILES } from '../../bench/profile.ts';
import { compareRuntimes, type MeasuredRuntimes, type RatioPlan } from '../../bench/runtime-ratios.ts';
import { type ModelCost, modelCost } from '../../bench/student-speed.ts';
import { type Build, kernelBytes, runsHere } from '../../kernels/load.ts';
import { type KernelRuntime, openKernelRuntime } from '../../students/pocket/kernel-runtime.ts';
import { loadOnnxNode, turnOfTheLoop } from '../../students/pocket/onnx-node.ts';
import { loadOnnxWeb } from '../../students/pocket/onnx-web.ts';
import { type Runtime, shapeOf } from '../../students/pocket/runtime.ts';
import { parseQwen3Config } from '../../weights/qwen3.ts';
import { POCKET_FOLDER, readPocketFile, readPocketModel } from '../students/open-pocket.ts';

const WEB_WASM = fileURLToPath(
  new URL('../../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', import.meta.url),
);
/** Tokens of context that two conversations have when memory is looked at. */
const CONVERSATION = 2048;

interface PocketSpeedPlan extends Omit<RatioPlan, 'cost' | 'bandwidth'> {
  readonly folder: string | undefined;
}

interface PocketSpeed extends MeasuredRuntimes {
  readonly student: 'pocket';
  /** SHA-256 of the ONNX file, in hex. */
  readonly weights: string;
  readonly load: Readonly<Record<string, number>>;
  readonly wasmBytes: Readonly<Partial<Record<Build, number>>>;
  /** The kernels' memory with two conversations of 2,048 tokens. */
  readonly memoryBytes: number;
  /** Bytes a second, copying within as much as the weights take. */
  readonly cacheBandwidth: number;
}

/** Codes: SPEED_WEIGHTS, and those of the files and the runtimes. */
export async function measurePocket(
  { folder, contexts, decode, repetitions, now }: PocketSpeedPlan,
  said: (what: string) => void,
): Promise<Result<PocketSpeed>> {
  const root = resolve(folder ?? POCKET_FOLDER);
  const text = await readPocketFile(root, 'config.json');
  if (!text.ok) return text;
  const configText = new TextDecoder().decode(text.value);
  const config = parseQwen3Config(configText);
  if (!config.ok) return config;
  const model = await readPocketModel(root, configText);
  if (!model.ok) return model;
  const { onnx, weights } = model.value;
  const tensors = await readPocketFile(root, 'model.safetensors');
  if (!tensors.ok) return tensors;
  if (weights === undefined)
    return refuse('SPEED_WEIGHTS', 'The ONNX file there was made of other weights.', root);
  const shape = shapeOf(config.value);
  const wasm = await readFile(WEB_WASM);
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length) as ArrayBuffer;
  const kernels = (build: Build): Promise<Result<KernelRuntime>> =>
    openKernelRuntime(tensors.value, config.value, { breathe: turnOfTheLoop, build });
  const builds = (['relaxed', 'simd'] as const).filter(runsHere);
  const loaders: readonly (readonly [string, () => Promise<Result<Runtime>>])[] = [
    ...builds.map((build) => [`kernels, ${build}`, () => kernels(build)] as const),
    ['onnxruntime-web, WASM', () => loadOnnxWeb(onnx, shape, { wasmBinary })],
    ['onnxruntime-node', () => loadOnnxNode(onnx, shape)],
  ];
  const runtimes = new Map<string, Runtime>();
  const load: Record<string, number> = table();
  try {
    for (const [name, open] of loaders) {
      said(`loading ${name}`);
      const began = now();
      const runtime = await open();
      if (!runtime.ok) return runtime;
      load[name] = (now() - began) / 1000;
      runtimes.set(name, runtime.value);
    }
    const cost = modelCost(config.value);
    said('the bandwidth of the cache');
    const samples = processorBandwidth(cost.weightBytes, { ...PROFILES.full, repetitions }, now);
    const cacheBandwidth = [...samples].sort((a, b) => a - b)[samples.length >> 1] as number;
    const costOf = (name: string): ModelCost => {
      const { weightBytes = cost.weightBytes } = runtimes.get(name) as Partial<KernelRuntime>;
      return { ...cost, weightBytes };
    };
    const plan = { contexts, decode, repetitions, now, cost: costOf, bandwidth: cacheBandwidth };
    const measured = await compareRuntimes(runtimes, plan, said);
    if (!measured.ok) return measured;
    const own = [...runtimes.values()][0] as KernelRuntime;
    for (let i = 0; i < 2; i++) await own.extend(own.empty(), new Array(CONVERSATION).fill(1), 1);
    return ok({
      student: 'pocket',
      weights: createHash('sha256').update(onnx).digest('hex'),
      load,
      wasmBytes: Object.fromEntries(builds.map((build) => [build, kernelBytes(build).length])),
      memoryBytes: own.memoryBytes(),
      cacheBandwidth,
      ...measured.value,
    });
  } finally {
    for (const runtime of runtimes.values()) await runtime.dispose();
  }
}
