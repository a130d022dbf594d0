/** What this page is, in a sentence: the first thing that a stranger reads, in index.html before any code has run. */
import { PAST_TASKS } from '../../homes/page-homes.ts';
import { size } from './words.ts';

/** @param bytes of the pocket student */
export function modelOf(bytes: number): string {
  return `A ${size(bytes)} language model`;
}

export const LIVED_IN = `${PAST_TASKS} earlier tasks in this home`;

/** @param who plays, as the beginning of a sentence @param past what is remembered the second time */
export function lede(who: string, past: string): string {
  return `${who} does a chore in this tab, twice: once without memory, once remembering ${past}.`;
}
