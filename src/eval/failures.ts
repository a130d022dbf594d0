/**
 * Why episodes were lost, told from their traces alone: each lost episode gets one cause, the first that fits in the
 * order of {@link CAUSES}, and a short account of what happened, so that a person finds what to look at.
 */
import type { ReplyOutcome } from '../agent/reply.ts';
import { type Trace, type TraceStep, toldTask } from '../agent/trace.ts';
import { compareCodePoints } from '../base/order.ts';
import { markdownText } from '../base/plain-text.ts';
import { Belief } from '../player/belief.ts';
import { calledIn, type Goal, goalsIn, parseTask, TREATMENTS } from '../player/goal.ts';
import { typeOf } from '../player/names.ts';
import { parseObservation } from '../player/observation.ts';
import { cuts, delivered, errandOf } from '../teacher/errands.ts';
import { formOf } from './result.ts';

const CAUSES = [
  /** The student or its device couldn't go on. */
  'student failed',
  /** At least half of the replies held no action. */
  'unparsed reply',
  /** The last steps went round in a circle of one or two commands. */
  'repeated action',
  /** It took things of another kind, and never the right one. */
  'wrong object',
  /** The thing was in no observation. */
  'never found',
  /** The thing was seen and never taken. */
  'not taken',
  /** It had the thing and never cleaned, heated or cooled it as asked. */
  'wrong tool',
  /** It had everything and didn't bring it where it belongs. */
  'wrong place',
  /** It had the thing and didn't light it. */
  'lamp not used',
  /** Of several things that were asked for some are missing. */
  'not all brought',
  /** It did what the sentence says; the chore's name asks for more, and only a memory tells what. */
  'chore not known',
  /** A goal that only the game file states. */
  'unknown',
] as const;
type Cause = (typeof CAUSES)[number];

interface Failure {
  readonly game: string;
  readonly taskType: string;
  readonly task: string;
  readonly cause: Cause;
  /** One sentence of what happened. */
  readonly account: string;
  readonly steps: number;
}

/** So many of the last steps tell a circle. */
const CIRCLE = 8;
const NO_ACTION: ReadonlySet<ReplyOutcome> = new Set(['missing-action', 'junk', 'endless']);

/** The failure of an episode that was played to its end and lost; undefined for any other. */
export function failureOf(trace: Trace): Failure | undefined {
  const { header, steps, end } = trace;
  if (end === undefined || end.end === 'won' || end.end === 'stopped') return undefined;
  const { key, taskType } = header.game;
  const [cause, account] = causeOf(trace);
  return { game: key, taskType, task: toldTask(header), cause, account, steps: steps.length };
}

function causeOf({ header, steps, end }: Trace): readonly [Cause, string] {
  if (end?.refusal !== undefined) return ['student failed', end.refusal.message];
  const silent = steps.filter((step) => NO_ACTION.has(step.outcome));
  if (silent.length * 2 >= steps.length) {
    return [
      'unparsed reply',
      `${silent.length} of ${steps.length} replies held no action: ${quote(silent)}.${otherForms(silent)}`,
    ];
  }
  const circle = circleOf(steps);
  if (circle !== undefined) return ['repeated action', `It ended in a circle of ${circle.join(' and ')}.`];
  const goal = parseTask(toldTask(header));
  const name = calledIn(toldTask(header));
  const then = history(header.intro, steps);
  if (goal.ok && !(name !== undefined && isDone(goal.value, then.belief))) return byGoal(goal.value, then);
  return name === undefined
    ? ['unknown', 'No sentence states the goal.']
    : [
        'chore not known',
        `The sentence leaves out what is done at ${name} time; it ended with '${then.lastAction}'.`,
      ];
}

/** Whether all that the sentence says was done. */
function isDone(goal: Goal, belief: Belief): boolean {
  return delivered({ goal, reserved: new Set() }, belief).length >= goal.count;
}

/** What a strict reading left unread. */
function otherForms(silent: readonly TraceStep[]): string {
  const forms = silent.map(formOf).filter((form) => form !== 'plain');
  if (forms.length === 0) return '';
  const names = [...new Set(forms)].sort(compareCodePoints).join(', ');
  return ` ${forms.length} of them hold one in another form (${names}), which a strict reading leaves out.`;
}

function quote(steps: readonly TraceStep[]): string {
  return JSON.stringify((steps[0]?.reply ?? '').slice(0, 60));
}

