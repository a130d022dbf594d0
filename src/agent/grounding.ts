/**
 * Grounded replies: what a student may say is held to what can be. Its action is a command of the game's grammar about
 * places of the room and things that it has seen, and not one that just did nothing; its thought names nothing that it
 * was neither shown nor told. A rule is asked after every token, so that a small model takes its next best word
 * in place of a drawer that the room doesn't have. It knows what the player knows, never the engine's state.
 *
 * What it says that its memory says stands in a script of the prompt, and it hasn't seen in this episode that it's otherwise:
 * left to itself a small model makes memories up, or takes them from the example.
 *
 * Where memories of the home tell in which places the thing was looked for in vain, it says of no such place that it looks
 * there next while a better one is left: it was trained on prompts that don't say so, and would look there first.
 *
 * Where the task calls a chore by a name and a script of the prompt says what is done then, the plan is what it says:
 * a small model is apt to plan what the sentence says ('put two mug in shelf') without what the name adds ('heat them').
 */
import { calledIn, parseTask } from '../player/goal.ts';
import { Known, namesIn } from '../player/known.ts';
import { errandOf } from '../teacher/errands.ts';
import { searchPrior } from '../teacher/prior.ts';
import { rulesIn } from '../teacher/procedure.ts';
import { hintsOf } from '../teacher/script.ts';
import { type Searched, worthChecking } from '../teacher/searched.ts';
import { planThought, thoughts } from '../teacher/thoughts.ts';

/** Which texts a reply may be. */
export interface ReplyRule {
  /** Whether an allowed reply can begin with this text. */
  begins(text: string): boolean;
  /** Whether this text is an allowed reply. */
  ends(text: string): boolean;
  /**
   * Where the sentence begins that a text is in the middle of. A sentence that comes to what isn't allowed is said
   * anew from there; at the text's own end, the next best word does.
   */
  sentence(text: string): number;
}

const ACTION = 'Action: ';
const PLAN = 'Plan: ';
const MEMORY = 'My memory says ';
const SENTENCE_END = /[.?!:] /g;
/** What no sentence of a thought goes on or begins with: said where its best beginning isn't allowed. */
const NO_SENTENCE = /[.?!](?:[.?!]| [^A-Z])/;
/** `Next I checka`, said where the places that it would name aren't the best. */
const NO_CHECK = /(?:First|Next) I check[^ ]/;
/** `First I check drawer 7.`, and what may become it. */
const CHECKS = /(?:First|Next) I check ([^.]*)(\.?)/g;
/** A text in the middle of saying where it looks next. */
const CHECKING = /(?:First|Next) I check[^.]*$/;
/** `drawer 7`, and what may become it. */
const NAMED = /\b[a-z]+ \d+(?!\d)/g;

/**
 * The rule of the next reply.
 * @param told the task's own message: the room's text, the task, the scripts that were retrieved
 * @param searched where in the home the task's things were looked for, as its memories tell
 */
export function groundedRule(
  intro: string,
  steps: readonly { readonly action: string; readonly observation: string }[],
  told: string,
  searched: readonly Searched[] = [],
): ReplyRule {
  const known = new Known(intro);
  for (const { action, observation } of steps) known.observe(action, observation);
  const names = new Set([...known.places, ...known.things, ...namesIn(told)]);
  let commands: readonly string[] | undefined;
  const allowed = (): readonly string[] => {
    commands ??= known.commands();
    return commands;
  };
  const plan = toldPlan(known.task, told);
  const better = placesToCheck(known, told, searched);
  const remembered = hintsOf([{ taskName: '', guidelines: told }])
    .filter(({ object, place }) => !known.isMissing(object, place))
    .map(({ object, place }) => thoughts.memory(object, place).replace(/\. .*/, '.'));
  const speaks = (thought: string, more: boolean): boolean =>
    !NO_SENTENCE.test(thought) &&
    !NO_CHECK.test(thought) &&
    checksIn(thought).every(({ name, whole }) => isOneOf(better, name, whole)) &&
    memoriesIn(thought).every((said) => isToldBy(remembered, said)) &&
    (plan === undefined || plan.startsWith(planIn(thought, plan) ?? '')) &&
    Array.from(thought.matchAll(NAMED)).every(([name], i, all) => {
      if (names.has(name)) return true;
      const last = more && i === all.length - 1 && thought.endsWith(name);
      return last && [...names].some((other) => other.startsWith(name));
    });
  return {
    begins: (text) => {
      const at = text.indexOf(ACTION);
      if (at < 0) return speaks(text, true);
      const action = text.slice(at + ACTION.length);
      return speaks(text.slice(0, at), false) && allowed().some((command) => command.startsWith(action));
    },
    sentence: (text) => {
      if (text.includes(ACTION)) return text.length;
      // What isn't told in a plan or a memory isn't a reason to begin it anew: another word takes its place.
      if (plan !== undefined && (planIn(text, plan)?.length ?? plan.length) < plan.length) return text.length;
      // Nor is a place to look into that isn't the best.
      if (better.length > 0 && CHECKING.test(text)) return text.length;
      const memory = memoriesIn(text).at(-1);
      if (
        memory !== undefined &&
        remembered.some((one) => one.length > memory.length && one.startsWith(memory))
      )
        return text.length;
      const mark = [...text.matchAll(SENTENCE_END)].at(-1);
      return mark === undefined ? 0 : mark.index + mark[0].length;
    },
    ends: (text) => {
      const at = text.indexOf(ACTION);
      return at >= 0 && allowed().includes(text.slice(at + ACTION.length));
    },
  };
}

/** The plan of a chore that the task calls by a name, as a script of the prompt tells it; undefined without either. */
function toldPlan(task: string | undefined, told: string): string | undefined {
  const name = task === undefined ? undefined : calledIn(task);
  const rules = name === undefined ? undefined : rulesIn(told);
  if (task === undefined || name === undefined || rules?.has(name) !== true) return undefined;
  const goal = parseTask(task, rules);
  return goal.ok ? planThought(goal.value) : undefined;
}

/** Of a text that has come to its plan, the plan as far as it goes. */
function planIn(text: string, plan: string): string | undefined {
  const at = text.indexOf(PLAN);
  return at < 0 ? undefined : text.slice(at, at + plan.length);
}

/** Where the search is best begun or gone on with, where memories of the home can tell. */
function placesToCheck(known: Known, told: string, searched: readonly Searched[]): string[] {
  if (known.task === undefined || searched.length === 0) return [];
  const goal = parseTask(known.task, rulesIn(told));
  if (!goal.ok) return [];
  const { goal: errand } = errandOf(goal.value, known.belief);
  return worthChecking(errand, known.belief, searchPrior, searched);
}

/** The places that a thought says it looks into next, the last of them as far as it goes. */
function checksIn(thought: string): { name: string; whole: boolean }[] {
  return Array.from(thought.matchAll(CHECKS), ([, name = '', end]) => ({ name, whole: end === '.' }));
}

/** Whether a name is one of these, or can become one; whether any is, where there are none. */
function isOneOf(names: readonly string[], name: string, whole: boolean): boolean {
  return names.length === 0 || names.some((one) => (whole ? one === name : one.startsWith(name)));
}

/** What a thought says that its memory says, from each such beginning to the thought's end. */
function memoriesIn(thought: string): string[] {
  return Array.from(thought.matchAll(new RegExp(MEMORY, 'g')), ({ index }) => thought.slice(index));
}

/** Whether a memory that is being told is one of these, as far as it goes. */
function isToldBy(remembered: readonly string[], said: string): boolean {
  return remembered.some((one) => one.startsWith(said) || said.startsWith(one));
}
