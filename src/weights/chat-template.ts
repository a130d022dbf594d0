/**
 * Whether a model's tokenizer and chat template are what mlc-chat-config.json says of every model (chat-config.ts): a
 * conversation in ChatML, and texts that are encoded as they stand. A template is a program (Jinja); it isn't run, but
 * looked at for the marks that it sets around turns, so that other marks than ChatML's are never passed over.
 */
import { asFields } from '../base/json-fields.ts';
import { readObject } from '../base/read-json.ts';
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { saysNothing } from './config-keys.ts';

/** Why it refuses. */
type ConversationCode = 'TOKENIZER_JSON' | 'TOKENIZER_SPACE' | 'TOKENIZER_TEMPLATE';

/** Where transformers looks for a template before it looks into tokenizer_config.json. */
export const CHAT_TEMPLATE_FILES = ['chat_template.jinja', 'chat_template.json'] as const;

const TURN_MARKS: readonly string[] = ['<|im_start|>', '<|im_end|>'];
const LONGEST = 100_000_000;

/**
 * Checks the texts of a model's folder, by name; tokenizer.json is one of them. The place is the file.
 * Where there's no template, the marks in the vocabulary tell that the model was trained with ChatML.
 */
export function checkConversation(texts: ReadonlyMap<string, string>): Parsed<undefined, ConversationCode> {
  const templates: [place: string, template: unknown][] = [];
  const jinja = texts.get('chat_template.jinja');
  if (jinja !== undefined) templates.push(['chat_template.jinja', jinja]);
  for (const what of ['chat_template.json', 'tokenizer_config.json']) {
    const text = texts.get(what);
    if (text === undefined) continue;
    const json = readObject(text, { code: 'TOKENIZER_JSON', what, longest: LONGEST, place: what });
    if (!json.ok) return json;
    // Either one template, or a list of them by name.
    const given = json.value.chat_template;
    for (const one of Array.isArray(given) ? given : [given])
      templates.push([what, Array.isArray(given) ? asFields(one).template : one]);
  }
  const said = templates.filter(([, template]) => !saysNothing(template));
  for (const [place, template] of said) if (!isChatMl(template)) return otherTemplate(place);
  const what = 'tokenizer.json';
  const tokenizer = readObject(texts.get(what) ?? '', {
    code: 'TOKENIZER_JSON',
    what,
    longest: LONGEST,
    place: what,
  });
  if (!tokenizer.ok) return tokenizer;
  if (said.length === 0 && !hasTurnMarks(tokenizer.value))
    return refuse(
      'TOKENIZER_TEMPLATE',
      'There is no chat template, and the vocabulary has no <|im_start|> and <|im_end|>: only ChatML can be written ' +
        'for MLC, so give a model that was trained with it, its template in tokenizer_config.json.',
      what,
    );
  const spaced = ['normalizer', 'pre_tokenizer', 'decoder'].find((key) =>
    stepsOf(tokenizer.value[key]).some((step) => movesSpace(step, key)),
  );
  if (spaced === undefined) return ok(undefined);
  return refuse(
    'TOKENIZER_SPACE',
    `The ${spaced} puts a space before a text or takes one away, as SentencePiece's do, which can't be written for ` +
      'MLC: give a model whose tokenizer is a byte-level BPE.',
    what,
  );
}

function otherTemplate(place: string): Refused<'TOKENIZER_TEMPLATE'> {
  return refuse(
    'TOKENIZER_TEMPLATE',
    "The chat template isn't plain ChatML (<|im_start|>role, <|im_end|>), the only one that can be written for MLC: " +
      'give a model that was trained with ChatML.',
    place,
  );
}

/** What stands behind a mark that begins a turn: a role, or the expression for a message's. */
const ROLE =
  /^(?:(?:system|user|assistant|tool)\b|(?:['"]\s*[+~]\s*\(?|(?:['"]\s*-?\}\})?\s*\{\{-?\s*)\s*(?:\w+(?:\.role|\[['"]role['"]\])|role\b))/;
/** Marks of other templates that aren't spelled `<|…|>`, and what stands before or behind turns that ChatML hasn't. */
const OTHER_MARKS = /\[\/?INST\]|<<\/?SYS>>|<\/?s>|<(?:start|end)_of_turn>|\b[be]os_token\b/;

function isChatMl(template: unknown): boolean {
  if (typeof template !== 'string' || OTHER_MARKS.test(template)) return false;
  const marks = new Set(template.match(/<\|[^|<>]{0,60}\|>/g));
  const [start = ''] = TURN_MARKS;
  return (
    marks.size === TURN_MARKS.length &&
    TURN_MARKS.every((mark) => marks.has(mark)) &&
    template
      .split(start)
      .slice(1)
      .every((behind) => ROLE.test(behind))
  );
}

function hasTurnMarks({ added_tokens, model }: Readonly<Record<string, unknown>>): boolean {
  const added = Object.values(asFields(added_tokens)).map((token) => asFields(token).content);
  const vocabulary = asFields(asFields(model).vocab);
  return TURN_MARKS.every((mark) => added.includes(mark) || Object.hasOwn(vocabulary, mark));
}

/** The steps of a normalizer, pre-tokenizer or decoder, sequences within it opened. */
function stepsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  const step = asFields(value);
  if (step.type !== 'Sequence') return [step];
  const inner = [step.normalizers, step.pretokenizers, step.decoders].find(Array.isArray) ?? [];
  return (inner as unknown[]).flatMap(stepsOf);
}

function movesSpace(step: Readonly<Record<string, unknown>>, key: string): boolean {
  const { type, prepend_scheme: scheme, add_prefix_space: prefix } = step;
  if (type === 'Prepend' || type === 'Strip') return true;
  if (type === 'Metaspace') return (scheme ?? (prefix === false ? 'never' : 'always')) !== 'never';
  // A decoder of bytes doesn't ask for it.
  return type === 'ByteLevel' && key === 'pre_tokenizer' && prefix !== false;
}