function circleOf(steps: readonly TraceStep[]): string[] | undefined {
  const last = steps.slice(-CIRCLE).map((step) => step.action);
  const distinct = [...new Set(last)];
  return last.length === CIRCLE && distinct.length <= 2 ? distinct.map((action) => `'${action}'`) : undefined;
}

interface History {
  readonly belief: Belief;
  /** Types of things that were in any observation. */
  readonly seen: ReadonlySet<string>;
  /** Things taken, in order. */
  readonly taken: readonly string[];
  readonly lastAction: string;
}

function history(intro: string, steps: readonly TraceStep[]): History {
  const belief = new Belief(intro);
  const seen = new Set<string>();
  const taken: string[] = [];
  for (const { action, observation } of steps) {
    belief.observe(action, observation);
    const what = parseObservation(observation);
    if (what.kind === 'take') taken.push(what.object);
    for (const { contents } of belief.places) for (const name of contents) seen.add(typeOf(name));
  }
  return { belief, seen, taken, lastAction: steps.at(-1)?.action ?? '' };
}

function byGoal(whole: Goal, { belief, seen, taken, lastAction }: History): readonly [Cause, string] {
  const { object, count, treatments, target, lamp } = errandOf(whole, belief).goal;
  const right = [...new Set(taken.filter((name) => typeOf(name) === object))];
  const end = `it ended with '${lastAction}'`;
  if (object === '') return ['lamp not used', `It didn't use a ${lamp}; ${end}.`];
  if (right.length === 0) {
    const meant = (name: string): boolean =>
      goalsIn(whole).some((part) => part.object === typeOf(name)) ||
      (treatments.includes('slice') && cuts(name));
    const others = [...new Set(taken)].filter((name) => !meant(name));
    if (others.length > 0) return ['wrong object', `It took ${others.join(', ')} and no ${object}; ${end}.`];
    const looked = belief.places.filter((place) => place.seenAt !== undefined).length;
    if (!seen.has(object)) {
      const places = `${looked} of ${belief.places.length} places`;
      return ['never found', `No ${object} was seen in ${places}; ${end}.`];
    }
    return ['not taken', `It saw a ${object} and didn't take it; ${end}.`];
  }
  const had = right.join(', ');
  const treated = (name: string): boolean =>
    treatments.every((treatment) => belief.statesOf(name).has(TREATMENTS[treatment].state));
  if (!right.some(treated)) {
    return ['wrong tool', `It had ${had} and didn't ${treatments.join(' and ')} it; ${end}.`];
  }
  if (lamp !== undefined) return ['lamp not used', `It had ${had} and didn't use a ${lamp} with it; ${end}.`];
  const brought = belief.find(object).filter(({ place }) => typeOf(place) === target).length;
  if (count > 1 && brought > 0) {
    return ['not all brought', `${brought} of ${count} ${object} lay in a ${target ?? 'place'}; ${end}.`];
  }
  return ['wrong place', `It had ${had} and didn't bring it to a ${target ?? 'place'}; ${end}.`];
}

interface FailureReport {
  /** Lost episodes by cause; causes without one are left out. */
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  /** By cause, then by the game's key. */
  readonly failures: readonly Failure[];
}

export function reportFailures(traces: readonly Trace[]): FailureReport {
  const failures = traces
    .map(failureOf)
    .filter((failure) => failure !== undefined)
    .sort((a, b) => CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause) || (a.game < b.game ? -1 : 1));
  const causes: Partial<Record<Cause, number>> = {};
  for (const { cause } of failures) causes[cause] = (causes[cause] ?? 0) + 1;
  return { causes, failures };
}

/** The report as Markdown. */
export function formatFailures({ causes, failures }: FailureReport): string {
  if (failures.length === 0) return '# Lost episodes\n\nNone.\n';
  const lines = ['# Lost episodes', '', '| cause | episodes |', '|---|---|'];
  for (const cause of CAUSES) if (causes[cause] !== undefined) lines.push(`| ${cause} | ${causes[cause]} |`);
  for (const cause of CAUSES) {
    if (causes[cause] === undefined) continue;
    lines.push('', `## ${cause}`, '');
    for (const failure of failures) {
      if (failure.cause !== cause) continue;
      const said = markdownText(`${failure.game}: ${failure.task} ${failure.account}`);
      lines.push(`- ${said} (${failure.steps} steps)`);
    }
  }
  return `${lines.join('\n')}\n`;
}
