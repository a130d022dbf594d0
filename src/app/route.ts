/**
 * Addresses of views: `#/play?home=4&task=1`. Everything that a view shows stands in its address, so that it can be
 * linked to, and the back button works. Anything unreadable becomes a default, never an error; what the
 * view would show another of in silence is said (misread).
 */

import { MEMORY_CONFIGURATIONS, type MemoryConfiguration } from '../agent/prompt.ts';
import { DEFAULT_SETTINGS, SCRIPT_SOURCES, type ScriptSource } from '../agent/settings.ts';
import { sayable } from '../base/sayable.ts';
import { parseChore } from '../homes/own-chore.ts';
import type { GameSource, StudentChoice } from '../protocol/agent.ts';

/** Not from the engine, which isn't wanted before the first picture. */
const DIALECTS = ['move', 'put'] as const;

const VIEWS = [
  'race',
  'teach',
  'play',
  'compare',
  'memory',
  'runs',
  'replay',
  'benchmark',
  'models',
  'device',
  'about',
] as const;
export type ViewName = (typeof VIEWS)[number];
/** Whose address may name a home and a task. */
const WITH_HOMES: readonly ViewName[] = ['race', 'play', 'compare'];

export interface Route {
  readonly view: ViewName;
  readonly params: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  // What stands behind the word isn't part of it: `#/device).`, and `#play=…`, as old links had it.
  const word = /^\w*/.exec(path)?.[0];
  const view = VIEWS.find((one) => one === word) ?? 'race';
  return { view, params: new URLSearchParams(query) };
}

