/**
 * Reads a task in people's words: 'could you stick a chilled cup into the coffee maker?' is 'put a cool mug in
 * coffeemachine.' Students that know the templates alone are told that. It knows the six official kinds of tasks, by
 * words and their order, not by grammar: politeness, reasons and all that it has no use for it passes over. What it makes
 * of a sentence may be wrong, so whoever shows it says how it was read.
 */

import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import type { Treatment } from '../base/task-types.ts';
import {
  type Doing,
  isDeterminer,
  isNamed,
  type Mention,
  readSentence,
  type Sentence,
  typesAt,
} from './mentions.ts';
import { type NotATask, notATask } from './not-a-task.ts';
import { asTemplate } from './template.ts';

/** More is no task. In UTF-16 units. */
export const LONGEST_TASK = 1_000;

/** The appliance that is named for what it does to a thing. */
const TOOLS = table<'clean' | 'heat' | 'cool'>({ fridge: 'cool', microwave: 'heat', sinkbasin: 'clean' });
const STATE = table({ clean: 'clean', heat: 'hot', cool: 'cool' });
const TOWARDS = /^(?:in|into|inside|on|onto|to|for|top)$/;
const AWAY = /^(?:from|off|of|with|without|but|except|than)$/;
/** What only says which place is meant: 'the cupboard above the sink'. */
const BESIDE = /^(?:above|below|beneath|beside|near|behind|over|opposite|under|underneath)$/;
/** 'Straight from the fridge': what it was in says what is done to it. */
const JUST = /^(?:straight|fresh|right|directly|hot|cold)$/;
/** What a thing is held under says what is done to it. */
const WATER = /^(?:tap|faucet|water|suds)$/;
const NEGATED = /^(?:no|not|never|don't|won't|without|isn't|aren't)$/;
/** Not 'one of the mugs', not 'first this, second that'. */
const TWO = / (?:two|2|both|couple|pair|twice|double|another|a second|the second|one more) /;

type ReadCode = 'TASK_LONG' | 'TASK_UNREAD' | NotATask;

/**
 * The official template's sentence for a task in free words; one that is a template already comes back as it is.
 * Codes: TASK_LONG, TASK_UNREAD (which thing or place is meant isn't understood), TASK_NOT and TASK_MANY (not-a-task.ts).
 * @param room types of the places in the room, which decide what a 'table' is
 */
export function readTask(text: string, room: ReadonlySet<string> = new Set()): Parsed<string, ReadCode> {
  if (text.length > LONGEST_TASK)
    return refuse('TASK_LONG', `A task has at most ${LONGEST_TASK} characters; say it shorter.`);
  const template = asTemplate(text);
  if (template !== undefined) return ok(template);
  const sentence = readSentence(text);
  const reason = notATask(text, sentence);
  if (reason !== undefined) return refuse(reason.code, reason.message);
  const lamp = sentence.mentions.find(({ kind }) => kind === 'lamp');
  if (lamp !== undefined) {
    const thing = thingOf(sentence, undefined);
    return thing === undefined ? unread('thing') : ok(`look at ${thing} under the ${lamp.types[0]}.`);
  }
  const { target, treatment } = targetOf(sentence, room);
  const thing = thingOf(sentence, target);
  if (thing === undefined) return unread('thing');
  if (target === undefined) return unread('place');
  if (isTwo(sentence)) return ok(`put two ${thing} in ${target}.`);
  return ok(`put a ${treatment === undefined ? '' : `${STATE[treatment]} `}${thing} in ${target}.`);
}

function unread(what: 'thing' | 'place'): Refused<'TASK_UNREAD'> {
  const example = "say it such as 'put a clean mug in the cupboard' or 'look at the book under the lamp'";
  return refuse('TASK_UNREAD', `Which ${what} is meant isn't understood: ${example}.`);
}

/** Where it goes, and what is done before. */
function targetOf(
  sentence: Sentence,
  room: ReadonlySet<string>,
): { readonly target: string | undefined; readonly treatment: Treatment | undefined } {
  const { tokens, mentions } = sentence;
  const places = mentions
    .filter(({ kind }) => kind === 'place')
    .map((one) => ({
      type: one.types.find((type) => room.has(type)) ?? (one.types[0] as string),
      weight: weightOf(tokens, one),
      from: comesFrom(tokens, one),
      beside: isBeside(tokens, one),
      just: isJustFrom(tokens, one),
    }));
  const goals = places.filter(({ from, beside }) => !from && !beside);
  const types = new Set(goals.map(({ type }) => type));
  const said = treatmentIn(sentence);
  // 'Some time in the fridge, then the counter': the place that isn't where it ends is a tool.
  const used = types.size > 1 ? goals : places.filter(({ just }) => just);
  const tools = used.flatMap(({ type }) => TOOLS[type] ?? []);
  const treatment =
    said.verb || tools.includes(said.treatment as 'heat') ? said.treatment : (tools[0] ?? said.treatment);
  const tool = types.size > 1 ? goals.find(({ type }) => TOOLS[type] === treatment)?.type : undefined;
  let best: (typeof places)[number] | undefined;
  const ends =
    goals.length > 0 ? goals.filter(({ type }) => type !== tool) : places.filter(({ from }) => !from);
  for (const one of ends) if (best === undefined || one.weight >= best.weight) best = one;
  return { target: best?.type, treatment };
}

