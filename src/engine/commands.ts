/**
 * Commands: their text and their parts. A command is well-formed when its words name things of this world that it
 * could ever apply to; whether it applies now is the episode's business.
 */
import type { Command, Verb } from './command.ts';
import type { WorldData } from './world-data.ts';

type Pattern = readonly [verb: Verb, first: string, second: string];

const PATTERNS: readonly Pattern[] = [
  ['go', 'go to ', ''],
  ['open', 'open ', ''],
  ['close', 'close ', ''],
  ['take', 'take ', ' from '],
  ['clean', 'clean ', ' with '],
  ['heat', 'heat ', ' with '],
  ['cool', 'cool ', ' with '],
  ['slice', 'slice ', ' with '],
  ['use', 'use ', ''],
];

/** The well-formed command that a text spells exactly, or undefined. */
export function parseCommand(world: WorldData, text: string): Command | undefined {
  if (text === 'look' || text === 'inventory') return { verb: text, object: -1, target: -1, feedback: '' };
  if (text === 'help') return world.help ? { verb: 'help', object: -1, target: -1, feedback: '' } : undefined;
  if (text.startsWith('examine ')) return parseExamine(world, text.slice(8));
  const put: Pattern = world.dialect === 'move' ? ['put', 'move ', ' to '] : ['put', 'put ', ' in/on '];
  for (const pattern of text.startsWith(put[1]) ? [put] : PATTERNS) {
    const [verb, first, second] = pattern;
    if (!text.startsWith(first)) continue;
    const rest = text.slice(first.length);
    if (second === '') return build(world, verb, rest, undefined);
    const at = rest.indexOf(second);
    return at < 0 ? undefined : build(world, verb, rest.slice(0, at), rest.slice(at + second.length));
  }
  return undefined;
}

/** The inverse of {@link parseCommand}. */
export function formatCommand(world: WorldData, command: Command): string {
  const object = world.objects[command.object]?.name ?? '';
  const target = (command.verb === 'slice' ? world.objects : world.receptacles)[command.target]?.name ?? '';
  switch (command.verb) {
    case 'look':
    case 'inventory':
    case 'help':
      return command.verb;
    case 'go':
      return `go to ${target}`;
    case 'open':
    case 'close':
      return `${command.verb} ${target}`;
    case 'examine receptacle':
      return `examine ${target}`;
    case 'examine object':
      return `examine ${object}`;
    case 'use':
      return `use ${object}`;
    case 'take':
      return `take ${object} from ${target}`;
    case 'put':
      return putText(world, object, target);
    default:
      return `${command.verb} ${object} with ${target}`;
  }
}

/** `move x to y`, or `put x in/on y` in the older dialect. */
export function putText(world: Pick<WorldData, 'dialect'>, object: string, target: string): string {
  return world.dialect === 'move' ? `move ${object} to ${target}` : `put ${object} in/on ${target}`;
}

function parseExamine(world: WorldData, name: string): Command | undefined {
  const target = world.receptacleByName.get(name);
  if (target !== undefined) return { verb: 'examine receptacle', object: -1, target, feedback: '' };
  const object = world.objectByName.get(name);
  return object === undefined ? undefined : { verb: 'examine object', object, target: -1, feedback: '' };
}

function build(world: WorldData, verb: Verb, first: string, second: string | undefined): Command | undefined {
  if (verb === 'go' || verb === 'open' || verb === 'close') {
    const target = world.receptacleByName.get(first);
    if (target === undefined) return undefined;
    if (verb !== 'go' && !world.receptacles[target]?.openable) return undefined;
    return { verb, object: -1, target, feedback: verb === 'close' ? `You close the ${first}.` : '' };
  }
  const object = world.objectByName.get(first);
  const thing = object === undefined ? undefined : world.objects[object];
  if (object === undefined || thing === undefined) return undefined;
  if (verb === 'use') {
    return thing.toggleable ? { verb, object, target: -1, feedback: `You turn on the ${first}.` } : undefined;
  }
  if (second === undefined) return undefined;
  if (verb === 'slice') {
    const tool = world.objectByName.get(second);
    if (tool === undefined || !thing.sliceable || !world.objects[tool]?.slices) return undefined;
    return { verb, object, target: tool, feedback: `You sliced the ${first} with the ${second}.` };
  }
  const target = world.receptacleByName.get(second);
  const place = target === undefined ? undefined : world.receptacles[target];
  if (target === undefined || place === undefined) return undefined;
  switch (verb) {
    case 'take':
      return thing.pickupable
        ? { verb, object, target, feedback: `You pick up the ${first} from the ${second}.` }
        : undefined;
    case 'put': {
      if (world.accepts[target]?.[object] !== 1) return undefined;
      const feedback =
        world.dialect === 'move'
          ? `You move the ${first} to the ${second}.`
          : `You put the ${first} in/on the ${second}.`;
      return { verb, object, target, feedback };
    }
    case 'clean':
      return thing.cleanable && place.cleans
        ? { verb, object, target, feedback: using('clean', first, second) }
        : undefined;
    case 'heat':
      return thing.heatable && place.heats
        ? { verb, object, target, feedback: using('heat', first, second) }
        : undefined;
    case 'cool':
      return thing.coolable && place.cools
        ? { verb, object, target, feedback: using('cool', first, second) }
        : undefined;
    default:
      return undefined;
  }
}

function using(verb: string, object: string, target: string): string {
  return `You ${verb} the ${object} using the ${target}.`;
}
