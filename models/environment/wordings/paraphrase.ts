/**
 * The same task in other words: 'put a clean mug in shelf.' becomes 'Could you wash a coffee cup and leave it on the
 * rack?'. A wording is composed of a frame (frames.ts), names of the thing and the place (src/player/lexicon.ts) and verbs
 * (words.ts). What is held out (held-out.ts) is in no training wording; held-out wordings have a held-out frame always,
 * and held-out words now and then.
 */
import type { Random } from '../../../src/base/random.ts';
import { type Goal, parseTask, taskTypeOf } from '../../../src/player/goal.ts';
import { BY_PLACE, LAMPS, PLACES, pluralOf, THINGS } from '../../../src/player/lexicon.ts';
import { type FrameSet, type Frames, TRAINING_FRAMES } from './frames.ts';
import { HELD_OUT, HELD_OUT_FRAMES, HELD_OUT_LAMPS, HELD_OUT_PLACES, HELD_OUT_THINGS } from './held-out.ts';
import { TRAINING, type Verb, type Words } from './words.ts';

export type Part = 'train' | 'held-out';

const FRAMES: Readonly<Record<Part, FrameSet>> = { train: TRAINING_FRAMES, 'held-out': HELD_OUT_FRAMES };
/** Of a held-out wording's words. */
const HELD_OUT_WORDS = 0.3;
const PLAIN_NAME = 0.35;
const SAYING = 0.4;
const OPENING = 0.55;
const ENDING = 0.2;
const REASON = 0.12;
/** People type so. */
const LOWER_CASE = 0.35;
const NO_FULL_STOP = 0.3;

const UNCOUNTED: ReadonlySet<string> = new Set(
  'bread|keys|boots|salt|pepper|wine|soap|tissues|toilet paper|paper|sourdough|car keys|loo roll|kleenex|salad|hand soap|liquid soap|bottle of red'.split(
    '|',
  ),
);
const READABLE: ReadonlySet<string> = new Set(['book', 'newspaper', 'creditcard', 'box']);
/** Where it is; where it goes. */
const PREPOSITIONS = {
  in: [['in', 'in', 'inside'], ['into']],
  on: [['on', 'on', 'on top of'], ['onto']],
} as const;
/** Frames in which somebody moves it there. */
const MOVES = /\{put(?:ting)?\}|^(?:take|bring|carry|transfer)\b/;
/** The others are said with 'on'. */
const INSIDE: ReadonlySet<string> = new Set(
  'bathtubbasin box cabinet coffeemachine drawer fridge garbagecan laundryhamper microwave safe sinkbasin toaster'.split(
    ' ',
  ),
);

/** The names by which a type is called in a part, with those of the games where it has none. */
function namesOf(
  type: string,
  known: Readonly<Record<string, readonly string[]>>,
  heldOut: Readonly<Record<string, readonly string[]>>,
  part: Part,
  random: Random,
): string {
  const unknown = part === 'held-out' && random.chance(HELD_OUT_WORDS) ? heldOut[type] : undefined;
  if (unknown !== undefined) return random.pick(unknown);
  const names = known[type] ?? [type];
  return random.chance(PLAIN_NAME) ? (names[0] as string) : random.pick(names);
}

/** Undefined where the task is none of the six official types. */
export function paraphrase(task: string, random: Random, part: Part): string | undefined {
  const read = parseTask(task);
  const goal = read.ok ? read.value : undefined;
  if (goal === undefined || taskTypeOf(goal) === undefined) return undefined;
  const set = FRAMES[part];
  const { requests, sayings } = framesFor(goal, set);
  const saying = random.chance(SAYING);
  const frame = random.pick(saying ? sayings : requests);
  const said = fill(frame, goal, part, random);
  return finish(saying ? said : request(said, set, random), random);
}

function framesFor({ lamp, count, treatments }: Goal, set: FrameSet): Frames {
  if (lamp !== undefined) return set.lamp;
  if (count > 1) return set.two;
  return treatments.length > 0 ? set.treat : set.place;
}

