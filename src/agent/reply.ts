/**
 * From what a student wrote to a thought and an action. Nothing that a student writes is fatal: each odd reply has
 * an outcome that is counted, and an action that the engine can be given (an empty one, where there is none, does
 * nothing there).
 */

import { type ReplyForm, rewriteReply } from './reply-forms.ts';
import { withoutMarks } from './reply-marks.ts';

/**
 * - `ok`: one thought, one action.
 * - `no-thought`: an action without a thought, or with an empty one.
 * - `several-actions`: more than one action or turns that the student made up; the first action counts.
 * - `missing-action`: a thought, but no action.
 * - `junk`: neither.
 * - `endless`: the reply was cut at its length limit before an action was complete.
 */
export const REPLY_OUTCOMES = [
  'ok',
  'no-thought',
  'several-actions',
  'missing-action',
  'junk',
  'endless',
] as const;
export type ReplyOutcome = (typeof REPLY_OUTCOMES)[number];

/** Which forms of a reply are read: the prompt's own alone, as in the paper's tables, or every unambiguous one. */
type ReadForms = 'prompt' | 'any';

interface ParsedReply {
  /** One line; empty where there was none. */
  readonly thought: string;
  /** What the engine is given; empty where there was none. */
  readonly action: string;
  readonly outcome: ReplyOutcome;
  /** In which form it stood; `plain` wherever only the prompt's own is read. */
  readonly form: ReplyForm;
}

/** Why generation ended: at the end-of-turn token, or at the length limit. */
type ReplyEnd = 'stop' | 'length';

/** Longer actions than this are junk: the longest possible command of the games has about 60 characters. */
const LONGEST_ACTION = 200;
const LONGEST_THOUGHT = 4000;
/** A label may be dressed up by a language model: `**Action:**`, `> action :`. */
const LABEL = /^[ \t>*_#-]*(thought|action|observation)[ \t*_]*:[ \t*_]*/gim;

interface Part {
  readonly label: string;
  readonly text: string;
  /** Something follows it, so that it can't have been cut. */
  readonly closed: boolean;
}

/**
 * Reads a reply. The first thought before the first action is its thought; an action ends at the end of its line.
 * @param read 'prompt' is the rule of all traces that don't say another, to the letter
 */
export function parseReply(text: string, finish: ReplyEnd = 'stop', read: ReadForms = 'prompt'): ParsedReply {
  if (read === 'prompt') return parsePlain(afterThinking(text), finish);
  const said = withoutMarks(withoutThinking(text));
  const plain = parsePlain(said, finish, unquoted);
  if (plain.outcome === 'several-actions' || (plain.outcome === 'ok' && !isDressed(plain.action)))
    return plain;
  const rewritten = rewriteReply(said);
  if (rewritten === undefined) return plain;
  const parsed = parsePlain(rewritten.text, finish, unquoted);
  const better = parsed.action !== '' || (parsed.outcome === 'endless' && plain.action === '');
  return better ? { ...parsed, form: rewritten.form } : plain;
}

function parsePlain(text: string, finish: ReplyEnd, strip = bare): ParsedReply {
  const form = 'plain';
  const parts = split(text);
  const at = parts.findIndex((part) => part.label === 'action');
  const thought = clean(parts.find((part, i) => part.label === 'thought' && (at < 0 || i < at))?.text ?? '');
  const found = parts[at];
  if (found === undefined) {
    const rest = thought === '' ? 'junk' : 'missing-action';
    return { thought, action: '', outcome: finish === 'length' ? 'endless' : rest, form };
  }
  const [line = '', ...more] = found.text.split(/\r\n|[\n\r\u2028\u2029]/);
  const action = strip(line.slice(0, 2 * LONGEST_ACTION));
  const cut = finish === 'length' && !found.closed && more.length === 0;
  if (cut) return { thought, action: '', outcome: 'endless', form };
  if (action === '' || action.length > LONGEST_ACTION)
    return { thought, action: '', outcome: 'missing-action', form };
  if (parts.length > at + 1) return { thought, action, outcome: 'several-actions', form };
  return { thought, action, outcome: thought === '' ? 'no-thought' : 'ok', form };
}

/** Models that think do so in a block of its own before they answer; what stands in it isn't said. */
function afterThinking(text: string): string {
  if (!text.startsWith('<think>')) return text;
  const end = text.indexOf('</think>');
  return end < 0 ? '' : text.slice(end + '</think>'.length);
}

/**
 * What is said behind a thinking block. Where the chat template opens the block (Qwen3 Thinking), the reply holds only
 * its end.
 */
export function withoutThinking(text: string): string {
  const end = text.lastIndexOf('</think>');
  if (end >= 0) return text.slice(end + '</think>'.length).trimStart();
  return /^\s*<think>/.test(text) ? '' : text;
}

function split(text: string): Part[] {
  const labels = [...text.matchAll(LABEL)];
  return labels.map((match, i) => {
    const next = labels[i + 1]?.index;
    return {
      label: (match[1] ?? '').toLowerCase(),
      text: text.slice(match.index + match[0].length, next),
      closed: next !== undefined,
    };
  });
}

/** One line, no runs of white space. */
function clean(thought: string): string {
  return thought.replace(/\s+/g, ' ').trim().slice(0, LONGEST_THOUGHT);
}

/** Whether a line that should be an action goes on with another label, or stands in brackets. */
function isDressed(action: string): boolean {
  return /\b(thought|observation|action)[ *_]*[:：]|^[[<({].*[\])>}]$/i.test(action);
}

/** Without quotes, backticks, asterisks around it and a full stop behind it: the engine takes commands to the letter. */
function bare(line: string): string {
  return line.replace(/^[\s"'`*]+/, '').replace(/[\s"'`*.]+$/, '');
}

/** The same without any quotes that people write: no name of the games has one. */
function unquoted(line: string): string {
  return bare(line.replace(/^[\s"'`*“”„‘’‚«»‹›]+/, '').replace(/[\s"'`*.“”„‘’‚«»‹›]+$/, ''));
}
