/**
 * Scripts by a model (paper, equation 1: f_extract). The pocket student was trained to be asked in the conversation of
 * the episode, behind its last observation. A language model that wasn't is asked by itself, without the form of
 * answers that playing asks for, and shown what a script looks like.
 */
import { ok, type Parsed, refuse } from '../base/result.ts';
import type { Script, Trajectory } from '../memory/entry.ts';
import {
  formatObservation,
  historyMessages,
  type Message,
  openingMessages,
  turnsOf,
  withoutBanner,
} from './prompt.ts';

const REQUEST = 'The task is solved. Write guidelines of how to solve a similar task';

/** What is asked behind the last observation; of a home with habits it is asked where things are kept. */
export function extractionRequest(home: boolean): string {
  return home ? `${REQUEST} in this home.` : `${REQUEST}.`;
}

/** The whole conversation: the episode without memories, then the request. */
export function extractionMessages({ intro, steps }: Trajectory, home: boolean): Message[] {
  const messages = [...openingMessages(intro, { scripts: [] }), ...historyMessages(turnsOf(steps))];
  const request = extractionRequest(home);
  const last = steps.at(-1);
  if (last === undefined) return [...messages, { role: 'user', content: request }];
  return [
    ...messages.slice(0, -1),
    { role: 'user', content: `${formatObservation(last.observation)}\n${request}` },
  ];
}

/** What a language model is asked where nobody gives a request of their own. */
export const SCRIPT_REQUEST = `Write guidelines of how to solve a similar task: one paragraph of about 50 words, in full sentences.
Say where to look first, what has to be opened, the order of the steps, and which mistakes to avoid. Name kinds of things and
places without their numbers. Write nothing but the guidelines.

These are guidelines of another task, "put a clean plate in fridge":
Look for a plate on the dining table and the countertops first; open cabinets only if none lies there. Take it to the sink and clean it before anything else. Then go to the fridge and open it, put the plate in, and stop: don't close the fridge or clean the plate twice.`;

/** The episode as a list, and the request behind it. @param request in place of {@link SCRIPT_REQUEST} */
export function scriptMessages(
  task: string,
  { intro, steps }: Trajectory,
  request = SCRIPT_REQUEST,
): Message[] {
  const room = withoutBanner(intro).replace(/\s*Your task is to:[\s\S]*$/, '');
  const done = steps.map(({ action, observation }, i) => `${i + 1}. ${action}: ${observation}`);
  const shown = [
    `A task in a household: ${task}`,
    room,
    `It was solved like this:\n${done.join('\n')}`,
    request,
  ];
  return [
    { role: 'system', content: 'You write short, exact guidelines for household tasks.' },
    { role: 'user', content: shown.join('\n\n') },
  ];
}

const LONGEST = 2000;

/** `Here are some guidelines:`, and what else language models say before and behind what was asked for. */
const BEFORE =
  /^\s*(?:(?:sure|certainly|of course|okay|ok)\b[^\n:.!]*[.!:,]\s*)?(?:(?:here(?:['’]s| is| are)|the following|below (?:is|are)|these are)\b[^\n]*?:\s*)?/i;
const LABEL = /^\s*(?:[*#>\s]*guidelines?[*\s]*:[*\s]*)?/i;
const BEHIND = /\s*(?:I hope|Let me know|Feel free|Please let me know|Good luck)\b[^\n]*\s*$/i;
const FENCE = /^\s*```\w*\s*|\s*```\s*$/g;
/** The mark of a line of a list. */
const LISTED = /^\s*(?:[-*•]|\d{1,2}[.)])\s+/gm;

/**
 * The script that a model wrote. What language models like to put around it goes: labels, quotes, leads, marks of lists.
 * Codes: SCRIPT_EMPTY, SCRIPT_TOO_LONG (it never came to an end).
 */
export function parseScript(task: string, reply: string): Parsed<Script, 'SCRIPT_EMPTY' | 'SCRIPT_TOO_LONG'> {
  const guidelines = reply
    .replace(FENCE, '')
    .replace(BEFORE, '')
    .replace(LABEL, '')
    .replace(BEHIND, '')
    .replace(LISTED, '')
    .replaceAll('**', '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (guidelines === '') return refuse('SCRIPT_EMPTY', 'The model wrote no guidelines.');
  if (guidelines.length > LONGEST)
    return refuse('SCRIPT_TOO_LONG', `The guidelines have more than ${LONGEST} characters.`);
  return ok({ taskName: task.trim().replace(/\.$/, ''), guidelines });
}
