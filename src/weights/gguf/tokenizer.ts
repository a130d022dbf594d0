/**
 * The tokenizer of a GGUF file as the files that Hugging Face's libraries read: tokenizer.json, tokenizer_config.json
 * with the chat template, generation_config.json. Byte-level BPE only (ggml's model `gpt2`), with the pre-tokenizers
 * whose rules are known here.
 */

import { ok, type Result, refuse } from '../../base/result.ts';
import { table } from '../../base/table.ts';
import { addedToken } from '../byte-level.ts';
import type { GgufHeader, GgufValue } from './header.ts';

/** ggml's names of pre-tokenizers (llama-vocab.cpp). SmolLM takes every digit alone. */
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const PRE_TOKENIZERS: Readonly<Record<string, object>> = table({
  'gpt-2': BYTE_LEVEL,
  smollm: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, BYTE_LEVEL] },
});
/** ggml's type of a token that no text spells. */
const CONTROL = 3;

/**
 * Texts by the names of their files.
 * Codes: GGUF_TOKENIZER (of another kind than can be read), GGUF_VALUE (fields that don't fit together).
 */
export function ggufTokenizer({ metadata }: GgufHeader): Result<ReadonlyMap<string, string>> {
  const model = metadata.get('tokenizer.ggml.model');
  const pre = metadata.get('tokenizer.ggml.pre') ?? 'gpt-2';
  const preTokenizer =
    typeof pre === 'string' && Object.hasOwn(PRE_TOKENIZERS, pre) ? PRE_TOKENIZERS[pre] : undefined;
  if (model !== 'gpt2' || preTokenizer === undefined)
    return refuse(
      'GGUF_TOKENIZER',
      `The tokenizer is ${String(model)} with the rules ${String(pre)}; byte-level BPE with the rules of gpt-2 or smollm can be read.`,
      'tokenizer.ggml.model',
    );
  const tokens = texts(metadata.get('tokenizer.ggml.tokens'));
  const merges = texts(metadata.get('tokenizer.ggml.merges'));
  const types = metadata.get('tokenizer.ggml.token_type') ?? [];
  if (tokens === undefined || merges === undefined || !Array.isArray(types))
    return refuse('GGUF_VALUE', 'The tokenizer lacks its tokens or merges.', 'tokenizer.ggml.tokens');
  const special = tokens.flatMap((content, id) => (types[id] === CONTROL ? [addedToken(id, content)] : []));
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
      merges: merges.map((merge) => merge.split(' ')),
    },
  };
  const named = (key: string): string | undefined => {
    const id = metadata.get(`tokenizer.ggml.${key}_token_id`);
    return typeof id === 'number' ? tokens[id] : undefined;
  };
  const template = metadata.get('tokenizer.chat_template');
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: named('bos'),
    eos_token: named('eos'),
    pad_token: named('padding'),
    unk_token: named('unknown'),
    // Whatever it is: who reads it refuses what is no text.
    ...(template === undefined ? {} : { chat_template: template }),
  };
  const generation = {
    bos_token_id: metadata.get('tokenizer.ggml.bos_token_id'),
    eos_token_id: metadata.get('tokenizer.ggml.eos_token_id'),
    pad_token_id: metadata.get('tokenizer.ggml.padding_token_id'),
  };
  return ok(
    new Map([
      ['tokenizer.json', `${JSON.stringify(json)}\n`],
      ['tokenizer_config.json', `${JSON.stringify(config, undefined, 2)}\n`],
      ['generation_config.json', `${JSON.stringify(generation, undefined, 2)}\n`],
    ]),
  );
}

function texts(value: GgufValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}
