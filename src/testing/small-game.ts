/**
 * A small kitchen for tests: every kind of receptacle and every verb, two receptacles at one place, an object listed
 * in two receptacles and one recorded inside itself, as official games have them.
 */

import { unwrap } from '../base/result.ts';
import { parseGame } from '../engine/game.ts';
import {
  type Dialect,
  DOMAIN_TEXT,
  formatGameFile,
  formatProblem,
  grammarText,
  parseSExpr,
  type SExpr,
} from '../engine/index.ts';
import type { World } from '../engine/world.ts';

interface SmallGameOptions {
  readonly task?: string;
  readonly goal?: string;
  readonly dialect?: Dialect;
  readonly extraFacts?: readonly string[];
}

/** Places by location number: 1 countertop, 2 cabinet and drawer, 3 fridge, 4 microwave, 5 sink, 6 table with lamp. */
const RECEPTACLES: readonly (readonly [id: string, type: string, location: number, openable: boolean])[] = [
  ['countertop_bar_1', 'countertoptype', 1, false],
  ['cabinet_bar_1', 'cabinettype', 2, true],
  ['drawer_bar_1', 'drawertype', 2, true],
  ['shelf_bar_1', 'shelftype', 1, false],
  ['fridge_bar_1', 'fridgetype', 3, true],
  ['microwave_bar_1', 'microwavetype', 4, true],
  ['sink_bar_1_bar_sinkbasin', 'sinkbasintype', 5, false],
  ['sidetable_bar_1', 'sidetabletype', 6, false],
];

const OBJECTS: readonly (readonly [
  id: string,
  type: string,
  receptacles: readonly string[],
  location: number,
  flags: string,
])[] = [
  ['apple_bar_1', 'appletype', ['countertop_bar_1'], 1, 'pickupable cleanable heatable coolable sliceable'],
  ['apple_bar_2', 'appletype', ['cabinet_bar_1'], 2, 'pickupable cleanable heatable coolable sliceable'],
  ['mug_bar_1', 'mugtype', ['countertop_bar_1', 'shelf_bar_1'], 1, 'pickupable cleanable heatable coolable'],
  ['knife_bar_1', 'knifetype', ['countertop_bar_1'], 1, 'pickupable cleanable'],
  ['box_bar_1', 'boxtype', ['drawer_bar_1'], 2, 'pickupable isreceptacleobject'],
  ['pen_bar_1', 'pentype', ['sidetable_bar_1'], 6, 'pickupable'],
  ['desklamp_bar_1', 'desklamptype', ['sidetable_bar_1'], 6, 'toggleable'],
];

const SMALL_GOAL =
  '(and (exists (?r - receptacle) (exists (?o - object) (and (heatable ?o) (objecttype ?o mugtype) (receptacletype ?r cabinettype) (ishot ?o) (inreceptacle ?o ?r)))))';

/** The world of the game file. */
export function smallWorld(options: SmallGameOptions = {}): World {
  return unwrap(parseGame(smallGame(options)));
}

/** The parts of the game as PDDL problem data, for tests that spoil one of them. */
export function smallProblem(options: SmallGameOptions = {}) {
  const goal = unwrap(parseSExpr(options.goal ?? SMALL_GOAL));
  const objects: [string, string][] = [['agent1', 'agent']];
  for (let i = 0; i <= 6; i++) objects.push([`loc_bar_${i}`, 'location']);
  const init: string[][] = [['atlocation', 'agent1', 'loc_bar_0']];
  const otypes = new Set<string>();
  const rtypes = new Set<string>();
  for (const [id, type, location, openable] of RECEPTACLES) {
    objects.push([id, 'receptacle']);
    rtypes.add(type);
    init.push(['receptacletype', id, type], ['receptacleatlocation', id, `loc_bar_${location}`]);
    if (openable) init.push(['openable', id]);
  }
  for (const [id, type, receptacles, location, flags] of OBJECTS) {
    objects.push([id, 'object']);
    otypes.add(type);
    init.push(['objecttype', id, type], ['objectatlocation', id, `loc_bar_${location}`]);
    for (const receptacle of receptacles) init.push(['inreceptacle', id, receptacle]);
    for (const flag of flags.split(' ')) init.push([flag, id]);
  }
  for (const type of [...otypes, ...rtypes]) objects.push([type, rtypes.has(type) ? 'rtype' : 'otype']);
  for (const rtype of rtypes) for (const otype of otypes) init.push(['cancontain', rtype, otype]);
  init.push(
    ['inreceptacleobject', 'box_bar_1', 'box_bar_1'],
    ['inreceptacleobject', 'pen_bar_1', 'box_bar_1'],
  );
  for (const fact of options.extraFacts ?? []) init.push(fact.split(' '));
  return { name: 'small', objects, init, goal: goal as SExpr };
}

/** The text of the game file. */
export function smallGame(options: SmallGameOptions = {}): string {
  return formatGameFile({
    pddl_domain: DOMAIN_TEXT,
    grammar: grammarText(options.task ?? 'put a hot mug in cabinet.', options.dialect ?? 'move'),
    pddl_problem: formatProblem(smallProblem(options)),
    solvable: true,
    walkthrough: [
      'go to countertop 1',
      'take mug 1 from countertop 1',
      'go to microwave 1',
      'heat mug 1 with microwave 1',
      'go to cabinet 1',
      'open cabinet 1',
      'move mug 1 to cabinet 1',
    ],
  });
}
