/**
 * A small MLC folder as `duomem convert` writes it, for tests of downloads and of web-llm: real lists, a real
 * tokenizer, weights of noise. Its shape is Qwen3-0.6B's in name only: no test computes with it.
 */

import { sha256Hex } from '../base/sha256.ts';
import { formatChatConfig } from '../weights/chat-config.ts';
import { formatManifest, type Manifest } from '../weights/manifest.ts';
import { formatTensorCache } from '../weights/tensor-cache.ts';
import { shape, tokenizerJson } from './synthetic-model.ts';

export interface FolderOptions {
  readonly ropeTheta?: number;
  readonly quantization?: 'q4f16_1' | 'q4f32_1';
  /** Bytes of each shard. */
  readonly shardBytes?: number;
  readonly shards?: number;
  /** A compiled library to put in. */
  readonly library?: Uint8Array;
  readonly kind?: Manifest['kind'];
  /** Named in the manifest. */
  readonly model?: string;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export function mlcFolder(options: FolderOptions = {}): Map<string, Uint8Array> {
  const { ropeTheta = 1_000_000, quantization = 'q4f32_1', shardBytes = 64_000, shards = 3 } = options;
  const files = new Map<string, Uint8Array>();
  files.set('mlc-chat-config.json', encode(chatConfig(ropeTheta, quantization)));
  files.set('tokenizer.json', encode(JSON.stringify(tokenizerJson(256))));
  files.set('tokenizer_config.json', encode('{}\n'));
  const list = Array.from({ length: shards }, (_, i) => {
    const dataPath = `params_shard_${i}.bin`;
    files.set(
      dataPath,
      Uint8Array.from({ length: shardBytes }, (_, at) => (at * (2 * i + 3) + (at >> 7)) & 255),
    );
    const shape = [shardBytes / 4];
    const record = { name: `p${i}`, shape, dtype: 'float32', format: 'raw', nbytes: shardBytes } as const;
    return { dataPath, nbytes: shardBytes, records: [{ ...record, byteOffset: 0 }] };
  });
  files.set('tensor-cache.json', encode(formatTensorCache({ shards: list, bitsPerParameter: 4.5 })));
  if (options.library !== undefined) files.set('library.wasm', options.library);
  files.set('manifest.json', encode(manifestOf(files, quantization, options)));
  return files;
}

function manifestOf(
  files: ReadonlyMap<string, Uint8Array>,
  quantization: 'q4f16_1' | 'q4f32_1',
  { kind = 'mlc', model = 'Tiny-Qwen3' }: FolderOptions,
): string {
  return formatManifest({
    kind,
    model,
    architecture: 'qwen3',
    quantization: kind === 'mlc' ? quantization : 'bf16',
    parameters: { model: 1000, adapter: 0 },
    files: [...files]
      .map(([path, content]) => ({ path, bytes: content.length, sha256: sha256Hex(content) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
}

function chatConfig(ropeTheta: number, quantization: 'q4f16_1' | 'q4f32_1'): string {
  return formatChatConfig(
    shape({ hiddenSize: 1024, intermediateSize: 3072, heads: 16, layers: 28, kvHeads: 8, ropeTheta }),
    {
      quantization,
      vocabulary: 151_936,
      contextWindow: 4096,
      prefillChunk: 1024,
      tokenizerFiles: ['tokenizer.json', 'tokenizer_config.json'],
      tokenPostprocessing: 'byte_level',
      // <|im_end|> and <|endoftext|> of the tokenizer.
      generation: { temperature: 0.7, topP: 0.8, ends: [258, 256] },
    },
  );
}
