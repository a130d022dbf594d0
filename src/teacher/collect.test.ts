import { expect, test } from 'vitest';
import { ok } from '../base/result.ts';
import { collectGame } from './collect.ts';
import { collectFigures } from './collect-statistics.ts';
import type { Teacher } from './teacher.ts';
import type { Collected } from './trajectory.ts';

const OPTIONS = { tries: 5, successes: 1, maxSteps: 4, seed: 1 };

/** A game that is won by a certain number, and a teacher who says the number of its try. */
function guessing(winning: readonly string[]) {
  const seeds: number[] = [];
  const teacher: Teacher = {
    name: 'guesser',
    begin: (_, options) => {
      seeds.push(options?.seed ?? 0);
      const guess = `say ${seeds.length}`;
      return ok({ next: () => ({ thought: 'I guess.', action: guess }), observe: () => {} });
    },
  };
  const world = {
    intro: 'Guess.',
    task: 'guess.',
    start: () => {
      let won = false;
      return {
        step: (command: string) => {
          won ||= winning.includes(command);
          return won ? 'Right.' : 'Nothing happens.';
        },
        get won() {
          return won;
        },
      };
    },
  };
  return { seeds, teacher, game: { key: 'train/guess/1', taskType: 'guess', world } };
}

test('tries until it succeeds, each time with another seed, the first without', async () => {
  const { seeds, teacher, game } = guessing(['say 3']);
  const result = await collectGame(teacher, game, OPTIONS);
  expect(seeds).toHaveLength(3);
  expect(new Set(seeds).size).toBe(3);
  expect(seeds[0]).toBe(0);
  expect(result).toMatchObject({
    ok: true,
    value: {
      trajectories: [
        { game: 'train/guess/1', try: 3, teacher: 'guesser', won: true, steps: [{ action: 'say 3' }] },
      ],
      collected: {
        tries: [
          { won: false, steps: 4 },
          { won: false, steps: 4 },
          { won: true, steps: 1 },
        ],
      },
    },
  });
});

test('gives up after the last try, and keeps no failure', async () => {
  const { teacher, game } = guessing([]);
  const result = await collectGame(teacher, game, OPTIONS);
  expect(result.ok && result.value.trajectories).toEqual([]);
  expect(result.ok && result.value.collected.tries).toHaveLength(5);
});

test('several successes are several different trajectories', async () => {
  const { teacher, game } = guessing(['say 2', 'say 4', 'say 5']);
  const result = await collectGame(teacher, game, { ...OPTIONS, successes: 2 });
  expect(result.ok && result.value.trajectories.map((t) => t.try)).toEqual([2, 4]);
  const same = guessing(['say 1']);
  const stubborn: Teacher = {
    name: 'stubborn',
    begin: () => ok({ next: () => ({ thought: '', action: 'say 1' }), observe: () => {} }),
  };
  const once = await collectGame(stubborn, same.game, { ...OPTIONS, successes: 3 });
  expect(once.ok && once.value.trajectories).toHaveLength(1);
});

test('figures as in the paper: solved at each try, cumulative rate, steps of the first success', () => {
  const game = (taskType: string, ...tries: readonly [boolean, number][]): Collected => ({
    kind: 'collected',
    version: 1,
    game: '',
    taskType,
    tries: tries.map(([won, steps]) => ({ seed: 0, won, steps })),
  });
  const figures = collectFigures(
    [
      game('b', [true, 4]),
      game('a', [false, 30], [true, 10]),
      game('b', [false, 30]),
      game('b', [true, 7], [true, 9]),
    ],
    3,
    5,
  );
  expect(figures).toEqual({
    tasks: 4,
    solved: 3,
    successRate: 0.75,
    meanSteps: 7,
    solvedAtTry: [2, 1, 0],
    cumulativeRate: [0.5, 0.75, 0.75],
    trajectories: 5,
    maxSteps: 10,
    firstTry: { successRate: 0.5, meanSteps: 17.75 },
    byTaskType: {
      a: { tasks: 1, solved: 1, successRate: 1, meanSteps: 10 },
      b: { tasks: 3, solved: 2, successRate: 0.6667, meanSteps: 5.5 },
    },
  });
  expect(collectFigures([], 2, 0)).toMatchObject({
    tasks: 0,
    successRate: 0,
    meanSteps: 0,
    cumulativeRate: [0, 0],
  });
});
