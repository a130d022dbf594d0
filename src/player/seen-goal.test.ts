import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseGame } from '../engine/index.ts';
import { generateHome } from '../homes/index.ts';
import { Belief } from './belief.ts';
import { seenGoal } from './seen-goal.ts';

test('what nobody has seen is told by no condition, whatever the game knows', () => {
  for (let home = 0; home < 30; home++) {
    const { text } = generateHome(home).game(0);
    const world = unwrap(parseGame(text));
    const start = seenGoal(world.start(), new Belief(world.intro));
    // Before the first step only one's own hands and place are known.
    for (const condition of start) {
      expect(condition.holds === true ? condition.text : '').toBe('');
      if (condition.holds === false) expect(condition.text).toMatch(/^you /);
    }
  }
});

test('along a walkthrough conditions come to hold when they are observed, and all do at the end', () => {
  for (let home = 0; home < 30; home++) {
    const { text, walkthrough } = generateHome(home).game(1);
    const world = unwrap(parseGame(text));
    const episode = world.start();
    const belief = new Belief(world.intro);
    for (const action of walkthrough) {
      belief.observe(action, episode.step(action));
      const truth = new Map(episode.progress().map((condition) => [condition.text, condition.holds]));
      const told = seenGoal(episode, belief);
      // Never more than the truth, where both speak of the same choice.
      for (const { text: condition, holds } of told) {
        if (holds === true && truth.has(condition))
          expect([condition, truth.get(condition)]).toEqual([condition, true]);
      }
      const made = /^(clean|heat|cool) /.exec(action)?.[1];
      if (made !== undefined) expect(told.some(({ holds }) => holds === true)).toBe(true);
    }
    expect(seenGoal(episode, belief).every(({ holds }) => holds === true)).toBe(true);
  }
});

test("a thing that lay hot in a closed microwave isn't told to be hot before it was seen to be", () => {
  const { text, walkthrough } = generateHome(11, { habits: 0.9 }).game(0);
  const world = unwrap(parseGame(text));
  const episode = world.start();
  for (const action of walkthrough.slice(0, -1)) episode.step(action);
  // The game is one step from its end; a player who saw nothing of it knows nothing.
  expect(episode.progress().some(({ holds }) => holds)).toBe(true);
  const stranger = seenGoal(episode, new Belief(world.intro));
  expect(stranger.map(({ holds }) => holds)).not.toContain(true);
});
