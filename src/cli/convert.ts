/** `duomem convert`: a Qwen3 or Llama from a Hugging Face folder or a GGUF file, with or without a LoRA adapter merged in, as MLC weights. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ok, placedIn, type Result, refuse } from '../base/result.ts';
import {
  CHAT_CONFIG_NAME,
  formatChatConfig,
  parseGenerationDefaults,
  parseTokenPostprocessing,
  TOKENIZER_FILES,
} from '../weights/chat-config.ts';
import { CHAT_TEMPLATE_FILES, checkConversation } from '../weights/chat-template.ts';
import { mlcPlan, parametersOf } from '../weights/conversion-plan.ts';
import { isPath, type MlcQuantization, QUANTIZATIONS } from '../weights/manifest.ts';
import type { F32Storage } from '../weights/mlc-parameters.ts';
import { formatTensorCache, storedBytes, TENSOR_CACHE_NAME } from '../weights/tensor-cache.ts';
import { type Checkpoint, type MergeRequest, openBoth, textsOf } from './converting/checkpoint.ts';
import { type ConversionSeams, modelName, runConversion } from './converting/conversion.ts';
import { unreadable } from './files/read-failure.ts';
import { choiceOf, defineSubcommand, number, wholeNumber } from './program/command.ts';
import type { CommandEnd } from './program/outcome.ts';
import type { Terminal } from './program/terminal.ts';

/** What web-llm's own record of Qwen3-4B asks for: the KV cache of 4,096 tokens takes 0.6 GB there. */
const CONTEXT = 4096;
const PREFILL = 1024;

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption(
        '--base <folder>',
        'Qwen3 or Llama: a GGUF file, or a folder of Hugging Face (config.json, tokenizer.json, *.safetensors)',
      )
      .option('--adapter <folder>', 'adapter_config.json and adapter_model.safetensors (peft, LoRA)')
      .option('--strength <s>', 'share of the adapter that is added; 1 as it was trained', number(-4, 4), 1)
      .requiredOption(
        '--quantization <name>',
        `how matrices are stored: ${QUANTIZATIONS.mlc.join(', ')}`,
        choiceOf(...QUANTIZATIONS.mlc),
      )
      .requiredOption('--out <folder>', 'folder to write; must be empty or new')
      .option(
        '--context <tokens>',
        `prompt and reply together; ${CONTEXT}, or less if the model has less`,
        wholeNumber(16),
      )
      .option(
        '--vocabulary <rows>',
        'pad embedding and head with zeros to what the library expects',
        wholeNumber(1, 300_000),
      )
      .option(
        '--f32 <type>',
        'how f32 numbers are stored: bf16 (as mlc-llm does), or f32, larger and exact',
        choiceOf('bf16', 'f32'),
        'bf16',
      )
      .option('--library <file>', 'compiled .wasm of this shape and quantization, to lie beside the weights')
      .option('--jobs <n>', 'threads; as many as there are cores unless given', wholeNumber(1, 64))
      .addHelpText('after', HELP),
  outputs: { out: 'resumed' },
  run: (options, terminal) => convertModel(options, terminal),
});

export interface ConvertOptions extends MergeRequest {
  readonly quantization: MlcQuantization;
  readonly context?: number | undefined;
  readonly vocabulary?: number | undefined;
  readonly f32: F32Storage;
  readonly library?: string | undefined;
  readonly jobs?: number | undefined;
}