/** Whether it's where something comes from, or stays out of. */
function comesFrom(tokens: readonly string[], place: Mention): boolean {
  const last = before(tokens, place);
  return last === 'of' ? /^(?:out|instead)$/.test(wordBefore(tokens, place, 2)) : AWAY.test(last);
}

/** `straight from the oven`, `cold out of the fridge`. */
function isJustFrom(tokens: readonly string[], place: Mention): boolean {
  const [one, two, three] = [1, 2, 3].map((n) => wordBefore(tokens, place, n)) as [string, string, string];
  return (one === 'from' && JUST.test(two)) || (one === 'of' && two === 'out' && JUST.test(three));
}

/** Whether it only says which thing or place is meant. */
function isBeside(tokens: readonly string[], mention: Mention): boolean {
  const last = before(tokens, mention);
  return BESIDE.test(last) || (last === 'to' && /^(?:next|close)$/.test(wordBefore(tokens, mention, 2)));
}

function before(tokens: readonly string[], mention: Mention): string {
  return wordBefore(tokens, mention, 1);
}

/** The n-th word before a name, its determiner left out. */
function wordBefore(tokens: readonly string[], { from }: Mention, n: number): string {
  return tokens[isDeterminer(tokens[from - 1]) ? from - 1 - n : from - n] ?? '';
}

/** Where things go is said with 'in the', 'onto a'; what comes without is apt to be said in passing: 'in bed'. */
function weightOf(tokens: readonly string[], mention: Mention): number {
  const determined = isDeterminer(tokens[mention.from - 1]) ? 1 : 0;
  return determined + (determined === 1 && TOWARDS.test(before(tokens, mention)) ? 1 : 0);
}

/** What is to be done is said by a verb, or by how the thing is or should be. */
function treatmentIn({ tokens, mentions, doings }: Sentence): {
  readonly treatment: Treatment | undefined;
  readonly verb: boolean;
} {
  const said = doings.filter(({ at }) => !isNegated(tokens, at));
  const asked = said.filter((one) => isAsked(tokens, mentions, one));
  const states = said.filter((one) => isState(tokens, mentions, one));
  const verb =
    asked.find((one) => one.verb) ??
    asked.find((one) => !states.includes(one) && isObject(tokens, mentions, one.at + 1));
  const wet = (token: string, at: number): boolean =>
    WATER.test(token) && !isNamed(mentions, at) && !isNegated(tokens, at);
  const held = tokens.some(wet) ? 'clean' : undefined;
  return { treatment: (verb ?? states[0] ?? asked[0])?.treatment ?? held, verb: verb !== undefined };
}

function isNegated(tokens: readonly string[], at: number): boolean {
  const previous = tokens[at - 1] ?? '';
  return (
    NEGATED.test(previous) || (/^\w/.test(previous) && /^(?:no|don't|never)$/.test(tokens[at - 2] ?? ''))
  );
}

/** Not 'clean the bathroom': what follows the verb is a thing, a word for it, or nothing. */
function isAsked(tokens: readonly string[], mentions: readonly Mention[], { at }: Doing): boolean {
  const next = tokens[SKIPPED.test(tokens[at + 1] ?? '') ? at + 2 : at + 1];
  if (next === undefined || /^(?:and|then|before|after|first|[.,;:!?()>+])$/.test(next)) return true;
  return isObject(tokens, mentions, at + 1);
}

const SKIPPED = /^(?:up|down|off|out|of)$/;

function isObject(tokens: readonly string[], mentions: readonly Mention[], from: number): boolean {
  for (let i = from; i < from + 4; i++) {
    const token = tokens[i];
    if (token === 'it' || token === 'them' || token === 'one') return true;
    if (mentions.some((mention) => mention.kind === 'thing' && mention.from === i)) return true;
    if (!isDeterminer(token) && !SKIPPED.test(token ?? '')) return false;
  }
  return false;
}

/** `a clean mug`, `the mug is clean`: not a verb, though the word may be one. */
function isState(tokens: readonly string[], mentions: readonly Mention[], { at, verb }: Doing): boolean {
  if (verb) return false;
  const previous = tokens[at - 1];
  const named = mentions.some((mention) => mention.kind === 'thing' && mention.from === at + 1);
  return (
    (named && isDeterminer(previous)) || /^(?:is|be|been|are|was|freshly)$/.test(previous ?? '') || named
  );
}

/** The type of the thing that it is about: the one that is said as such, then the first. */
function thingOf({ tokens, mentions }: Sentence, target: string | undefined): string | undefined {
  const weights = new Map<string, number>();
  for (const mention of mentions) {
    if (mention.kind !== 'thing') continue;
    const [type] = typesAt(mention, target) as [string];
    const weight =
      1 +
      weightOf(tokens, mention) -
      (AWAY.test(before(tokens, mention)) || isBeside(tokens, mention) ? 1 : 0);
    weights.set(type, (weights.get(type) ?? 0) + weight);
  }
  const heaviest = Math.max(...weights.values());
  return [...weights].find(([, weight]) => weight === heaviest)?.[0];
}

/** 'two', 'both', 'a mug and another one'; what belongs to a name doesn't count, such as a pair of boots. */
function isTwo({ tokens, mentions }: Sentence): boolean {
  const unnamed = tokens.filter((_, i) => !isNamed(mentions, i));
  return TWO.test(` ${unnamed.join(' ')} `);
}
