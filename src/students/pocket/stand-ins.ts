/**
 * Names of chores that the pocket student has no word for. Its vocabulary has whole words for what homes hold, and it
 * was trained on chores that bear those as names; any other name it would have to spell byte by byte, and it acts on
 * few such names. So it is told one of its own words in their place: always the same one for the same name, wherever
 * the name stands in what it reads or practises. Only the student reads so: page, memory and trace keep the name.
 */
import type { Message, ReadAs, StandIn } from '../../agent/prompt.ts';

/**
 * Nobody is asked to fetch these, and rooms don't show them: whatever is told of them is told of the chore. Under each
 * the student did four chores that were shown once in each of three other homes, 12 of 12. Two names may fall on one.
 */
const POOL = [
  ...['mirror', 'window', 'painting', 'poster', 'curtains', 'blinds'],
  ...['lightswitch', 'showerglass', 'showerdoor', 'stoveknob', 'bathtub'],
];

/** `take mug at Sunday lunch time`, a task; `At sunday lunch time, find mug`, a script's rule. Not 'one at a time'. */
const NAMED =
  /(\bput (?:a|two|three) \S+ in \S+ at |\btake \S+ at |\bAt )([^\s.,"\n][^.,"\n]{0,59}?) time(?=[.,"\n]|$)/gu;

/** What the student reads in place of messages, and the words in it that stand for names. */
export function withStandIns(messages: readonly Message[], hasWord: (word: string) => boolean): ReadAs {
  const words = new Map<string, StandIn>();
  const read = messages.map((message) => {
    const content = message.content.replace(NAMED, (_, before: string, name: string) => {
      const key = name.toLowerCase();
      if (hasWord(key)) return `${before}${key} time`;
      const known = words.get(key) ?? { name, word: standInFor(key) };
      words.set(key, known);
      return `${before}${known.word} time`;
    });
    return content === message.content ? message : { ...message, content };
  });
  return { messages: read, standIns: [...words.values()] };
}

/** The same for the same name, on every device and in every prompt: what is practised is read so again. */
function standInFor(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return POOL[sum % POOL.length] as string;
}
