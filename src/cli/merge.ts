/**
 * `duomem merge`: a LoRA adapter merged into a Qwen3 or Llama, as a Hugging Face folder that transformers and `duomem convert`
 * read, or as the ONNX file that the pocket student runs from.
 */

import { resolve } from 'node:path';
import { readObject } from '../base/read-json.ts';
import { ok, placedIn, type Result } from '../base/result.ts';
import { wordsIn } from '../base/table.ts';
import { type StoredTensor, safetensorsPlan } from '../weights/conversion-plan.ts';
import { type FloatDtype, isFloatDtype } from '../weights/float-blocks.ts';
import type { StoredType } from '../weights/manifest.ts';
import { formatWeightMap, WEIGHT_MAP_NAME } from '../weights/weight-map.ts';
import { type Checkpoint, type MergeRequest, openBoth, textsOf } from './converting/checkpoint.ts';
import { modelName, runConversion } from './converting/conversion.ts';
import { mergeToOnnx } from './converting/merge-onnx.ts';
import { choiceOf, defineSubcommand, number, wholeNumber } from './program/command.ts';
import { type CommandEnd, wrongUsage } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';

/** What goes along unchanged, where the base has it. */
const COPIED = wordsIn(`generation_config.json tokenizer.json tokenizer_config.json vocab.json merges.txt
   added_tokens.json special_tokens_map.json chat_template.jinja chat_template.json`);
const DTYPES = { bf16: 'BF16', f16: 'F16', f32: 'F32' } as const satisfies Record<StoredType, FloatDtype>;
const STORED = { BF16: 'bf16', F16: 'f16', F32: 'f32' } as const satisfies Record<FloatDtype, StoredType>;
/** As config.json calls them. */
const TORCH = { bf16: 'bfloat16', f16: 'float16', f32: 'float32' } as const;

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption(
        '--base <folder>',
        'Qwen3 or Llama: a GGUF file, or a folder of Hugging Face (config.json, *.safetensors)',
      )
      .option('--adapter <folder>', 'adapter_config.json and adapter_model.safetensors (peft, LoRA)')
      .option('--strength <s>', 'share of the adapter that is added; 1 as it was trained', number(-4, 4), 1)
      .option(
        '--format <name>',
        "safetensors (a Hugging Face folder), or onnx (which is meant where --out is the base's folder)",
        choiceOf('safetensors', 'onnx'),
      )
      .option(
        '--storage <type>',
        'how numbers are stored: f32, f16, bf16; as in the base (onnx: f16) unless given',
        choiceOf('f32', 'f16', 'bf16'),
      )
      .requiredOption('--out <folder>', 'folder to write; for safetensors it must be empty or new')
      .option('--force', 'for onnx: write over a file that is there already')
      .option('--jobs <n>', 'threads; as many as there are cores unless given', wholeNumber(1, 64))
      .addHelpText('after', HELP),
  outputs: { out: 'resumed' },
  run: async (options, terminal): Promise<CommandEnd> => {
    const { base, storage, out, force = false } = options;
    const format = options.format ?? (resolve(base) === resolve(out) ? 'onnx' : 'safetensors');
    if (format === 'safetensors') return mergeToFolder(options, terminal);
    if (storage === 'bf16') return wrongUsage('The ONNX file holds f16 or f32; give --storage f16 or f32.');
    return mergeToOnnx({ ...options, storage: storage ?? 'f16', force });
  },
});

interface FolderRequest extends MergeRequest {
  readonly storage?: StoredType | undefined;
  readonly jobs?: number | undefined;
}

async function mergeToFolder(request: FolderRequest, terminal: Terminal): Promise<CommandEnd> {
  const { storage, out, jobs } = request;
  const opened = await openBoth(request);
  if (!opened.ok) return opened;
  const { checkpoint, adapter } = opened.value;
  const copied = await textsOf(checkpoint, COPIED);
  if (!copied.ok) return copied;
  const tensors = storedTensors(checkpoint, storage);
  const plan = safetensorsPlan(tensors);
  const config = placedIn(checkpoint.folder, configText(checkpoint.configText, storage));
  if (!config.ok) return config;
  const beside = new Map<string, string>([...copied.value, ['config.json', config.value]]);
  if (plan.files.length > 1) {
    const places = new Map(tensors.map(({ name, file }) => [name, file]));
    const head = plan.files.reduce((sum, file) => sum + (file.head?.length ?? 0), 0);
    const total = plan.files.reduce((sum, file) => sum + file.bytes, -head);
    beside.set(WEIGHT_MAP_NAME, formatWeightMap(places, total));
  }
  const embedding = tensors.find(({ name }) => name === 'model.embed_tokens.weight');
  return runConversion(
    {
      checkpoint,
      adapter,
      plan,
      out,
      jobs,
      tensors: tensors.length,
      manifest: {
        kind: 'huggingface',
        model: modelName(out),
        quantization: storage ?? STORED[embedding === undefined ? 'F32' : embedding.dtype],
      },
      beside: () => beside,
    },
    terminal,
  );
}

/** The checkpoint's tensors in files named as transformers names them. */
function storedTensors({ tensors }: Checkpoint, storage: StoredType | undefined): StoredTensor[] {
  const paths = [...new Set([...tensors.values()].map(({ path }) => path))];
  const count = String(paths.length).padStart(5, '0');
  const nameOf = (path: string): string =>
    paths.length === 1
      ? 'model.safetensors'
      : `model-${String(paths.indexOf(path) + 1).padStart(5, '0')}-of-${count}.safetensors`;
  return [...tensors].map(([name, { shape, path, dtype }]) => ({
    name,
    shape,
    file: nameOf(path),
    dtype: storage !== undefined ? DTYPES[storage] : isFloatDtype(dtype) ? dtype : 'F32',
  }));
}

/** config.json, with the type of the numbers where that was changed. Code CONFIG_JSON. */
function configText(text: string, storage: StoredType | undefined): Result<string> {
  // Python's json refuses the byte order mark that an editor on Windows may have put there.
  if (storage === undefined) return ok(text.replace(/^\uFEFF/, ''));
  const json = readObject(text, { code: 'CONFIG_JSON', what: 'config.json', longest: text.length });
  if (!json.ok) return json;
  const { torch_dtype: _, ...others } = json.value;
  return ok(`${JSON.stringify({ ...others, dtype: TORCH[storage] }, undefined, 2)}\n`);
}

const HELP = `
Merged weights are W + (alpha / r) B A, computed in f32, to the bit what peft's merge_and_unload gives on a CPU; then
stored as --storage says. The Hugging Face folder gets the base's shards, its configuration and tokenizer, and
manifest.json with the size and SHA-256 of each file. It is written as OUT.part and renamed when all is there; an
interrupted merge goes on with the same command. Memory stays below 1 GB whatever the model's size.

Examples:
  duomem merge --base Qwen3-4B-Instruct-2507 --adapter run/adapter --out student
  duomem merge --base Qwen3-4B-Instruct-2507 --adapter run/adapter --storage f32 --out student-f32
  duomem merge --base models/pocket --adapter run/lora/adapter --format onnx --out student-onnx

Result: {"tensors","parameters","bytes","files","seconds","peakMemoryBytes","manifest"}, for ONNX
{"file","bytes","parameters","adapter"}.`;
