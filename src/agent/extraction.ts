/**
 * Scripts by a model (paper, equation 1: f_extract): after a solved episode the model is asked, in the same
 * conversation, for guidelines. So the KV cache of the episode serves once more, and the student that played can
 * write its own memories.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import type { Script, Trajectory } from '../memory/entry.ts';
import { formatObservation, historyMessages, type Message, openingMessages, turnsOf } from './prompt.ts';

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

const LONGEST = 2000;

/**
 * The script that a model wrote. Labels and quotes that language models like to put around it go.
 * Codes: SCRIPT_EMPTY, SCRIPT_TOO_LONG (it never came to an end).
 */
export function parseScript(task: string, reply: string): Result<Script> {
  const guidelines = reply
    .replace(/^\s*(?:[*#>\s]*guidelines?[*\s]*:[*\s]*)?/i, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (guidelines === '') return refuse('SCRIPT_EMPTY', 'The model wrote no guidelines.');
  if (guidelines.length > LONGEST)
    return refuse('SCRIPT_TOO_LONG', `The guidelines have more than ${LONGEST} characters.`);
  return ok({ taskName: task.trim().replace(/\.$/, ''), guidelines });
}
