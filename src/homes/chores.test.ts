import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { TASK_TYPES, type TaskType } from '../base/task-types.ts';
import { openGames } from '../cli/files/open-games.ts';
import { parseGameFile } from '../engine/game.ts';
import type { Ground } from '../engine/goal.ts';
import {
  formatGameFile,
  formatProblem,
  formatSExpr,
  parseGame,
  parseProblem,
  Random,
} from '../engine/index.ts';
import { sharedPath } from '../testing/shared.ts';
import { feasibleChores, KINDS, phrase, taskWeights } from './chores.ts';
import { buildRoom } from './room.ts';
import { statistics } from './statistics.ts';

/** The same text for formulas that differ only in the order of their parts. */
function canonical(ground: Ground): string {
  if (ground.kind === 'and' || ground.kind === 'or') {
    return `(${ground.kind} ${ground.parts.map(canonical).sort().join(' ')})`;
  }
  return ground.kind === 'not' ? `(not ${canonical(ground.part)})` : JSON.stringify(ground);
}

describe('chores', () => {
  const official = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
  test.skipIf(official === undefined)('their goals mean what the official files state', async () => {
    const set = unwrap(await openGames(official as string));
    const seen = new Set<string>();
    for (const { key, task } of set.games.filter((_, i) => i % 97 === 0)) {
      const [taskType, object, , target] = task.split('-') as [TaskType, string, string, string];
      const text = await set.read(key);
      const file = text.ok ? parseGameFile(text.value) : text;
      const problem = file.ok ? parseProblem(file.value.pddl_problem) : file;
      if (!text.ok || !file.ok || !problem.ok) throw new Error(key);
      const goal = KINDS[taskType].goal(object, target);
      const ours = unwrap(
        parseGame(formatGameFile({ ...file.value, pddl_problem: formatProblem({ ...problem.value, goal }) })),
      );
      const theirs = unwrap(parseGame(text.value));
      expect([key, canonical(ours.goal.ground)]).toEqual([key, canonical(theirs.goal.ground)]);
      seen.add(taskType);
    }
    await set.close();
    expect(seen.size).toBe(6);
  });

  test('goals are written in the official form', () => {
    expect(formatSExpr(KINDS.pick_heat_then_place_in_recep.goal('Apple', 'Fridge'))).toBe(
      '(and (exists (?r - receptacle) (exists (?o - object) (and (objectType ?o AppleType) (receptacleType ?r FridgeType) (heatable ?o) (isHot ?o) (inReceptacle ?o ?r)))))',
    );
  });

  test('every chore that the official games ask for in a room is feasible in some room of ours', () => {
    const missing: string[] = [];
    for (const taskType of TASK_TYPES) {
      for (const [kind, byObject] of Object.entries(statistics.goals[taskType])) {
        const offered = new Set<string>();
        const rooms = [...Array(60).keys()].map((i) =>
          buildRoom(kind as 'kitchen', new Random(`chores ${i} ${kind}`), 0),
        );
        for (const [{ object, target }] of feasibleChores(taskType, rooms))
          offered.add(`${object} ${target}`);
        for (const object in byObject) {
          for (const target in byObject[object]) {
            if (!offered.has(`${object} ${target}`)) missing.push(`${taskType} ${kind} ${object} ${target}`);
          }
        }
      }
    }
    // Two rare types of which sixty rooms happen to hold no pair.
    expect(missing.length).toBeLessThan(12);
  });

  test('the tool of a chore is never its target, and lamps lie where they can be reached', () => {
    const rooms = [...Array(40).keys()].map((i) => buildRoom('kitchen', new Random(i), 1));
    for (const taskType of TASK_TYPES) {
      const { tool, lamp } = KINDS[taskType];
      for (const [{ target, room }] of feasibleChores(taskType, rooms)) {
        expect(target).not.toBe(tool);
        if (lamp) expect(rooms[room]?.fixtures.some((f) => f.type === target && f.place >= 0)).toBe(true);
        else expect(rooms[room]?.places.some((place) => place.type === target)).toBe(true);
      }
    }
  });

  test('say their task in the official sentences', () => {
    const sentences = new Set(
      [...Array(20).keys()].map((i) =>
        phrase({ taskType: 'pick_two_obj_and_place', room: 0, object: 'CD', target: 'Safe' }, new Random(i)),
      ),
    );
    expect(sentences).toEqual(new Set(['put two cd in safe.', 'find two cd and put them in safe.']));
  });

  test('kinds are weighed as in the official games, evenly in a straying home', () => {
    const rooms = (['kitchen', 'bathroom'] as const).map((kind) => buildRoom(kind, new Random(1), 0));
    const official = taskWeights(TASK_TYPES, rooms, 0);
    expect(official.find(([type]) => type === 'pick_two_obj_and_place')?.[1]).toBeCloseTo(813 / 3553);
    for (const [, weight] of taskWeights(TASK_TYPES, rooms, 1)) expect(weight).toBeCloseTo(1 / 6);
  });
});
