import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { openGames } from '../cli/files/open-games.ts';
import { parseGame, type World } from '../engine/index.ts';
import { sharedPath } from '../testing/shared.ts';
import { smallWorld } from '../testing/small-game.ts';
import { solve } from './solve.ts';

function replay(world: World, commands: readonly string[]): boolean {
  const episode = world.start();
  for (const command of commands) {
    expect(episode.won).toBe(false);
    expect(episode.step(command)).not.toBe('Nothing happens.');
  }
  return episode.won;
}

const worldWith = (goal: string): World => smallWorld({ goal });

/** Goals outside the six official kinds, each with the length of the shortest plan, counted by hand. */
const GOALS: readonly (readonly [what: string, goal: string, length: number])[] = [
  [
    'a sliced apple that is hot',
    '(exists (?o - object) (and (objecttype ?o appletype) (issliced ?o) (ishot ?o)))',
    // go, take knife, slice, put knife, take apple, go, heat
    7,
  ],
  ['clean, then cooled', '(exists (?o - object) (and (objecttype ?o mugtype) (isclean ?o) (iscool ?o)))', 6],
  [
    'every apple in the fridge',
    '(forall (?o - object) (imply (objecttype ?o appletype) (exists (?r - receptacle) (and (receptacletype ?r fridgetype) (inreceptacle ?o ?r)))))',
    // go, take, go, open, put; go, open, take, go, put
    10,
  ],
  [
    'no knife on the counter, and hands empty',
    '(and (not (inreceptacle knife_bar_1 countertop_bar_1)) (not (exists (?a - agent) (holdsany ?a))))',
    // go, take, and the shelf is in reach: put
    3,
  ],
  ['an open drawer and a closed cabinet', '(and (opened drawer_bar_1) (not (opened cabinet_bar_1)))', 2],
  ['the lamp switched, no more', '(exists (?o - object) (and (toggleable ?o) (istoggled ?o)))', 2],
  ['a look at the fridge', '(checked fridge_bar_1)', 2],
];

describe('the planner', () => {
  test.each(GOALS)('%s', (_, goal, length) => {
    const world = worldWith(goal);
    const plan = solve(world);
    expect(plan).toHaveLength(length);
    expect(replay(world, plan ?? [])).toBe(true);
  });

  test('says when there is no way', () => {
    // A pen can't be heated.
    expect(solve(worldWith('(ishot pen_bar_1)'))).toBeUndefined();
  });

  test('gives up at its limit', () => {
    expect(solve(worldWith('(exists (?o - object) (ishot ?o))'), 1)).toBeUndefined();
  });

  test('nothing is to be done where the goal holds', () => {
    expect(solve(worldWith('(not (opened drawer_bar_1))'))).toEqual([]);
  });

  const official = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
  test.skipIf(official === undefined)(
    'is never longer than the walkthrough of an official game',
    async () => {
      const set = unwrap(await openGames(official as string));
      const games = set.games.filter((_, i) => i % 60 === 0);
      expect(games.length).toBeGreaterThan(60);
      for (const { key } of games) {
        const text = await set.read(key);
        const world = unwrap(text.ok ? parseGame(text.value) : text);
        const plan = solve(world);
        expect([key, replay(world, plan ?? [])]).toEqual([key, true]);
        expect(plan?.length).toBeLessThanOrEqual(world.walkthrough?.length ?? 0);
      }
      await set.close();
    },
  );
});
