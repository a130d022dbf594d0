/**
 * From what a student wrote to a thought and an action. Nothing that a student writes is fatal: each odd reply has
 * an outcome that is counted, and an action that the engine can be given (an empty one, where there is none, does
 * nothing there).
 */

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

export interface ParsedReply {
  /** One line; empty where there was none. */
  readonly thought: string;
  /** What the engine is given; empty where there was none. */
  readonly action: string;
  readonly outcome: ReplyOutcome;
}

/** Why generation ended: at the end-of-turn token, or at the length limit. */
export type Finish = 'stop' | 'length';

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

/** Reads a reply. The first thought before the first action is its thought; an action ends at the end of its line. */
export function parseReply(text: string, finish: Finish = 'stop'): ParsedReply {
  const parts = split(afterThinking(text));
  const at = parts.findIndex((part) => part.label === 'action');
  const thought = clean(parts.find((part, i) => part.label === 'thought' && (at < 0 || i < at))?.text ?? '');
  const found = parts[at];
  if (found === undefined) {
    const rest = thought === '' ? 'junk' : 'missing-action';
    return { thought, action: '', outcome: finish === 'length' ? 'endless' : rest };
  }
  const [line = '', ...more] = found.text.split(/\r\n|[\n\r\u2028\u2029]/);
  const action = bare(line.slice(0, 2 * LONGEST_ACTION));
  const cut = finish === 'length' && !found.closed && more.length === 0;
  if (cut) return { thought, action: '', outcome: 'endless' };
  if (action === '' || action.length > LONGEST_ACTION)
    return { thought, action: '', outcome: 'missing-action' };
  if (parts.length > at + 1) return { thought, action, outcome: 'several-actions' };
  return { thought, action, outcome: thought === '' ? 'no-thought' : 'ok' };
}

/** Models that think do so in a block of its own before they answer; what stands in it is not said. */
function afterThinking(text: string): string {
  if (!text.startsWith('<think>')) return text;
  const end = text.indexOf('</think>');
  return end < 0 ? '' : text.slice(end + '</think>'.length);
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

/** Without quotes, backticks, asterisks around it and a full stop behind it: the engine takes commands to the letter. */
function bare(line: string): string {
  return line.replace(/^[\s"'`*]+/, '').replace(/[\s"'`*.]+$/, '');
}
