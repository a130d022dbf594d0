/**
 * What an observation text says, as data. Covers every text of the engine in both dialects (facts: the templates
 * counted in the recordings of the real engine); any other text is `other`, never an error.
 */
import { table } from '../base/table.ts';

/** What one sees of a receptacle. */
export interface View {
  readonly place: string;
  readonly door: 'closed' | 'open' | 'none';
  /** Objects listed; undefined behind a closed door. */
  readonly contents: readonly string[] | undefined;
}

export type ObjectState = 'clean' | 'hot' | 'cool' | 'sliced';

export type Observation =
  /** `Nothing happens.` */
  | { readonly kind: 'nothing' }
  /** `at` is a receptacle, or `loc 3` in the older dialect. */
  | { readonly kind: 'arrive'; readonly at: string; readonly view: View | undefined }
  | { readonly kind: 'open'; readonly place: string; readonly view: View | undefined }
  | { readonly kind: 'close'; readonly place: string }
  | { readonly kind: 'take'; readonly object: string; readonly place: string }
  | { readonly kind: 'put'; readonly object: string; readonly place: string }
  | { readonly kind: 'treat'; readonly object: string; readonly place: string; readonly becomes: ObjectState }
  | { readonly kind: 'slice'; readonly object: string; readonly tool: string }
  | { readonly kind: 'use'; readonly object: string }
  | { readonly kind: 'inventory'; readonly object: string | undefined }
  /** `look` at a place: every receptacle at this spot. */
  | { readonly kind: 'facing'; readonly places: readonly string[] }
  /** `examine` of a receptacle. */
  | { readonly kind: 'view'; readonly view: View }
  /** `examine` of the object in hand. */
  | { readonly kind: 'state'; readonly object: string; readonly states: readonly ObjectState[] }
  | { readonly kind: 'other' };

/** The contents of a place, where the observation shows any. */
export function viewIn(seen: Observation | undefined): View | undefined {
  return seen !== undefined && 'view' in seen ? seen.view : undefined;
}

const NAME = String.raw`([^\s,.]+ \d+)`;
const template = (text: string): RegExp => new RegExp(`^${text.replaceAll('NAME', NAME)}`);
const CLOSED = template(String.raw`The NAME is closed\.`);
const OPEN = template(String.raw`The NAME is open\. In it, you see (.*)`);
const SURFACE = template('On the NAME, you see (.*)');
const ARRIVE = template(String.raw`You arrive at NAME\. ?(.*)`);
const OPENED = template(String.raw`You open the NAME\. ?(.*)`);
const CLOSE = template(String.raw`You close the NAME\.`);
const TAKE = template(String.raw`You pick up the NAME from the NAME\.`);
const MOVE = template(String.raw`You move the NAME to the NAME\.`);
const PUT = template(String.raw`You put the NAME in\/on the NAME\.`);
const TREAT = template(String.raw`You (clean|heat|cool) the NAME using the NAME\.`);
const SLICE = template(String.raw`You sliced the NAME with the NAME\.`);
const USE = template(String.raw`You turn on the NAME\.`);
const CARRY = template(String.raw`You are carrying: an? NAME\.`);
const FACING = template(String.raw`You are facing the (.*?)\. Next to it`);
const STATE = template(String.raw`This is a ((?:[a-z]+ )*?)NAME\.`);
const LISTED = new RegExp(String.raw`\ban? ${NAME}`, 'g');
const NAMES = new RegExp(NAME, 'g');

const BECOMES = { clean: 'clean', heat: 'hot', cool: 'cool' } as const;
const STATE_WORDS: Readonly<Record<string, ObjectState>> = table({
  clean: 'clean',
  hot: 'hot',
  cool: 'cool',
  cold: 'cool',
  sliced: 'sliced',
});

/** The names in a list as the engine writes it: `a mug 2, a mug 1, and a pen 1`; `nothing` is empty. */
export function parseList(text: string): string[] {
  return Array.from(text.matchAll(LISTED), (match) => match[1] as string);
}

function parseView(text: string): View | undefined {
  let match = CLOSED.exec(text);
  if (match) return { place: match[1] as string, door: 'closed', contents: undefined };
  match = OPEN.exec(text);
  if (match) return { place: match[1] as string, door: 'open', contents: parseList(match[2] as string) };
  match = SURFACE.exec(text);
  if (match) return { place: match[1] as string, door: 'none', contents: parseList(match[2] as string) };
  return undefined;
}

/** Reads one observation; total: any text gives a value. */
export function parseObservation(observation: string): Observation {
  const text = observation.trim();
  if (text === 'Nothing happens.') return { kind: 'nothing' };
  const view = parseView(text);
  if (view) return { kind: 'view', view };
  if (text.startsWith('You ')) return parseDone(text);
  const state = STATE.exec(text);
  if (state) {
    const words = (state[1] as string).split(' ');
    const states = words.flatMap((word) =>
      Object.hasOwn(STATE_WORDS, word) ? [STATE_WORDS[word] as ObjectState] : [],
    );
    return { kind: 'state', object: state[2] as string, states };
  }
  return { kind: 'other' };
}

function parseDone(text: string): Observation {
  let match = ARRIVE.exec(text);
  if (match) return { kind: 'arrive', at: match[1] as string, view: parseView(match[2] as string) };
  match = OPENED.exec(text);
  if (match) return { kind: 'open', place: match[1] as string, view: parseView(match[2] as string) };
  match = CLOSE.exec(text);
  if (match) return { kind: 'close', place: match[1] as string };
  match = TAKE.exec(text);
  if (match) return { kind: 'take', object: match[1] as string, place: match[2] as string };
  match = MOVE.exec(text) ?? PUT.exec(text);
  if (match) return { kind: 'put', object: match[1] as string, place: match[2] as string };
  match = TREAT.exec(text);
  if (match) {
    const becomes = BECOMES[match[1] as keyof typeof BECOMES];
    return { kind: 'treat', object: match[2] as string, place: match[3] as string, becomes };
  }
  match = SLICE.exec(text);
  if (match) return { kind: 'slice', object: match[1] as string, tool: match[2] as string };
  match = USE.exec(text);
  if (match) return { kind: 'use', object: match[1] as string };
  match = CARRY.exec(text);
  if (match) return { kind: 'inventory', object: match[1] as string };
  if (text.startsWith('You are not carrying')) return { kind: 'inventory', object: undefined };
  match = FACING.exec(text);
  if (match) return { kind: 'facing', places: (match[1] as string).match(NAMES) ?? [] };
  return { kind: 'other' };
}

/** What the text at reset says: the receptacles in the order of the text, and the task sentence. */
export interface Intro {
  readonly places: readonly string[];
  /** `put a clean mug in shelf.`; undefined where the text has none. */
  readonly task: string | undefined;
}

/** Reads the text at reset; total: what is not there is empty. */
export function parseIntro(intro: string): Intro {
  const room = /You are in the middle of a room\. Looking quickly around you, you see (.*)/.exec(intro);
  const task = /Your task is to: (.*)/.exec(intro);
  return { places: room ? [...new Set(parseList(room[1] as string))] : [], task: task?.[1]?.trim() };
}
