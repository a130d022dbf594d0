/**
 * Grounded replies: what a student may say is held to what can be. Its action is a command of the game's grammar about
 * places of the room and things that it has seen, and not one that just did nothing; its thought names nothing that it
 * was neither shown nor told. A rule is asked after every token, so that a small model takes its next best word
 * in place of a drawer that the room doesn't have. It knows what the player knows, never the engine's state.
 *
 * What it says of the room is so, as far as it has seen: that it saw a thing in a place, that something is here, that it
 * has something in its hand, and that it looks next where it hasn't looked yet. What it says that its memory says stands in
 * a script of the prompt, and it hasn't seen in this episode that it's otherwise: left to itself a small model makes
 * memories up, or takes them from the example. And what it has brought where it belongs, it leaves there.
 *
 * Where memories of the home tell in which places the thing was looked for in vain, it neither says of such a place that it
 * looks there next nor that it remembers the thing there while a better one is left: it was trained on prompts that don't
 * say so, and would look there first.
 *
 * Where the task calls a chore by a name and a script of the prompt says what is done then, the plan is what it says:
 * a small model is apt to plan what the sentence says ('put two mug in shelf') without what the name adds ('heat them').
 * And to what it holds it does what the task or the plan asks for and isn't done yet, nothing else.
 */
import type { Treatment } from '../base/task-types.ts';
import type { Belief } from '../player/belief.ts';
import { calledIn, type Goal, parseTask } from '../player/goal.ts';
import { Known, namesIn } from '../player/known.ts';
import { typeOf } from '../player/names.ts';
import { delivered, errandOf, pendingFor } from '../teacher/errands.ts';
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
/** Beginnings of sentences that say what is or was. */
const CLAIMS = [
  'I saw',
  'Here is',
  'I have',
  'I bring it to',
  'I put',
  'It is closed',
  'Nothing happens',
] as const;
/** Of those that say where to go: there the next best word does. */
const WAYS = ['First I check', 'Next I check', 'My memory says'] as const;
const SENTENCE_END = /[.?!:] /g;
/** What no sentence of a thought goes on or begins with: said where its best beginning isn't allowed. */
const NO_SENTENCE = /[.?!](?:[^ \n]| [^A-Z])/;
/** What is done to a thing while one holds it. */
const DONE_IN_HAND: readonly Treatment[] = ['clean', 'heat', 'cool'];
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
    commands ??= known.commands().filter((command) => !undoing.some((start) => command.startsWith(start)));
    return commands;
  };
  const plan = toldPlan(known.task, told);
  const { undoing, sayable, needless } = standing(known, told, searched);
  const saysNeedless = new RegExp(`\\bI (?:${needless.join('|')})\\b`);
  const speaks = (thought: string, more: boolean): boolean =>
    !NO_SENTENCE.test(thought) &&
    (needless.length === 0 || !saysNeedless.test(thought)) &&
    [...CLAIMS, ...WAYS].every((lead) =>
      from(thought, lead).every((said) =>
        sayable.some((one) => one.startsWith(said) || said.startsWith(one)),
      ),
    ) &&
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
      // Nor is a way that isn't the best, nor the place of a thing that was seen.
      const going = [...CLAIMS.map((lead) => `${lead} `), ...WAYS].flatMap((lead) =>
        from(text, lead).filter((said) => said.length > lead.length || WAYS.some((way) => way === lead)),
      );
      if (going.some((said) => sayable.some((one) => one.length > said.length && one.startsWith(said))))
        return text.length;
      // Nor is what needn't be done, as long as something else has to be.
      if (needless.length > 0 && needless.length < DONE_IN_HAND.length && /\bI ?$/.test(text))
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

/**
 * How the task stands: how commands begin that undo what is done or do it again (to take away what lies where it belongs,
 * to turn on a lamp that is on with nothing in the hand), all that can be said of what is, was and comes next, and what
 * needn't be done to the thing in the hand.
 */
