/**
 * The disturbance: now and then somebody else's action stands in an episode, such as a student in training chooses.
 * It is shown in the conversation but never learnt; the teacher's next turns show how to get over it.
 */
import type { Episode, Random } from '../../src/engine/index.ts';
import type { Reply } from '../../src/teacher/teacher.ts';

const NUMBER = /(\d+)$/;

/** A wrong reply in the place of a right one; undefined where this draw finds none. */
export function disturb(
  right: Reply,
  last: string | undefined,
  episode: Episode,
  random: Random,
): Reply | undefined {
  const command = random.weighted<(random: Random) => string | undefined>([
    [() => elsewhere(episode, random), 5],
    [() => missingPlace(right.action, random), 4],
    [() => last, 3],
    [() => wrongThing(episode, random), 3],
    [() => admissibleOne(episode, random), 2],
    [() => tooEarly(right.action), 3],
    [() => wrongNumber(right.action, random), 2],
  ])(random);
  if (command === undefined || command === right.action) return undefined;
  return { thought: thoughtFor(command, right.thought, random), action: command };
}

/** Another place than the right one. */
function elsewhere(episode: Episode, random: Random): string {
  return `go to ${random.pick(episode.world.receptacles).name}`;
}

/** One past the last, or in a gap: a place that the room doesn't have. */
function missingPlace(action: string, random: Random): string | undefined {
  if (!action.startsWith('go to ')) return undefined;
  return action.replace(NUMBER, (digits) => String(Number(digits) + 1 + random.int(3)));
}

/** Something that lies here but isn't wanted. */
function wrongThing(episode: Episode, random: Random): string | undefined {
  const takes = episode.admissible().filter((command) => command.startsWith('take '));
  return takes.length === 0 ? undefined : random.pick(takes);
}

function admissibleOne(episode: Episode, random: Random): string {
  return random.pick(episode.admissible());
}

/** What would come after opening it, without having opened it. */
function tooEarly(action: string): string | undefined {
  const match = /^open (.+)$/.exec(action);
  return match === null ? undefined : `examine ${match[1]}`;
}

function wrongNumber(action: string, random: Random): string | undefined {
  const numbers = [...action.matchAll(/\d+/g)];
  if (numbers.length === 0) return undefined;
  const chosen = random.pick(numbers);
  const other = String(Math.max(1, Number(chosen[0]) + random.pick([-1, 1, 2])));
  return action.slice(0, chosen.index) + other + action.slice(chosen.index + chosen[0].length);
}

/** What somebody who does this would say; often the right thought, since a student's thoughts and actions part too. */
function thoughtFor(action: string, right: string, random: Random): string {
  if (random.chance(0.3)) return right;
  const go = /^go to (.+)$/.exec(action);
  if (go) return `Next I check ${go[1]}.`;
  const take = /^take (.+) from /.exec(action);
  if (take) return `Here is ${take[1]}. I take it.`;
  if (action.startsWith('open ')) return 'It is closed. I open it.';
  return right;
}
