/**
 * What the reader of people's words (read-task.ts) doesn't take on: sentences that say what not to do, take back what
 * they said, or ask for more than the games' one thing with one treatment in one place. Read all the same they'd come to
 * another task than was asked for.
 */
import type { Refusal } from '../base/result.ts';
import { isDeterminer, isNamed, type Mention, type Sentence } from './mentions.ts';

const NOT = /^(?:don't|never|not)$/;
const PUT = /^(?:put|place|leave|set|bring|move|store|stick|keep|stow|drop|take|carry)$/;
/** Where what is said of one thing ends. */
const CLAUSE_END = /^(?:[.,;:!?]|and|then|but|until|unless|without|before)$/;
const MANY = /^(?:three|four|five|six|seven|eight|nine|ten|dozen|all|every|each|[3-9]|\d\d+)$/;
const CUT = /^(?:slice|slices|slicing|sliced|cut|chop|chopped|chopping|dice|diced)$/;
/** Before what only says which thing is meant: 'the mug next to the plate'. */
const ABOUT = /^(?:to|of|from|with|above|below|beside|near|behind|by|under|over|than|like)$/;
const INTO = /^(?:in|into|inside|on|onto)$/;

export type NotATask = 'TASK_NOT' | 'TASK_MANY';

/** Why a sentence isn't read; undefined where it may be. Codes: TASK_NOT, TASK_MANY. */
export function notATask(text: string, sentence: Sentence): Refusal<NotATask> | undefined {
  if (/\b(?:no,? wait|wait,? no|scratch that|i mean|on second thought)\b/i.test(text))
    return refusal('TASK_NOT', 'It takes back what it said: say the task once, as it is meant');
  if (isForbidden(sentence)) return refusal('TASK_NOT', 'It says what not to do: say what to do');
  if (isInside(sentence))
    return refusal('TASK_NOT', 'It puts a piece of furniture somewhere: only things can be put');
  if (hasNumber(sentence))
    return refusal('TASK_MANY', 'It asks for more than two things: one or two can be asked for');
  if (isCut(sentence))
    return refusal('TASK_MANY', 'It asks for slicing: cleaning, heating and cooling can be asked for');
  if (hasPair(sentence))
    return refusal('TASK_MANY', 'It asks for two kinds of things: one kind can be asked for');
  if (hasTwoTreatments(sentence))
    return refusal('TASK_MANY', 'It asks for two treatments of a thing: one can be asked for');
  return undefined;
}

function refusal(code: NotATask, what: string): Refusal<NotATask> {
  return { code, message: `${what}, such as 'put a clean mug in the cupboard'.` };
}

/** `don't put the mug in the fridge`, and not `don't leave it dirty, put it in the fridge`. */
function isForbidden({ tokens, mentions }: Sentence): boolean {
  return tokens.some((token, at) => {
    if (!NOT.test(token) || !PUT.test(tokens[at + 1] ?? '')) return false;
    const end = tokens.findIndex((one, i) => i > at && CLAUSE_END.test(one));
    const clause = end < 0 ? tokens.length : end;
    return mentions.some(({ kind, from }) => kind === 'place' && from > at && from < clause);
  });
}

/** `put the fridge in the mug`. */
function isInside({ tokens, mentions }: Sentence): boolean {
  return mentions.some(
    (place, i) =>
      place.kind === 'place' &&
      PUT.test(tokens[startOf(tokens, place) - 1] ?? '') &&
      mentions[i + 1]?.kind === 'thing' &&
      INTO.test(tokens[startOf(tokens, mentions[i + 1] as Mention) - 1] ?? ''),
  );
}

/** `three cold mugs`, `every mug`. */
function hasNumber({ tokens, mentions, doings }: Sentence): boolean {
  return mentions.some(({ kind, from }) => {
    if (kind !== 'thing') return false;
    for (let at = from - 1; at >= from - 3; at--) {
      const token = tokens[at] ?? '';
      if (MANY.test(token)) return true;
      if (!isDeterminer(token) && token !== 'of' && !doings.some((doing) => doing.at === at)) return false;
    }
    return false;
  });
}

/** `slice the apple`, `a sliced tomato`. */
function isCut({ tokens, mentions }: Sentence): boolean {
  return tokens.some(
    (token, at) => CUT.test(token) && !isNamed(mentions, at) && hasObject(tokens, mentions, at),
  );
}

/** `a mug and a plate`; `a mug in the fridge, then a plate in the sink`; `put the mug here, wash the plate`. */
function hasPair(sentence: Sentence): boolean {
  const { tokens, mentions } = sentence;
  const things = mentions.filter(({ kind }) => kind === 'thing');
  const besides = things.some((thing, i) => {
    const next = things[i + 1];
    if (next === undefined || next.types[0] === thing.types[0] || next.name === thing.name) return false;
    const between = tokens.slice(thing.to, startOf(tokens, next));
    return between.length === 1 && /^(?:and|plus)$/.test(between[0] ?? '');
  });
  return besides || handled(sentence).size > 1;
}

/** Types of things that something is to be done with: put somewhere, or cleaned, heated or cooled. */
function handled({ tokens, mentions, doings }: Sentence): Set<string | undefined> {
  const things = mentions.flatMap((thing, i) => {
    if (thing.kind !== 'thing') return [];
    const isState = doings.some(({ at, verb }) => at === thing.from - 1 && !verb);
    const from = startOf(tokens, isState ? { from: thing.from - 1 } : thing);
    const [verb, place] = [tokens[from - 1] ?? '', mentions[i + 1]];
    const isDone = PUT.test(verb) || doings.some((doing) => doing.at === from - 1 && doing.verb);
    const goes =
      !ABOUT.test(verb) &&
      from < thing.from &&
      place?.kind === 'place' &&
      startOf(tokens, place) === thing.to + 1 &&
      INTO.test(tokens[thing.to] ?? '');
    return isDone || goes ? [thing.types[0]] : [];
  });
  return new Set(things);
}

/** `clean a mug and heat it`. */
function hasTwoTreatments({ tokens, mentions, doings }: Sentence): boolean {
  const done = doings.flatMap(({ treatment, at }) => {
    const before = tokens[at - 1];
    const begins = before === undefined || /^(?:and|then|please|to|first|[.,;:!])$/.test(before);
    return begins && hasObject(tokens, mentions, at) ? [treatment] : [];
  });
  return new Set(done).size > 1;
}

/** Whether a thing, or a word for it, is what the verb is about: `slice the apple`, `heat it`. */
function hasObject(tokens: readonly string[], mentions: readonly Mention[], verb: number): boolean {
  const next = isDeterminer(tokens[verb + 1]) ? verb + 2 : verb + 1;
  return (
    /^(?:it|them)$/.test(tokens[next] ?? '') ||
    mentions.some(({ kind, from }) => kind === 'thing' && from === next)
  );
}

/** Where a name begins, its determiners with it. */
function startOf(tokens: readonly string[], { from }: Pick<Mention, 'from'>): number {
  let at = from;
  while (isDeterminer(tokens[at - 1])) at--;
  return at;
}