/** What the subcommand does. Nothing is left behind where it refuses. */
export async function convertModel(
  options: ConvertOptions,
  terminal: Terminal,
  seams: ConversionSeams = {},
): Promise<CommandEnd> {
  const { base, quantization, out, f32, jobs } = options;
  const opened = await openBoth(options);
  if (!opened.ok) return opened;
  const { checkpoint, adapter } = opened.value;
  const { config } = checkpoint;
  const vocabulary = options.vocabulary ?? config.vocabSize;
  if (vocabulary < config.vocabSize)
    return refuse(
      'VOCABULARY',
      `The model's vocabulary has ${config.vocabSize} rows, more than that.`,
      '--vocabulary',
    );
  const context = Math.min(options.context ?? CONTEXT, config.maxPositions);
  const texts = await readTexts(checkpoint);
  if (!texts.ok) return texts;
  const { tokenizer, postprocessing, generation } = texts.value;
  if (generation.ends.length + config.ends.length === 0)
    return refuse(
      'END_MISSING',
      'Neither config.json nor generation_config.json names eos_token_id, the token that ends a reply.',
      base,
    );
  if (generation.ends.some((end) => end >= config.vocabSize))
    return refuse(
      'END_UNKNOWN',
      `eos_token_id names a token beyond the vocabulary of ${config.vocabSize}, so that no reply would end: correct it.`,
      join(base, 'generation_config.json'),
    );
  const library = await readLibrary(options.library);
  if (!library.ok) return library;
  const plan = mlcPlan(config, quantization, f32, vocabulary);
  const records = plan.shards.flatMap((shard) => shard.records);
  const bits = (8 * records.reduce((sum, record) => sum + storedBytes(record), 0)) / parametersOf(plan);
  return runConversion(
    {
      checkpoint,
      adapter,
      plan,
      out,
      jobs,
      tensors: records.length,
      manifest: { kind: 'mlc', model: modelName(out), quantization },
      beside: (digests) =>
        new Map<string, string | Uint8Array>([
          ...tokenizer,
          ...library.value,
          [
            CHAT_CONFIG_NAME,
            formatChatConfig(config, {
              quantization,
              vocabulary,
              contextWindow: context,
              prefillChunk: Math.min(PREFILL, context),
              tokenizerFiles: [...tokenizer.keys()],
              tokenPostprocessing: postprocessing,
              generation,
            }),
          ],
          [
            TENSOR_CACHE_NAME,
            formatTensorCache({
              shards: plan.shards.map((shard) => ({ ...shard, md5sum: digests.get(shard.dataPath)?.md5 })),
              bitsPerParameter: bits,
            }),
          ],
        ]),
    },
    terminal,
    seams,
  );
}

/** The tokenizer's files, and what is read from them. Codes: FILE_UNREADABLE, TOKENIZER_MISSING, …_JSON, those of checkConversation. */
async function readTexts(checkpoint: Checkpoint) {
  const { folder: base } = checkpoint;
  const tokenizer = await textsOf(checkpoint, TOKENIZER_FILES);
  if (!tokenizer.ok) return tokenizer;
  const main = tokenizer.value.get('tokenizer.json');
  if (main === undefined)
    return refuse('TOKENIZER_MISSING', 'The folder holds no tokenizer.json, which MLC needs.', base);
  const postprocessing = placedIn(base, parseTokenPostprocessing(main));
  if (!postprocessing.ok) return postprocessing;
  const templates = await textsOf(checkpoint, CHAT_TEMPLATE_FILES);
  if (!templates.ok) return templates;
  const conversation = placedIn(base, checkConversation(new Map([...tokenizer.value, ...templates.value])));
  if (!conversation.ok) return conversation;
  const text = await checkpoint.text('generation_config.json');
  if (!text.ok) return text;
  const generation = placedIn(base, parseGenerationDefaults(text.value));
  if (!generation.ok) return generation;
  return ok({
    tokenizer: tokenizer.value,
    postprocessing: postprocessing.value,
    generation: generation.value,
  });
}

/** A WebAssembly module by its name; none where none was asked for. Codes: FILE_UNREADABLE, LIBRARY_INVALID. */
async function readLibrary(path: string | undefined): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  if (path === undefined) return ok(new Map());
  const name = basename(path);
  try {
    const bytes = await readFile(path);
    const magic = bytes.length > 8 && bytes.readUInt32LE(0) === 0x6d736100;
    return magic && name.endsWith('.wasm') && isPath(name)
      ? ok(new Map([[name, bytes]]))
      : refuse(
          'LIBRARY_INVALID',
          'A compiled library is a WebAssembly module whose name ends with .wasm.',
          path,
        );
  } catch (error) {
    return unreadable(error, path);
  }
}

const HELP = `
The folder gets params_shard_*.bin, tensor-cache.json, mlc-chat-config.json, the tokenizer's files, and manifest.json
with the size and SHA-256 of each. It is written as OUT.part and renamed when all is there; an interrupted conversion
goes on with the same command. Memory stays below 1 GB whatever the model's size.

Examples:
  duomem convert --base Qwen3-4B-Instruct-2507 --adapter run/adapter --quantization q4f16_1 --out student-q4f16_1
  duomem convert --base Qwen3-4B-Instruct-2507 --quantization q4f32_1 --out base-q4f32_1   (GPUs without shader-f16)
  duomem verify --model student-q4f16_1

Result: {"tensors","parameters","bytes","files","seconds","peakMemoryBytes","manifest"}.`;
