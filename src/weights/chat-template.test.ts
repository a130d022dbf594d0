import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../base/result.ts';
import { tokenizerJson } from '../testing/synthetic-model.ts';
import { checkConversation } from './chat-template.ts';
import { parseGgufHeader } from './gguf/header.ts';
import { ggufTokenizer } from './gguf/tokenizer.ts';

const PLAIN = JSON.stringify(tokenizerJson(300));
const check = (texts: Readonly<Record<string, string>>, tokenizer = PLAIN) => {
  const result = checkConversation(new Map(Object.entries({ 'tokenizer.json': tokenizer, ...texts })));
  return result.ok ? 'ok' : `${result.error.code} ${result.error.place}`;
};
const config = (chat_template: unknown) => ({ 'tokenizer_config.json': JSON.stringify({ chat_template }) });

const LLAMA3 =
  "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'" +
  " + message['content'] | trim + '<|eot_id|>' }}{% endfor %}";
/** What Qwen3's template sets around its turns; the calls of tools in between are left out. */
const QWEN3 = `{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {{- "# Tools\\n<tool_call>\\n{\\"name\\": <function-name>}\\n</tool_call><|im_end|>\\n" }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning + '\\n</think>\\n\\n' + content }}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {{- '<|im_start|>user' }}
        {{- '\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}`;
const CHATML =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + " +
  "'\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

describe('a chat template', () => {
  it.each([
    ["Qwen3's", config(QWEN3)],
    ['plain ChatML', config(CHATML)],
    ['in a file of its own', { 'chat_template.jinja': CHATML }],
    ['in JSON of its own', { 'chat_template.json': JSON.stringify({ chat_template: CHATML }) }],
    ['one of several by name', config([{ name: 'default', template: CHATML }])],
    [
      "the pocket student's",
      config(
        JSON.parse(
          readFileSync(new URL('../../models/pocket/tokenizer_config.json', import.meta.url), 'utf8'),
        ).chat_template,
      ),
    ],
    ['none, but ChatML marks in the vocabulary', config(undefined)],
    ['no tokenizer_config.json, but the marks', {}],
  ])('is taken: %s', (_, texts) => {
    expect(check(texts)).toBe('ok');
  });

  it("is taken from a GGUF file whose template is made like SmolLM2's", () => {
    const file = readFileSync(new URL('./fixtures/gguf/tiny-llama.gguf', import.meta.url));
    const texts = unwrap(ggufTokenizer(unwrap(parseGgufHeader(file, file.length))));
    expect(checkConversation(texts)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ["Llama 3's", LLAMA3],
    ["Llama 2's", "{{ '<s>[INST] ' + message['content'] + ' [/INST]' }}"],
    ["Gemma's", "{{ '<start_of_turn>' + role + '\n' + message['content'] + '<end_of_turn>\n' }}"],
    ["Phi's", "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"],
    ['ChatML behind a beginning of the text', `{{ bos_token }}${CHATML}`],
    ['ChatML with roles of its own', CHATML.replace('assistant', 'gpt')],
    ['ChatML with marks of its own', CHATML.replace('<|im_end|>', '<|im_end|><|end|>')],
    ['ChatML that is never closed', CHATML.replace('<|im_end|>', '')],
    ['no text', 7],
    [
      'of several by name, one',
      [
        { name: 'default', template: CHATML },
        { name: 'rag', template: LLAMA3 },
      ],
    ],
  ])('is refused: %s', (_, template) => {
    expect(check(config(template))).toBe('TOKENIZER_TEMPLATE tokenizer_config.json');
  });

  it('is refused in files of its own, whatever tokenizer_config.json says', () => {
    const texts = { 'chat_template.jinja': LLAMA3, ...config(CHATML) };
    expect(check(texts)).toBe('TOKENIZER_TEMPLATE chat_template.jinja');
    const json = { 'chat_template.json': JSON.stringify({ chat_template: LLAMA3 }) };
    expect(check(json)).toBe('TOKENIZER_TEMPLATE chat_template.json');
    expect(check({ 'chat_template.json': '{' })).toBe('TOKENIZER_JSON chat_template.json');
  });

  it('is missed where the vocabulary has no ChatML marks either', () => {
    const without = JSON.stringify({ ...JSON.parse(PLAIN), added_tokens: [] });
    expect(check({}, without)).toBe('TOKENIZER_TEMPLATE tokenizer.json');
    expect(check(config(CHATML), without)).toBe('ok');
    const vocab = { '<|im_start|>': 0, '<|im_end|>': 1 };
    expect(check({}, JSON.stringify({ model: { vocab } }))).toBe('ok');
  });
});

describe('a tokenizer that moves spaces', () => {
  const changed = (change: object) => check({}, JSON.stringify({ ...JSON.parse(PLAIN), ...change }));

  it.each<readonly [what: string, change: object]>([
    [
      "SentencePiece's",
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }] } },
    ],
    ['one of words', { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' } }],
    ['an older one of words', { pre_tokenizer: { type: 'Metaspace', replacement: '▁' } }],
    ["RoBERTa's", { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } }],
    [
      'a decoder of SentencePiece',
      {
        decoder: {
          type: 'Sequence',
          decoders: [{ type: 'ByteFallback' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
        },
      },
    ],
  ])('is refused: %s', (_, change) => {
    expect(changed(change)).toBe('TOKENIZER_SPACE tokenizer.json');
  });

  it.each([
    { normalizer: { type: 'NFC' }, decoder: { type: 'ByteLevel', add_prefix_space: true } },
    { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never' } },
    { pre_tokenizer: null, decoder: null },
  ])("isn't %j", (change) => {
    expect(changed(change)).toBe('ok');
  });
});