function standing(
  known: Known,
  told: string,
  searched: readonly Searched[],
): {
  readonly undoing: readonly string[];
  readonly sayable: readonly string[];
  readonly needless: readonly Treatment[];
} {
  const { belief, task } = known;
  const goal = task === undefined ? undefined : parseTask(task, rulesIn(told));
  const asked = goal?.ok === true ? goal.value : undefined;
  const settled = asked === undefined ? [] : settledOf(asked, belief);
  const errand = asked === undefined ? undefined : errandOf(asked, belief).goal;
  const held = belief.holding;
  /** What is still to be done to the thing in the hand; undefined where it isn't the errand's. */
  const pending =
    held !== undefined && errand?.object === typeOf(held) ? pendingFor(errand, belief, held) : undefined;
  const likeliest = (goal: Goal | undefined): string[] =>
    goal === undefined ? [] : worthChecking(goal, belief, searchPrior, searched);
  const best = likeliest(errand);
  // The lamp is remembered once the thing is in the hand.
  const likely = likeliest(errand && { ...errand, lamp: undefined });
  const unseen = belief.places.filter(({ seenAt }) => seenAt === undefined).map(({ name }) => name);
  const seen = belief.places.flatMap(({ name: place, contents }) =>
    contents.filter((object) => !settled.includes(object)).map((object) => ({ object, place })),
  );
  const hereabouts = belief.places.filter(({ name }) => belief.isHere(name));
  const here = hereabouts.map(({ name }) => name);
  const remembered = hintsOf([{ taskName: '', guidelines: told }]).filter(
    ({ object, place }) =>
      !known.isMissing(object, place) &&
      (likely.length === 0 || (likely.includes(place) && object !== errand?.lamp)),
  );
  const sayable = [
    ...seen.map(({ object, place }) => thoughts.sawAt(object, place)),
    ...(unseen.length === 0 ? [thoughts.again('')] : []),
    ...[...here, ...seen.flatMap(({ object, place }) => (here.includes(place) ? object : []))].map(
      thoughts.found,
    ),
    ...(hereabouts.some(({ door }) => door === 'closed') ? [thoughts.closed] : []),
    ...(belief.last?.seen.kind === 'nothing' ? [thoughts.nothingHappens] : []),
    ...(held === undefined
      ? []
      : withInHand(belief, held, here, pending === undefined || pending.length === 0)),
    ...(best.length > 0 ? best : unseen).flatMap((place) => [thoughts.first(place), thoughts.next(place)]),
    ...remembered.map(({ object, place }) => thoughts.memory(object, place)),
  ].map((sentence) => sentence.replace(/\. .*/, '.'));
  const needless = pending === undefined ? [] : DONE_IN_HAND.filter((one) => !pending.includes(one));
  const undoing = [
    ...needless.map((treatment) => `${treatment} ${held} with `),
    ...settled.map((thing) => `take ${thing} from `),
    ...(held === undefined ? [...belief.lit].map((lamp) => `use ${lamp}`) : []),
  ];
  return { undoing, sayable, needless };
}

/** What can be said with a thing in the hand: it is put where one is, and brought elsewhere, once all is done to it. */
function withInHand(belief: Belief, held: string, here: readonly string[], isReady: boolean): string[] {
  const places = belief.places.map(({ name }) => name);
  return [
    thoughts.have(held),
    thoughts.putDown,
    ...places.map(thoughts.putDownAt),
    ...places
      .filter(() => isReady)
      .map((place) => (here.includes(place) ? thoughts.put(held, place) : thoughts.bring(place))),
  ];
}

/** Things that lie where the task has them brought. */
function settledOf(asked: Goal, belief: Belief): string[] {
  const errand = errandOf(asked, belief);
  return [...errand.reserved, ...delivered(errand, belief)];
}

/** What a thought says from each such beginning on. */
function from(thought: string, lead: string): string[] {
  return Array.from(thought.matchAll(new RegExp(lead, 'g')), ({ index }) => thought.slice(index));
}
