/**
 * What the scripted teacher says before it acts. Few templates of few words, since a student of a few million
 * parameters learns to say them: each names what the last observation decided and what comes next. All is lower
 * case but the first word of a sentence, and no sentence starts with a name.
 */
import type { Goal } from '../player/goal.ts';
import { countWord, preposition } from '../player/names.ts';

/** `Plan: find mug, clean it, put it in shelf.` */
export function planThought(goal: Goal): string {
  return `Plan: ${planInWords(goal)}.`;
}

/** `find mug, clean it, put it in shelf` */
export function planInWords({ object, count, treatments, target, lamp, back, also }: Goal): string {
  const it = count > 1 ? 'them' : 'it';
  const parts: string[] = [];
  if (object !== '') parts.push(count > 1 ? `find ${countWord(count)} ${object}` : `find ${object}`);
  for (const treatment of treatments) parts.push(`${treatment} ${it}`);
  if (target !== undefined) parts.push(`put ${it} ${preposition(target)} ${target}`);
  if (back) parts.push(`put ${it} where it was`);
  if (lamp !== undefined) parts.push(`turn on ${lamp}`);
  if (target === undefined && lamp === undefined && !back) parts.push(`hold ${it}`);
  if (also !== undefined) parts.push(planInWords(also));
  return parts.join(', ');
}

export const thoughts = {
  nothingHappens: 'Nothing happens.',
  closed: 'It is closed. I open it.',
  lookAround: 'I look around.',
  notHere: (type: string): string => `No ${type} here.`,
  noOther: (type: string): string => `No other ${type} here.`,
  alsoSee: (object: string): string => `I see ${object}.`,
  needMore: (count: number): string => `I need ${countWord(count)} more.`,
  first: (place: string): string => `First I check ${place}.`,
  next: (place: string): string => `Next I check ${place}.`,
  again: (place: string): string => `I saw all places. I check ${place} again.`,
  memory: (type: string, place: string): string => `My memory says ${type} was ${at(place)}. I go there.`,
  alreadyAt: (place: string): string => `I am at ${place}.`,
  open: 'I open it.',
  examine: 'I look at it.',
  found: (object: string): string => `Here is ${object}. I take it.`,
  sawAt: (object: string, place: string): string => `I saw ${object} ${at(place)}. I go there.`,
  have: (object: string): string => `I have ${object}.`,
  isNow: (state: string): string => `It is ${state} now.`,
  // The plan's next word first, where to do it second: each can be looked up from what stands before it.
  goTreat: (place: string, treatment: string): string => `Next I ${treatment} it. I go to ${place}.`,
  slice: (object: string): string => `Here is ${object}. I slice it.`,
  treat: (place: string, treatment: string): string => `Here is ${place}. I ${treatment} it.`,
  bring: (place: string): string => `I bring it to ${place}.`,
  put: (object: string, place: string): string => `I put ${object} ${at(place)}.`,
  makes: (count: number): string => `That makes ${countWord(count)}.`,
  turnOn: (lamp: string): string => `Here is ${lamp}. I turn it on.`,
  wrong: (object: string, type: string): string => `I hold ${object} but I need ${type}.`,
  putDown: 'I put it down.',
  putDownAt: (place: string): string => `I put it down at ${place}.`,
  stuck: (place: string): string => `I am stuck. I go to ${place}.`,
} as const;

function at(place: string): string {
  return `${preposition(place)} ${place}`;
}

/** Sentences that are not empty, joined. */
export function say(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined && sentence !== '').join(' ');
}

/** Words and figures of a thought. */
export function countWords(text: string): number {
  return text.match(/[A-Za-z']+|\d+/g)?.length ?? 0;
}
