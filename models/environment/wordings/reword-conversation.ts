/** Another wording of the task in one conversation of a training set. */
import { EXAMPLE_LEAD, TASK_LEAD } from '../../../src/agent/prompt.ts';
import type { Random } from '../../../src/base/random.ts';
import { TASK_PREFIX } from '../../../src/engine/grammar-text.ts';
import { paraphrase } from './paraphrase.ts';

/** Role, content and whether it is learnt. */
export type Row = readonly [role: string, content: string, mark: number];

/** The messages with the current task in other words; undefined where it is none of the official types. */
export function reword(messages: readonly Row[], random: Random): Row[] | undefined {
  const users = messages.flatMap(([role, content], i) => (role === 'user' ? [{ i, content }] : []));
  const [first] = users;
  const current = first?.content.startsWith(EXAMPLE_LEAD)
    ? users.find(({ content }) => content.startsWith(TASK_LEAD))
    : first;
  if (current === undefined) return undefined;
  const start = current.content.indexOf(TASK_PREFIX) + TASK_PREFIX.length;
  if (start < TASK_PREFIX.length) return undefined;
  const lineEnd = current.content.indexOf('\n', start);
  const end = lineEnd < 0 ? current.content.length : lineEnd;
  const said = paraphrase(current.content.slice(start, end), random, 'train');
  if (said === undefined) return undefined;
  const content = current.content.slice(0, start) + said + current.content.slice(end);
  return messages.map((row, i) => (i === current.i ? [row[0], content, row[2]] : row));
}
