/**
 * Runs a conversion from its plan to a finished folder: `duomem convert` and `duomem merge` differ in the plan and in
 * the small files beside the weights.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { ok, type Refusal, type Refused, type Result } from '../../base/result.ts';
import { type Block, blocksOf, type ConversionPlan, parametersOf } from '../../weights/conversion-plan.ts';
import { formatManifest, MANIFEST_NAME, type Manifest } from '../../weights/manifest.ts';
import { type CommandEnd, done, interrupted } from '../program/outcome.ts';
import type { Terminal } from '../program/terminal.ts';
import { VERSION } from '../program/version.ts';
import type { Adapter, Checkpoint } from './checkpoint.ts';
import { ConversionFolder, type Digests, freeBytes } from './conversion-folder.ts';
import type { BlockFiles, Conversion } from './convert-block.ts';
import { convertHere, convertInThreads } from './convert-pool.ts';

interface ConversionRequest {
  readonly checkpoint: Checkpoint;
  readonly adapter: Adapter | undefined;
  readonly plan: ConversionPlan;
  readonly out: string;
  /** Records in the files, for the result. */
  readonly tensors: number;
  readonly manifest: Pick<Manifest, 'kind' | 'model' | 'quantization'>;
  /** Small files by name, written after the weights; the digests are those of the plan's files. */
  readonly beside: (digests: ReadonlyMap<string, Digests>) => ReadonlyMap<string, string | Uint8Array>;
  /** Threads; those that the machine has unless said otherwise. */
  readonly jobs?: number | undefined;
}

/** What tests replace. */
export interface ConversionSeams {
  readonly free?: (folder: string) => Promise<number>;
  /** Files for the blocks; then this thread does all. */
  readonly files?: BlockFiles;
}

/** Below this, threads take longer to start than the work takes. */
const SMALL = 2 ** 22;
/** For the small files beside the weights, beyond the plan's. */
const BESIDE_BYTES = 64_000_000;

/** Result: {"tensors","parameters","bytes","files","seconds","peakMemoryBytes","manifest"}. */
export async function runConversion(
  request: ConversionRequest,
  terminal: Terminal,
  seams: ConversionSeams = {},
): Promise<CommandEnd> {
  const began = performance.now();
  const { plan, checkpoint, adapter, out } = request;
  const planned = plan.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const identity = identityOf(request);
  const folder = await ConversionFolder.open(
    out,
    identity,
    plan.files,
    planned + BESIDE_BYTES,
    seams.free ?? freeBytes,
  );
  if (!folder.ok) return folder;
  const reused = folder.value.finished.size;
  if (reused > 0) {
    const files = `${reused} of ${plan.files.length} files`;
    terminal.note(`Going on with an interrupted conversion: ${files} are finished.`);
  }
  const conversion: Conversion = {
    folder: folder.value.part,
    plan,
    tensors: new Map([...checkpoint.tensors, ...(adapter?.replaced ?? [])]),
    pairs: adapter?.pairs ?? new Map(),
  };
  const refusal = await writeWeights(conversion, folder.value, request, terminal, seams.files);
  if (refusal === undefined && terminal.signal.aborted)
    return interrupted('Stopped; the same command goes on where this one was.', {
      finished: folder.value.finished.size,
      files: plan.files.length,
    });
  const manifest =
    refusal === undefined ? await writeBeside(folder.value, request) : { ok: false as const, error: refusal };
  const named = manifest.ok ? await folder.value.finish() : manifest;
  if (!manifest.ok || !named.ok) {
    await folder.value.discard();
    return manifest.ok ? (named as Refused) : manifest;
  }
  const { files, parameters } = manifest.value;
  return done({
    tensors: request.tensors,
    parameters: parameters.model,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files: files.length + 1,
    seconds: Number(((performance.now() - began) / 1000).toFixed(1)),
    peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
    manifest: manifest.value.model,
  });
}

