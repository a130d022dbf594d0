import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../base/result.ts';
import { openGames } from '../cli/files/open-games.ts';
import { sharedPath } from '../testing/shared.ts';
import { smallGame } from '../testing/small-game.ts';
import { gameFromAlfred, parseTrajectory } from './alfred.ts';
import { parseGame, parseGameFile } from './game.ts';
import { GameSet, type SetFile } from './import/index.ts';

function trajectory(task: string, more: object = {}): string {
  const [type, object, mrecep = '', target] = task.split('-');
  const lamp = type === 'look_at_obj_in_light';
  return JSON.stringify({
    task_id: 'trial_T20190907_174127_043461',
    task_type: type,
    pddl_params: {
      object_target: object,
      parent_target: lamp ? '' : target,
      mrecep_target: mrecep === 'None' ? '' : mrecep,
      toggle_target: lamp ? target : '',
      object_sliced: false,
    },
    ...more,
  });
}

const official = sharedPath('alfworld/json_2.1.1_tw-pddl.zip');
test.skipIf(official === undefined)("a game made from ALFRED's files is the official one", async () => {
  const set = unwrap(await openGames(official as string));
  const types = new Set<string>();
  // One of every ninety: the six types of tasks are among them.
  for (const { key, task, taskType } of set.games.filter((_, i) => i % 90 === 0)) {
    const text = await set.read(key);
    const file = unwrap(text.ok ? parseGameFile(text.value) : text);
    const theirs = unwrap(text.ok ? parseGame(text.value) : text);
    const words = trajectory(task);
    const read = parseTrajectory(words);
    expect(read.ok && read.value.sentences).toContain(theirs.task);
    const made = gameFromAlfred(words, file.pddl_problem);
    const ours = unwrap(made.ok ? parseGame(made.value) : made);
    const sentence = (intro: string) => intro.replace(/Your task is to: .*$/, '');
    expect(sentence(ours.intro)).toBe(sentence(theirs.intro));
    const [a, b] = [ours.start(), theirs.start()];
    for (const command of file.walkthrough ?? []) {
      expect([a.step(command), a.admissible(), a.won]).toEqual([b.step(command), b.admissible(), b.won]);
    }
    expect(a.won).toBe(true);
    types.add(taskType);
  }
  await set.close();
  expect(types.size).toBe(6);
});

describe("what ALFWorld doesn't play or ALFRED doesn't write is refused", () => {
  test.each([
    ['{', "isn't JSON"],
    ['{}', 'task_type'],
    [trajectory('pick_and_place_with_movable_recep-Mug-Pan-Desk'), 'no tasks of this kind'],
    [trajectory('pick_and_place_simple-Mug-None-Desk').replace('false', 'true'), 'no tasks of this kind'],
    [trajectory('pick_and_place_simple-#x-None-Desk'), 'pddl_params'],
    [trajectory('__proto__-Mug-None-Desk'), 'no tasks of this kind'],
  ])('%s', (text, message) => {
    expect(parseTrajectory(text)).toMatchObject({
      ok: false,
      error: { code: 'GAME_ALFRED', message: expect.stringContaining(message) },
    });
  });
});

describe('in a set', () => {
  const file = (path: string, text: string): SetFile => {
    const bytes = new TextEncoder().encode(text);
    return { path, bytes: bytes.length, read: async () => ok(bytes) };
  };
  const folder = 'train/pick_heat_then_place_in_recep-Mug-None-Cabinet-1/trial';
  const game = parseGameFile(smallGame());
  const problem = game.ok ? game.value.pddl_problem : '';
  const anns = [{ task_desc: 'Say #hi#' }, { task_desc: ' Warm a "mug", then store it.\n' }];
  const words = trajectory('pick_heat_then_place_in_recep-Mug-None-Cabinet', { turk_annotations: { anns } });
  const setOf = (...files: SetFile[]): GameSet => {
    return unwrap(GameSet.of(files));
  };

  test("ALFRED's two files make the game that isn't there", async () => {
    const set = setOf(file(`${folder}/traj_data.json`, words), file(`${folder}/initial_state.pddl`, problem));
    expect(set.games.map(({ key }) => key)).toEqual([folder]);
    const text = await set.read(folder);
    const world = text.ok ? parseGame(text.value) : text;
    expect(world.ok && world.value.task).toBe('heat some mug and put it in cabinet.');
    const alone = setOf(file(`${folder}/initial_state.pddl`, problem));
    expect([alone.games.length, alone.alfred['initial_state.pddl']]).toEqual([0, 1]);
  });

  test("the game that is there counts, and its task can be told in people's words", async () => {
    const set = setOf(file(`${folder}/traj_data.json`, words), file(`${folder}/game.tw-pddl`, smallGame()));
    expect(await set.read(folder)).toEqual(ok(smallGame()));
    set.tellIn({ dialect: 'put', goals: 'human' });
    const text = await set.read(folder);
    const world = unwrap(text.ok ? parseGame(text.value) : text);
    expect([world.task, world.dialect]).toEqual(['Warm a "mug", then store it.', 'put']);
    expect(world.intro).toMatch(/Your task is to: Warm a "mug", then store it\.$/);
    const bare = setOf(file(`${folder}/game.tw-pddl`, smallGame()));
    bare.tellIn({ goals: 'human' });
    expect(await bare.read(folder)).toMatchObject({ ok: false, error: { code: 'GAME_GOAL_MISSING' } });
  });
});
