import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { smallGame, smallWorld } from '../testing/small-game.ts';
import { parseGame } from './game.ts';
import type { State } from './state.ts';
import { CLEAN, HOT, OPENED, SLICED } from './state.ts';
import type { World } from './world.ts';

const world = (goal: string): World => smallWorld({ goal });

/** A random formula over the game's things, and the same formula as a function, written independently. */
type Meaning = (state: Readonly<State>, w: World, env: Readonly<Record<string, string>>) => boolean;
interface Formula {
  readonly text: string;
  readonly holds: Meaning;
}

const objectAt = (w: World, id: string) => w.objects.findIndex((o) => o.id === id);
const receptacleAt = (w: World, id: string) => w.receptacles.findIndex((r) => r.id === id);
const has = (flags: Uint8Array | undefined, i: number, bit: number) =>
  i >= 0 && ((flags?.[i] ?? 0) & bit) !== 0;

const atom = (variable: string, place: string): fc.Arbitrary<Formula> =>
  fc.constantFrom<Formula>(
    { text: `(ishot ${variable})`, holds: (s, w, e) => has(s.objects, objectAt(w, e[variable] ?? ''), HOT) },
    {
      text: `(isclean ${variable})`,
      holds: (s, w, e) => has(s.objects, objectAt(w, e[variable] ?? ''), CLEAN),
    },
    {
      text: `(issliced ${variable})`,
      holds: (s, w, e) => has(s.objects, objectAt(w, e[variable] ?? ''), SLICED),
    },
    {
      text: `(objecttype ${variable} appletype)`,
      holds: (_, w, e) => w.objects[objectAt(w, e[variable] ?? '')]?.type === 'apple',
    },
    {
      text: `(opened ${place})`,
      holds: (s, w, e) => has(s.receptacles, receptacleAt(w, e[place] ?? ''), OPENED),
    },
    {
      text: `(inreceptacle ${variable} ${place})`,
      holds: (s, w, e) =>
        s.contents[receptacleAt(w, e[place] ?? '')]?.has(objectAt(w, e[variable] ?? '')) ?? false,
    },
    {
      text: `(holds agent1 ${variable})`,
      holds: (s, w, e) => s.held >= 0 && s.held === objectAt(w, e[variable] ?? ''),
    },
  );

const body = fc.letrec<{ f: Formula }>((tie) => ({
  f: fc.oneof(
    { maxDepth: 3 },
    atom('?o', '?r'),
    fc.tuple(fc.constantFrom('and', 'or', 'imply'), tie('f'), tie('f')).map(
      ([op, a, b]): Formula => ({
        text: `(${op} ${a.text} ${b.text})`,
        holds: (s, w, e) =>
          op === 'and'
            ? a.holds(s, w, e) && b.holds(s, w, e)
            : op === 'or'
              ? a.holds(s, w, e) || b.holds(s, w, e)
              : !a.holds(s, w, e) || b.holds(s, w, e),
      }),
    ),
    tie('f').map((a): Formula => ({ text: `(not ${a.text})`, holds: (s, w, e) => !a.holds(s, w, e) })),
  ),
})).f;

const formula = fc
  .tuple(body, fc.constantFrom('exists', 'forall'), fc.constantFrom('exists', 'forall'))
  .map(([f, outer, inner]): Formula => {
    const over = (kind: string, ids: readonly string[], test: (id: string) => boolean) =>
      kind === 'exists' ? ids.some(test) : ids.every(test);
    return {
      text: `(${outer} (?r - receptacle) (${inner} (?o - object) ${f.text}))`,
      holds: (s, w) => {
        const places = w.receptacles.map((r) => r.id);
        // In PDDL every entity is an object.
        const things = [...w.objects.map((o) => o.id), ...places, 'agent1', 'loc_bar_0', 'appletype'];
        return over(outer, places, (r) => over(inner, things, (o) => f.holds(s, w, { '?r': r, '?o': o })));
      },
    };
  });

