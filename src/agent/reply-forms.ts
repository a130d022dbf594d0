/**
 * Other forms than the prompt's in which untuned models write a thought and an action. A form is rewritten into the
 * prompt's own where it can be meant in one way only; the parser (reply.ts) then reads that.
 */

/**
 * - `plain`: the prompt's own: `Thought: …`, `Action: …`, each at the beginning of a line.
 * - `tags`: `<action>go to shelf 1</action>`.
 * - `headings`: `### Action`, or the label alone on its line, and the action below.
 * - `labels`: `Action 1:`, `2. Action:`, `Final Action:`, `Action：`, `Act:`.
 * - `one line`: both on one line.
 * - `next line`: the action below its label, in a fence or not.
 * - `brackets`: `Action: [go to shelf 1]`.
 * - `prompt marks`: `> think: …` and `> go to shelf 1`, as ReAct writes ALFWorld.
 * - `bare`: a command and nothing else.
 */
export const REPLY_FORMS = [
  'plain',
  'tags',
  'headings',
  'labels',
  'one line',
  'next line',
  'brackets',
  'prompt marks',
  'bare',
] as const;
export type ReplyForm = (typeof REPLY_FORMS)[number];

interface Rewritten {
  readonly text: string;
  readonly form: ReplyForm;
}

const NAME = '[a-z]+ \\d+';
const COMMAND = new RegExp(
  `^(look|inventory|help|(go to|open|close|examine|use) ${NAME}|take ${NAME} from ${NAME}|move ${NAME} to ${NAME}|` +
    `put ${NAME} (in/on|in|on) ${NAME}|(clean|heat|cool|slice) ${NAME} with ${NAME})$`,
);
const TAG = /<(\/?)(thought|think|action|act)>/gi;
/** A label at the beginning of a line, however it is dressed, numbered or spelt; without a colon only on its own line. */
const LABEL =
  /^[ \t>*_#\-[(]*(?:\d{1,2}[.)][ \t*_]*)?(?:final[ \t]+(?=act))?(thoughts?|think|action|act|observation)(?:[ \t]*[(#]?\d{1,3}[)\]]?)?[ \t*_\])]*(?:([:：])[ \t*_]*|(\r?$))/gim;
/** A label within a line: with a capital, or behind the end of a sentence. `The next action: …` is prose. */
const INLINE =
  /(?:(?<=[\s*_])(?:Final[ \t]+(?=Action))?(Action|Observation|Thought)|(?<=[.!?;)"'*]\s{0,3})(action|observation|thought))[ \t*_]*[:：][ \t*_]*/g;
const FENCE = /^[ \t]*```[a-z]*[ \t]*$/gim;

/** The reply in the prompt's own form, where it is in one of the others; undefined where nothing is recognised. */
export function rewriteReply(text: string): Rewritten | undefined {
  for (const rewrite of [tagged, labelled, prompted, bareCommand]) {
    const rewritten = rewrite(text);
    if (rewritten !== undefined) return rewritten;
  }
  return undefined;
}

function tagged(text: string): Rewritten | undefined {
  if (!/<(action|act)>/i.test(text)) return undefined;
  const plain = text.replace(TAG, (_, closes: string, name: string) =>
    closes === '' ? `\n${canonical(name)}: ` : '\n',
  );
  return { text: lift(plain).text, form: 'tags' };
}

function labelled(text: string): Rewritten | undefined {
  let form: ReplyForm | undefined;
  const labels = text.replace(LABEL, (match, name: string, colon: string | undefined) => {
    const label = `${canonical(name)}: `;
    if (colon === undefined) form ??= 'headings';
    else if (
      colon === '：' ||
      /\d|final/i.test(match) ||
      canonical(name).toLowerCase() !== name.toLowerCase()
    )
      form ??= 'labels';
    return label;
  });
  const lines = inline(labels);
  if (lines !== labels) form ??= 'one line';
  if (!/^Action: /m.test(lines)) return undefined;
  const lifted = lift(lines);
  form ??= lifted.form;
  return form === undefined ? undefined : { text: lifted.text, form };
}

/** Labels within a line get lines of their own, where there is only one action in the whole reply. */
function inline(text: string): string {
  const within = (match: string, index: number): boolean =>
    /\S/.test(text.slice(text.lastIndexOf('\n', index - 1) + 1, index)) && match !== '';
  const found = [...text.matchAll(INLINE)].filter((match) => within(match[0], match.index));
  const actions = found.filter((match) => /^action/i.test(match[1] ?? match[2] ?? '')).length;
  const own = (text.match(/^Action: /gm) ?? []).length;
  if (found.length === 0 || actions + own !== 1) return text;
  return text.replace(INLINE, (match, capital: string | undefined, small: string, index: number) =>
    within(match, index) ? `\n${canonical(capital ?? small)}: ` : match,
  );
}

/** Actions below their label, and in brackets, onto the label's line. */
function lift(text: string): { readonly text: string; readonly form: ReplyForm | undefined } {
  const raised = text
    .replace(FENCE, '')
    .replace(/^(Action: )[ \t]*(?:\r?\n[ \t]*)+(?!(?:Thought|Action|Observation): )(?=\S)/gm, '$1');
  const open = raised.replace(/^(Action: )[ \t"'`*]*[[<({]([^\n[\]<>(){}]+)[\])>}](?=[\s"'`*.]*$)/gm, '$1$2');
  return { text: open, form: raised !== text ? 'next line' : open !== raised ? 'brackets' : undefined };
}

/** `> think: I need a mug.` and `> go to shelf 1`: the latter has no label, but is a command. */
function prompted(text: string): Rewritten | undefined {
  const lines = text.split(/\r?\n/);
  const thought = lines.find((line) => /^[ \t]*(?:>[ \t]*)?think[ \t]*[:：]/i.test(line));
  const commands = lines
    .filter((line) => /^[ \t]*>/.test(line))
    .map(command)
    .filter((one) => one !== undefined);
  if (thought === undefined || commands.length === 0) return undefined;
  const said = thought.replace(/^[^:：]*[:：][ \t]*/, '');
  const open = command(lines.at(-1) ?? '') === undefined ? '\n' : '';
  return {
    text: [`Thought: ${said}`, ...commands.map((one) => `Action: ${one}`)].join('\n') + open,
    form: 'prompt marks',
  };
}

function bareCommand(text: string): Rewritten | undefined {
  const lines = text
    .replace(FENCE, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const only = lines.length === 1 ? command(lines[0] as string) : undefined;
  return only === undefined ? undefined : { text: `Action: ${only}`, form: 'bare' };
}

function command(line: string): string | undefined {
  const plain = line
    .slice(0, 200)
    .replace(/^[\s>"'`*“”„‘’‚«»‹›-]+/, '')
    .replace(/[\s"'`*.“”„‘’‚«»‹›]+$/, '');
  return COMMAND.test(plain) ? plain : undefined;
}

function canonical(name: string): 'Thought' | 'Action' | 'Observation' {
  const first = name.toLowerCase();
  if (first.startsWith('th')) return 'Thought';
  return first.startsWith('act') ? 'Action' : 'Observation';
}
