import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Random } from '../base/random.ts';
import { unwrap } from '../base/result.ts';
import { parseGame, type World } from '../engine/index.ts';
import { generateHome } from '../homes/index.ts';
import { Belief, beliefAfter, type ObservedStep } from './belief.ts';
import { BeliefTrail } from './belief-trail.ts';

/** A kitchen, and a room with a lamp. */
const worlds = [6, 26].map((home) => unwrap(parseGame(generateHome(home).game(0).text)));
const world = worlds[0] as World;

/** A walk through a home, whatever comes, that takes what it can and does something to it. */
function walk(seed: number, length: number, room = world): ObservedStep[] {
  const [random, episode] = [new Random(seed), room.start()];
  return Array.from({ length }, () => {
    const all = [...episode.admissible()];
    const doing = [/^(use|heat|cool|clean) /, /^take /].map((kind) => all.filter((one) => kind.test(one)));
    const [some = all] = doing.filter((kind) => kind.length > 0);
    const action = random.pick(random.chance(0.6) ? some : all);
    return { action, observation: episode.step(action) };
  });
}

/** All that can be asked of a belief. */
function told(belief: Belief): unknown {
  const { task, places, here, holding, steps, last, lit, putDialect } = belief;
  const things = [...new Set(places.flatMap(({ contents }) => contents).concat(holding ?? []))];
  return {
    ...{ task, places, here, holding, steps, last, lit: [...lit], putDialect },
    states: things.map((thing) => [thing, [...belief.statesOf(thing)], belief.originOf(thing)]),
    reached: places.map(({ name }) => belief.isHere(name)),
    rejected: places.flatMap(({ name }) => things.map((thing) => belief.rejects(name, thing))),
  };
}

test('each part of each history is believed as if it were observed alone', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.record({ other: fc.boolean(), length: fc.nat({ max: 40 }) }), { maxLength: 12 }),
      (seed, asked) => {
        const room = worlds[seed % worlds.length] as World;
        const one = walk(seed, 40, room);
        const two = [...one.slice(0, 9), ...walk(seed + 1, 31, room)];
        const trail = new BeliefTrail(room.intro);
        for (const { other, length } of asked) {
          const steps = (other ? two : one).slice(0, length);
          expect(told(trail.after(steps))).toEqual(told(beliefAfter(room.intro, steps)));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('each step is observed once, and the same steps give the same belief', () => {
  const steps = walk(1, 30);
  const observe = vi.spyOn(Belief.prototype, 'observe');
  const trail = new BeliefTrail(world.intro);
  const shown = steps.map((_, i) => trail.after(steps.slice(0, i + 1)));
  expect(observe).toHaveBeenCalledTimes(30);
  expect(shown.map((_, i) => trail.after(steps.slice(0, i + 1)))).toEqual(shown);
  expect(trail.after(steps.slice(0, 7))).toBe(shown[6]);
  expect(observe).toHaveBeenCalledTimes(30);
  observe.mockRestore();
});

test('what becomes of a thing later is not believed of it before', () => {
  const steps = [
    { action: 'heat egg 1 with microwave 1', observation: 'You heat the egg 1 using the microwave 1.' },
    { action: 'cool egg 1 with fridge 1', observation: 'You cool the egg 1 using the fridge 1.' },
  ];
  const trail = new BeliefTrail(world.intro);
  expect([...trail.after(steps).statesOf('egg 1')]).toEqual(['cool']);
  expect([...trail.after(steps.slice(0, 1)).statesOf('egg 1')]).toEqual(['hot']);
});