describe('a goal', () => {
  test('means what its formula says, however it nests', () => {
    fc.assert(
      fc.property(formula, fc.array(fc.nat(), { maxLength: 40 }), (f, walk) => {
        const parsed = parseGame(smallGame({ goal: f.text }));
        if (!parsed.ok) {
          expect(parsed.error.code).toBe('GOAL_IMPOSSIBLE');
          return;
        }
        const episode = parsed.value.start();
        for (const choice of walk) {
          const admissible = episode.admissible();
          episode.step(admissible[choice % admissible.length] as string);
          expect(episode.won).toBe(f.holds(episode.state, parsed.value, {}));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('can ask for chores outside of the six official kinds', () => {
    const episode = world(
      '(and (forall (?o - object) (imply (objecttype ?o appletype) (issliced ?o))) (not (holdsany agent1)) (exists (?r - receptacle) (and (receptacletype ?r cabinettype) (not (opened ?r)))))',
    ).start();
    for (const command of [
      'go to countertop 1',
      'take knife 1 from countertop 1',
      'slice apple 2 with knife 1',
      'go to cabinet 1',
      'slice apple 1 with knife 1',
      'open cabinet 1',
      'move knife 1 to cabinet 1',
    ]) {
      expect(episode.step(command)).not.toBe('Nothing happens.');
      expect(episode.won).toBe(false);
    }
    episode.step('close cabinet 1');
    expect(episode.won).toBe(true);
  });

  test('tells its conditions in words, for the things that have come furthest', () => {
    const episode = world(
      '(exists (?r - receptacle) (exists (?o1 - object) (and (objecttype ?o1 appletype) (receptacletype ?r fridgetype) (inreceptacle ?o1 ?r) (exists (?o2 - object) (and (not (= ?o1 ?o2)) (objecttype ?o2 appletype) (inreceptacle ?o2 ?r))))))',
    ).start();
    const told = () => episode.progress().map((c) => `${c.holds ? 'x' : ' '} ${c.text}`);
    expect(told()).toEqual(['  an apple is in or on a fridge', '  another apple is in or on the fridge']);
    for (const command of [
      'go to countertop 1',
      'take apple 2 from countertop 1',
      'go to fridge 1',
      'open fridge 1',
      'move apple 2 to fridge 1',
    ])
      episode.step(command);
    expect(told().filter((line) => line.startsWith('x'))).toHaveLength(1);
  });

  test("knows that what can't be picked up stays", () => {
    const lamp =
      '(exists (?o - object ?r - receptacle ?a - agent ?l - location) (and (objecttype ?o desklamptype) (istoggled ?o) (receptacleatlocation ?r ?l) (atlocation ?a ?l) (inreceptacle ?o ?r)))';
    const episode = world(
      `(and ${lamp} (exists (?p - object ?b - agent) (and (objecttype ?p pentype) (holds ?b ?p))))`,
    ).start();
    expect(episode.progress().map((c) => c.text)).toEqual([
      'a desklamp has been switched on',
      'you are beside it',
      'you hold a pen',
    ]);
    for (const command of ['go to sidetable 1', 'take pen 1 from sidetable 1', 'use desklamp 1'])
      episode.step(command);
    expect(episode.won).toBe(true);
    episode.step('go to fridge 1');
    expect(episode.won).toBe(false);
  });
});

test('a variable of the same name further out is out of sight', () => {
  const goal =
    '(exists (?a - object) (and (objecttype ?a mugtype) (exists (?b - object ?a - object) (and (objecttype ?a appletype) (objecttype ?b mugtype) (ishot ?a) (ishot ?b)))))';
  const plain =
    '(exists (?b - object ?a - object) (and (objecttype ?a appletype) (objecttype ?b mugtype) (ishot ?a) (ishot ?b)))';
  expect(world(goal).goal.ground).toEqual(world(plain).goal.ground);
});