/** What an address asks for that there isn't, and what is shown in its place, as a sentence. */
export function misread(hash: string): string | undefined {
  const { view, params } = parseRoute(hash);
  if ((/^#\/(\w+)/.exec(hash)?.[1] ?? view) !== view) return 'This address names no view.';
  if (!WITH_HOMES.includes(view) || params.has('game')) return undefined;
  const { source } = parseSetup(params);
  if (source.kind !== 'home') return undefined;
  const said = (['home', 'task'] as const).flatMap((kind) => {
    const asked = params.get(kind);
    const same = asked === null || asked === '' || Number(bare(asked)) === source[kind];
    return same ? [] : [`There is no ${kind} ${asked.slice(0, 20)}; this is ${kind} ${source[kind]}.`];
  });
  if (params.has('chore') && source.chore === undefined)
    said.push("This address names no chore that can be taught; this is one of the home's own tasks.");
  return said.length === 0 ? undefined : said.join(' ');
}

/** A word of an address without what stood behind the address in a text: `#/play?home=7).` */
export function bare(word: string): string {
  return word.replace(/\W+$/, '');
}

export function formatRoute(view: ViewName, params: URLSearchParams | Record<string, string> = {}): string {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

/** What is played and how, as the setup has it. */
export interface PlaySetup {
  readonly source: GameSource;
  readonly student: StudentChoice;
  readonly memory: MemoryConfiguration;
  readonly k: number;
  readonly scripts: ScriptSource;
  /** Which model of this device plays as `mlc`, or with which strength of its adapter SmolLM2 plays. */
  readonly model?: string | undefined;
  /** It thinks before it answers. */
  readonly thinking?: boolean;
  /** Every task that it solves becomes a memory of the home. */
  readonly learning?: boolean;
  /** Its family has just moved in: nobody has done anything in the home yet. Otherwise it was lived in (home-past.ts). */
  readonly past?: 'none' | undefined;
  /** The first steps of another episode that it goes on from: a trace, packed as in a link (replay/share.ts). */
  readonly from?: string | undefined;
}

/** Whether memories of the home's own past are made before an episode. A person's own chore is shown, not lived with. */
export function isLivedIn({ source, memory, past }: PlaySetup): boolean {
  return source.kind === 'home' && source.chore === undefined && memory !== 'none' && past !== 'none';
}

export const STUDENT_CHOICES: readonly StudentChoice[] =
  __POCKET_BYTES__ > 0
    ? ['pocket', 'smollm2', 'mlc', 'scripted', 'human']
    : ['smollm2', 'mlc', 'scripted', 'human'];

/** Those that play without a person. */
export const UNATTENDED_CHOICES = STUDENT_CHOICES.filter((choice) => choice !== 'human');

/**
 * A good example, chosen once: among the first tasks of homes 0 to 29 the one where a past of ten tasks saved the pocket
 * student the most steps while it solved the task both ways. The homes after it come by a seed (next-home.ts).
 */
const FIRST_HOME = 4;
const FIRST_TASK = 0;
export const FIRST_SOURCE: GameSource = { kind: 'home', home: FIRST_HOME, task: FIRST_TASK };
export const MAX_K = 20;

/** How many plans a student is shown unless the visitor says otherwise. SmolLM2 reads some 200 tokens a second. */
export function usualPlans(student: StudentChoice): number {
  return student === 'smollm2' ? 4 : DEFAULT_SETTINGS.k;
}

/** The last one that an address can name. */
export const LAST_HOME = 1_000_000;

export function parseSetup(params: URLSearchParams): PlaySetup {
  const game = params.get('game');
  const source: GameSource =
    game === null
      ? {
          kind: 'home',
          home: whole(params.get('home'), FIRST_HOME, LAST_HOME),
          task: whole(params.get('task'), FIRST_TASK, 1_000_000),
          ...choreIn(params),
          ...wordsIn(params),
        }
      : {
          kind: 'imported',
          key: game,
          ...chosen('dialect', DIALECTS, params),
          ...chosen('goals', ['human'] as const, params),
          ...wordsIn(params),
        };
  const student = among(STUDENT_CHOICES, params.get('student'), DEFAULT_STUDENT);
  return {
    source,
    student,
    memory: among(MEMORY_CONFIGURATIONS, params.get('memory'), DEFAULT_MEMORY),
    k: whole(params.get('k'), usualPlans(student), MAX_K),
    scripts: among(SCRIPT_SOURCES, params.get('scripts'), 'teacher'),
    ...(/^(mlc|smollm2)$/.test(bare(params.get('student') ?? '')) ? parseModel(params) : {}),
    ...(bare(params.get('learning') ?? '') === 'on' ? { learning: true } : {}),
    ...(bare(params.get('past') ?? '') === 'none' ? { past: 'none' as const } : {}),
    ...((params.get('from') ?? '') === '' ? {} : { from: params.get('from') ?? '' }),
  };
}

function parseModel(params: URLSearchParams): Pick<PlaySetup, 'model' | 'thinking'> {
  const model = bare(params.get('model') ?? '');
  return {
    ...(/^[\w.-]{1,100}$/.test(model) ? { model } : {}),
    ...(bare(params.get('thinking') ?? '') === 'on' ? { thinking: true } : {}),
  };
}

/** The student with the teacher's memories is what this page is for; until one is trained, the teacher plays. */
export const DEFAULT_STUDENT: StudentChoice = __POCKET_BYTES__ > 0 ? 'pocket' : 'scripted';
const DEFAULT_MEMORY: MemoryConfiguration = 'memp';

export function setupParams(setup: PlaySetup): Record<string, string> {
  const { source, student, memory, k, scripts, model, thinking, learning, past, from } = setup;
  const mlc = {
    ...(model === undefined ? {} : { model }),
    ...(thinking === true ? { thinking: 'on' } : {}),
  };
  const game: Record<string, string> =
    source.kind === 'home'
      ? {
          home: String(source.home),
          task: String(source.task),
          ...(source.chore === undefined ? {} : { chore: source.chore }),
        }
      : {
          game: source.key,
          ...(source.dialect && { dialect: source.dialect }),
          ...(source.goals && { goals: source.goals }),
        };
  const { words } = source;
  const optional = {
    ...(words === undefined ? {} : { words }),
    ...(student === 'mlc' || student === 'smollm2' ? mlc : {}),
    ...(learning === true ? { learning: 'on' } : {}),
    ...(past === undefined ? {} : { past }),
    ...(from === undefined ? {} : { from }),
  };
  return { ...game, student, memory, k: String(k), scripts, ...optional };
}

function choreIn(params: URLSearchParams): { readonly chore?: string } {
  const chore = bare(params.get('chore') ?? '');
  return parseChore(chore).ok ? { chore } : {};
}

/** A person's words for the task, without the signs that a game can't say. */
function wordsIn(params: URLSearchParams): { readonly words?: string } {
  const words = sayable(params.get('words') ?? '');
  return words === '' ? {} : { words };
}

/** A word of the address that is one of a few; nothing where it's none of them. */
function chosen<Key extends string, T extends string>(
  key: Key,
  all: readonly T[],
  params: URLSearchParams,
): { readonly [K in Key]?: T } {
  const word = all.find((one) => one === bare(params.get(key) ?? ''));
  return (word === undefined ? {} : { [key]: word }) as { readonly [K in Key]?: T };
}

function whole(text: string | null, otherwise: number, most: number): number {
  const digits = bare(text ?? '');
  return /^\d{1,9}$/.test(digits) ? Math.min(Number(digits), most) : otherwise;
}

function among<T extends string>(all: readonly T[], text: string | null, otherwise: T): T {
  return all.find((one) => one === bare(text ?? '')) ?? otherwise;
}
