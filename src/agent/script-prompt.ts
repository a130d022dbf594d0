/**
 * How a language model is asked for a procedural script (paper, equation 1: f_extract prompts the model to summarise a
 * trajectory): the trajectory as the conversation that it was, then the request. The teacher's own wording of scripts
 * is src/teacher/script.ts.
 */
import type { Script, Trajectory } from '../memory/entry.ts';
import { formatObservation, formatReply, type Message, withoutBanner } from './prompt.ts';

export interface SolvedTask extends Trajectory {
  /** The task sentence. */
  readonly task: string;
  /** Set if it was played in a home with habits: the script should say where things were. */
  readonly home?: string;
}

export const SOLVED_LEAD = 'Here is how a task was solved:\n';
export const SCRIPT_REQUEST = 'Write guidelines of how to solve a similar task.';
export const HOME_REQUEST =
  'Write guidelines of how to solve a similar task in this home, and where things were.';

const SYSTEM = [
  'You summarise how a household task was solved, for someone who has to solve a similar one.',
  'Write one paragraph of about 70 words: where to look, what to open, the order of the actions, the usual mistakes.',
  'Write nothing else.',
].join('\n');

/** The conversation whose next reply is the script. */
export function scriptMessages({ intro, steps, home }: SolvedTask): Message[] {
  const messages: Message[] = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: SOLVED_LEAD + withoutBanner(intro) },
  ];
  const request = home === undefined ? SCRIPT_REQUEST : HOME_REQUEST;
  steps.forEach(({ thought, action, observation }, i) => {
    const end = i === steps.length - 1 ? `\n\n${request}` : '';
    messages.push(
      { role: 'assistant', content: formatReply(thought, action) },
      { role: 'user', content: formatObservation(observation) + end },
    );
  });
  return messages;
}

/** Longer than any script that is worth its place in a prompt. */
const LONGEST = 2_000;
const LABEL = /^[\s*_#]*guidelines?[\s*_]*:[\s*_]*/i;

/**
 * The script in a reply: one paragraph, without a label in front and without a last sentence that was cut off.
 * Undefined where nothing is left.
 */
export function readScript(
  { task }: Pick<SolvedTask, 'task'>,
  reply: string,
  finish: 'stop' | 'length',
): Script | undefined {
  const text = reply.replace(LABEL, '').replace(/\s+/g, ' ').trim();
  const cut = finish === 'length' || text.length > LONGEST;
  const guidelines = cut ? wholeSentences(text.slice(0, LONGEST)) : text;
  return guidelines === '' ? undefined : { taskName: task.trim().replace(/\.$/, ''), guidelines };
}

function wholeSentences(text: string): string {
  return /^.*[.!?](?=\s|$)/s.exec(text)?.[0] ?? '';
}