/** A request with what people put before and behind it. */
function request(said: string, { openings, endings, reasons }: FrameSet, random: Random): string {
  const opening = random.chance(OPENING) ? random.pick(openings) : '';
  const asks = opening.endsWith('?');
  const ending = random.chance(ENDING) ? random.pick(endings) : '';
  const whole = opening.replace('?', '') + said + ending + (asks ? '?' : '.');
  if (!random.chance(REASON)) return whole;
  const reason = random.pick(reasons);
  return reason + (/[.] $/.test(reason) ? capital(whole) : whole);
}

function finish(said: string, random: Random): string {
  const articled = said.replace(/\b([Aa]) (?=[aeiou])/g, '$1n ');
  const cased = random.chance(LOWER_CASE) ? articled.toLowerCase() : capital(articled);
  return random.chance(NO_FULL_STOP) ? cased.replace(/\.$/, '') : cased;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fill(frame: string, goal: Goal, part: Part, random: Random): string {
  const pick = <T>(list: (all: Words) => readonly T[]): T =>
    random.pick(list(part === 'held-out' && random.chance(HELD_OUT_WORDS) ? HELD_OUT : TRAINING));
  const several = frame.includes('{os}') || goal.count > 1;
  const thing = nameOfThing(goal, several, part, random);
  const place = namesOf(goal.target ?? '', PLACES, HELD_OUT_PLACES, part, random);
  const lamp = namesOf(goal.lamp ?? '', LAMPS, HELD_OUT_LAMPS, part, random);
  const [treatment] = goal.treatments;
  const kind = treatment === undefined || treatment === 'slice' ? 'clean' : treatment;
  const treating = pick((all) => all.treat[kind].verbs);
  const state = pick((all) => all.treat[kind].states);
  const at = (): string => {
    const [resting, moving] = PREPOSITIONS[INSIDE.has(goal.target ?? '') ? 'in' : 'on'];
    const preposition = random.pick(MOVES.test(frame) ? [...resting, ...moving] : resting);
    return `${preposition} the ${place}`;
  };
  const put = (): Verb => pick((all) => all.put);
  const look = (): string => {
    const verb = pick((all) => all.look);
    return verb === 'read' && !READABLE.has(goal.object) ? 'look at' : verb;
  };
  const slots: Readonly<Record<string, () => string>> = {
    o: () => thing,
    os: () => pluralOf(thing),
    r: () => place,
    lamp: () => lamp,
    two: () => pick((all) => all.two),
    put: () => put().bare,
    putting: () => put().gerund,
    placed: () => put().done,
    get: () => pick((all) => all.get),
    look,
    light: () => pick((all) => all.light),
    clean: () => state,
    washed: () => [treating.done, treating.particle].filter((word) => word !== undefined).join(' '),
    'in the r': at,
  };
  const behind = (verb: string, what: string): string =>
    [verb, what, treating.particle].filter((word) => word !== undefined).join(' ');
  let text = frame;
  while (text.includes('{')) {
    text = text.replace(/\{([^{}]*)\}/g, (_, slot: string) => {
      if (slot.startsWith('treat ')) return behind(treating.bare, slot.slice('treat '.length));
      if (slot.startsWith('washing ')) return behind(treating.gerund, slot.slice('washing '.length));
      const filled = slots[slot];
      if (filled === undefined) throw new Error(`A frame has an unknown slot, {${slot}}: ${frame}`);
      return filled();
    });
  }
  return UNCOUNTED.has(thing) ? text.replaceAll(`a ${thing}`, `some ${thing}`) : capitalAfterStop(text);
}

function nameOfThing({ object, target }: Goal, several: boolean, part: Part, random: Random): string {
  const special = Object.entries(BY_PLACE[target ?? ''] ?? {}).flatMap(([word, type]) =>
    type === object ? [word] : [],
  );
  if (special.length > 0 && random.chance(0.3)) return random.pick(special);
  for (let tries = 0; tries < 20; tries++) {
    const name = namesOf(object, THINGS, HELD_OUT_THINGS, part, random);
    if (!several || !UNCOUNTED.has(name)) return name;
  }
  return THINGS[object]?.[0] ?? object;
}

function capitalAfterStop(text: string): string {
  return text.replace(/([.?] )([a-z])/g, (_, stop: string, letter: string) => stop + letter.toUpperCase());
}
