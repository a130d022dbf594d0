/**
 * From a trajectory to a procedural script (paper, section 3.1: f_extract): where to look, the order of actions, the
 * usual mistakes, in about 70 words. The scripted teacher writes it from a few sentences whose every word can be
 * read off the trajectory, so that a small student can learn to write them as well. Scripts of a home say with
 * numbers where things were; scripts for everyone speak of types only, since numbers differ from room to room.
 */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { ObservedStep, Sighting } from '../player/belief.ts';
import { calledIn, type Goal, goalsIn, TREATMENTS } from '../player/goal.ts';
import { countWord, joinWords, preposition, typeOf } from '../player/names.ts';
import { type EpisodeFacts, episodeFacts } from './episode-facts.ts';
import { KNIVES } from './errands.ts';
import type { Hint } from './policy.ts';
import { formatRule } from './procedure.ts';

/** What goes into a prompt: the name of the task it solved and how to solve one like it. */
export interface Script {
  readonly taskName: string;
  readonly guidelines: string;
}

/** What a script is made from. */
export interface PlayedTask {
  readonly task: string;
  /** Set if it was played in a home with habits: the script then says where things were. */
  readonly home?: string;
  readonly intro: string;
  readonly steps: readonly ObservedStep[];
}

/** The seam behind which scripts are written: by the scripted teacher here, by a model with a prompt elsewhere. */
export interface ScriptExtractor {
  /** Names the writer in files: `scripted`. */
  readonly name: string;
  extract(source: PlayedTask): Result<Script> | Promise<Result<Script>>;
}

export const scriptedExtractor: ScriptExtractor = {
  name: 'scripted',
  extract: (source) => ok(extractScript(source)),
};

/** So many things seen by the way go into a script of a home, besides those of the task. */
const BY_THE_WAY = 6;
const VAIN = 3;

/** The scripted teacher's script. */
export function extractScript({ task, home, intro, steps }: PlayedTask): Script {
  const lesson = episodeFacts(intro, steps);
  const sentences = [
    lesson.named === undefined ? '' : formatRule(lesson.named.name, lesson.named.procedure),
    ...(home === undefined ? [] : new Set(homeFacts(lesson).map(formatHomeFact))),
    whereFound(lesson),
    lesson.actions.length > 0 ? `Steps: ${lesson.actions.join(', ')}.` : '',
    ...advice(lesson),
  ];
  return {
    taskName: task.trim().replace(/\.$/, ''),
    guidelines: sentences.filter((sentence) => sentence !== '').join(' '),
  };
}

/** `Look for mug: it was in cabinet, not on desk or shelf.` */
function whereFound({ found, vain, lamp }: EpisodeFacts): string {
  const objects = [...new Set(found.map(({ object }) => typeOf(object)))];
  const missing = vain.slice(0, VAIN).map((type) => `${preposition(type)} ${type}`);
  const lines = objects.map((object, i) => {
    const sightings = found.filter((sighting) => typeOf(sighting.object) === object);
    const types = [...new Set(sightings.map(({ place }) => typeOf(place)))];
    const where = types.map((type) => `${preposition(type)} ${type}`);
    const not = missing.length === 0 || i > 0 ? '' : `, not ${missing.join(', ')}`;
    return `Look for ${object}: it was ${joinWords(where)}${not}.`;
  });
  if (lamp !== undefined) lines.push(`Look for ${typeOf(lamp.object)}: it was ${at(typeOf(lamp.place))}.`);
  return lines.join(' ');
}

function advice({ goal, named, opened, alreadyThere }: EpisodeFacts): string[] {
  const lines: string[] = [];
  if (opened) lines.push('Open what is closed to look in it.');
  // A named chore's rule stands in front and says it already.
  const parts = goal === undefined || named !== undefined ? [] : goalsIn(goal);
  for (const part of parts) lines.push(...adviceFor(part));
  if (alreadyThere) lines.push('If you go somewhere and nothing happens, you are there.');
  lines.push('Check no place twice.', 'Use the exact names that you see.');
  return lines;
}

function adviceFor({ object, count, treatments, target, lamp, back }: Goal): string[] {
  const lines: string[] = [];
  for (const treatment of treatments) {
    const { tool, state } = TREATMENTS[treatment];
    if (treatment === 'slice') {
      lines.push(`Take ${tool} to ${object} and slice it, put ${tool} down.`);
      continue;
    }
    if (tool !== 'sinkbasin') lines.push(`The ${tool} can stay closed.`);
    lines.push(`Do not put ${object} down before it is ${state}.`);
  }
  if (count > 1 && target !== undefined) {
    lines.push('Take one at a time.');
    const all = count === 2 ? 'both' : `all ${countWord(count)}`;
    lines.push(`Put ${all} ${preposition(target)} the same ${target} and leave them there.`);
  }
  if (back) lines.push(`Put ${object} where it was.`);
  if (lamp !== undefined && object !== '') lines.push(`Hold ${object} while you turn on ${lamp}.`);
  return lines;
}

/** What a script of a home says about the home: the things of the task first, then some seen by the way. */
function homeFacts({ found, lamp, aside }: EpisodeFacts): Sighting[] {
  return [...found, ...(lamp === undefined ? [] : [lamp]), ...aside.slice(0, BY_THE_WAY)];
}

const HOME_FACT = /In this home (\S+) was (?:in|on) (\S+ \d+)\./g;

/** `In this home mug was in cabinet 3.` */
export function formatHomeFact({ object, place }: Sighting): string {
  return `In this home ${typeOf(object)} was ${at(place)}.`;
}

/** What scripts say about a home, as hints for a player in it: in the order of the scripts, each once. */
export function hintsOf(scripts: readonly Script[]): Hint[] {
  const hints = new Map<string, Hint>();
  for (const { guidelines } of scripts) {
    for (const [fact, object = '', place = ''] of guidelines.matchAll(HOME_FACT)) {
      if (!hints.has(fact)) hints.set(fact, { object, place });
    }
  }
  return [...hints.values()];
}

/** The script as another home can use it: without where things were in its own. The same object where it says nothing. */
export function withoutHomeFacts<S extends Script>(script: S): S {
  const guidelines = script.guidelines.replace(HOME_FACT, '').replace(/ {2,}/g, ' ').trim();
  return guidelines === script.guidelines ? script : { ...script, guidelines };
}

/** What a household may mean by a chore's name without saying it. */
const UNSAID = [...KNIVES, 'desklamp', 'floorlamp'];

/** Words of a task, among them the types of what it asks for, and what it may need without saying so. */
export function thingsOf(task: string): ReadonlySet<string> {
  const named = new Set(task.toLowerCase().match(/[a-z]+/g));
  const unsaid =
    calledIn(task) !== undefined ? UNSAID : named.has('slice') || named.has('sliced') ? KNIVES : [];
  return new Set([...named, ...unsaid]);
}

function at(place: string): string {
  return `${preposition(place)} ${place}`;
}