/** Converts all blocks of files that aren't finished, and completes each file as its last block is written. */
async function writeWeights(
  conversion: Conversion,
  folder: ConversionFolder,
  { plan, jobs = availableParallelism() }: ConversionRequest,
  terminal: Terminal,
  files: BlockFiles | undefined,
): Promise<Refusal | undefined> {
  const skip = new Set(plan.files.flatMap(({ path }, i) => (folder.finished.has(path) ? [i] : [])));
  const filesOf = ({ matrix }: Block): number[] => [
    ...new Set(plan.matrices[matrix]?.outputs.map(({ file }) => file).filter((file) => !skip.has(file))),
  ];
  const blocks = blocksOf(plan).filter((block) => filesOf(block).length > 0);
  const waiting = new Map<number, number>();
  for (const file of blocks.flatMap(filesOf)) waiting.set(file, (waiting.get(file) ?? 0) + 1);

  const sizeOf = ({ matrix, rows }: Block): number => rows * (plan.matrices[matrix]?.columns ?? 0);
  const total = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  const report = progressReport(total, terminal);
  const trouble = new AbortController();
  const signal = AbortSignal.any([terminal.signal, trouble.signal]);
  let refusal: Refusal | undefined;
  let completing: Promise<void> = Promise.resolve();
  const complete = async (file: number): Promise<void> => {
    const completed = await folder.complete(plan.files[file]?.path ?? '');
    if (completed.ok) return;
    refusal ??= completed.error;
    trouble.abort();
  };
  const work = {
    conversion,
    blocks,
    skip,
    signal,
    done(block: Block): void {
      report(sizeOf(block));
      for (const file of filesOf(block)) {
        const left = (waiting.get(file) ?? 0) - 1;
        waiting.set(file, left);
        if (left === 0) completing = completing.then(() => complete(file));
      }
    },
  };
  const small = total < SMALL || jobs === 1 || files !== undefined;
  const stopped = await (small ? convertHere(work, files) : convertInThreads(work, jobs));
  await completing;
  return stopped ?? refusal;
}

function progressReport(total: number, terminal: Terminal): (parameters: number) => void {
  const began = performance.now();
  let converted = 0;
  return (parameters) => {
    converted += parameters;
    const seconds = (performance.now() - began) / 1000;
    const rate = converted / seconds;
    const left = Math.ceil((total - converted) / rate);
    const share = Math.floor((100 * converted) / total);
    terminal.progress(
      `${share} % converted, ${(rate / 1e6).toFixed(1)} million parameters a second, ${left} s left`,
    );
  };
}

/** The small files, and the manifest over all. */
async function writeBeside(folder: ConversionFolder, request: ConversionRequest): Promise<Result<Manifest>> {
  for (const [path, content] of request.beside(folder.finished)) {
    const written = await folder.write(path, content);
    if (!written.ok) return written;
  }
  const manifest: Manifest = {
    ...request.manifest,
    architecture: request.checkpoint.config.modelType,
    parameters: { model: parametersOf(request.plan), adapter: request.adapter?.parameters ?? 0 },
    files: [...folder.finished].map(([path, { bytes, sha256 }]) => ({ path, bytes, sha256 })),
  };
  const written = await folder.write(MANIFEST_NAME, formatManifest(manifest));
  return written.ok ? ok(manifest) : written;
}

/** Changes with everything that the bytes of the weights follow from: sources, plan, adapter, program. */
function identityOf({ plan, checkpoint, adapter }: ConversionRequest): string {
  const files = [...checkpoint.files, ...(adapter === undefined ? [] : [adapter.file])];
  const outputs = plan.files.map(({ path, bytes }) => [path, bytes]);
  const sources = files.map(({ path, bytes, modified }) => [path, bytes, modified]);
  const matrices = plan.matrices.map(({ name, type, outputs: places }) => [name, type, places]);
  const merged = [...(adapter?.pairs ?? [])].map(([name, { rank, scale }]) => [name, rank, scale]);
  const content = [VERSION, sources, merged, [...(adapter?.replaced.keys() ?? [])], outputs, matrices];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** A name for a manifest from the name of its folder. */
export function modelName(out: string): string {
  const plain = basename(out)
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 96);
  return plain === '' ? 'model' : plain;
}
