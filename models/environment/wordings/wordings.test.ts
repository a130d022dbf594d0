import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { parseTask, taskTypeOf } from '../../../src/player/goal.ts';
import { LAMPS, PLACES, pluralOf, THINGS } from '../../../src/player/lexicon.ts';
import { HELD_OUT, HELD_OUT_FRAMES, HELD_OUT_LAMPS, HELD_OUT_PLACES, HELD_OUT_THINGS } from './held-out.ts';
import { type Part, paraphrase } from './paraphrase.ts';
import { type Row, reword } from './reword-conversation.ts';
import { skeletonOf } from './skeleton.ts';
import { TRAINING, type Words } from './words.ts';

interface Wording {
  readonly task: string;
  readonly wording: string;
  readonly part: Part;
}

const SET: readonly Wording[] = readFileSync(new URL('set.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function typeOf(task: string): string | undefined {
  const goal = parseTask(task);
  return goal.ok ? taskTypeOf(goal.value) : undefined;
}

/** Tasks of all types, with every thing and every place. */
const TASKS = Object.keys(THINGS).flatMap((thing, i) => {
  const places = Object.keys(PLACES);
  const place = places[i % places.length];
  return [
    `put a ${thing} in ${place}.`,
    `clean some ${thing} and put it in ${place}.`,
    `put a hot ${thing} in ${place}.`,
    `cool some ${thing} and put it in ${place}.`,
    `find two ${thing} and put them in ${place}.`,
    `look at ${thing} under the desklamp.`,
  ];
});

function written(part: Part, count: number): string[] {
  const random = new Random(`wordings ${part}`);
  return Array.from({ length: count }, () => paraphrase(random.pick(TASKS), random, part) ?? '');
}

const TRAINED = written('train', 20_000);
const HELD = written('held-out', 3_000);
const SKELETONS = new Set(TRAINED.map(skeletonOf));

const heldOutWords = (): string[] => {
  const names = [HELD_OUT_THINGS, HELD_OUT_PLACES, HELD_OUT_LAMPS].flatMap((one) =>
    Object.values(one).flat(),
  );
  const verbs = [...HELD_OUT.put, ...Object.values(HELD_OUT.treat).flatMap((one) => one.verbs)];
  const states = Object.values(HELD_OUT.treat).flatMap((one) => one.states);
  const { get, look, light, two } = HELD_OUT;
  // 'bring it down to fridge temperature' isn't held out by its first word.
  const single = verbs.filter(({ bare }) => bare !== 'bring').flatMap(({ bare, done }) => [bare, done]);
  return [...names, ...names.map(pluralOf), ...single, ...states, ...get, ...look, ...light, ...two];
};

/** Words with a blank between them and around. */
const plain = (text: string): string => ` ${text.toLowerCase().replace(/[^\w'|-]+/g, ' ')} `;

test('the set has paraphrases of all six types, a fifth of each and more held out', () => {
  expect(SET.length).toBeGreaterThanOrEqual(240);
  expect(new Set(SET.map(({ wording }) => wording)).size).toBe(SET.length);
  const shares = new Map<string, { all: number; held: number }>();
  for (const { task, part } of SET) {
    const type = typeOf(task) ?? 'none';
    const share = shares.get(type) ?? { all: 0, held: 0 };
    shares.set(type, { all: share.all + 1, held: share.held + (part === 'held-out' ? 1 : 0) });
  }
  expect([...shares.keys()].sort()).toEqual([
    'look_at_obj_in_light',
    'pick_and_place_simple',
    'pick_clean_then_place_in_recep',
    'pick_cool_then_place_in_recep',
    'pick_heat_then_place_in_recep',
    'pick_two_obj_and_place',
  ]);
  for (const { all, held } of shares.values()) expect(held / all).toBeGreaterThanOrEqual(0.2);
});

test('no training wording has a held-out word', () => {
  const written = SET.flatMap(({ wording, part }) => (part === 'train' ? [wording] : []));
  const trained = plain([...TRAINED, ...written].join(' | '));
  for (const words of heldOutWords()) expect(trained.includes(` ${words} `), words).toBe(false);
  expect(trained).toContain(' coffee cup ');
});

test('no held-out wording is a training wording with other words in it', () => {
  const known = SET.filter(({ part }) => part === 'train').map(({ wording }) => skeletonOf(wording));
  const all = new Set([...SKELETONS, ...known]);
  for (const { wording, part } of SET)
    if (part === 'held-out') expect(all.has(skeletonOf(wording)), wording).toBe(false);
  for (const wording of HELD) expect(SKELETONS.has(skeletonOf(wording)), wording).toBe(false);
});

test('a skeleton is the same for the same sentence with other words', () => {
  const one = skeletonOf('Please wash a coffee mug off and put it on the counter.');
  expect(one).toBe(skeletonOf('heat the potatoes up and stick it inside the chest of drawers'));
  expect(one).not.toBe(skeletonOf('Please wash a coffee mug.'));
  expect(SKELETONS.size).toBeGreaterThan(1000);
});

test('each kind of task has dozens of training frames, and each thing and place other words', () => {
  for (const text of [...TRAINED, ...HELD]) expect(text).toMatch(/^[^{}]{8,300}$/);
  for (const type of ['a hot', 'a', 'two']) {
    const task = `put ${type} mug in fridge.`;
    const random = new Random(type);
    const frames = new Set(
      Array.from({ length: 4_000 }, () => skeletonOf(paraphrase(task, random, 'train') ?? '')),
    );
    expect(frames.size).toBeGreaterThan(200);
  }
  const words = (all: Words): number => all.put.length + all.get.length + all.look.length;
  expect(words(TRAINING)).toBeGreaterThan(20);
  expect(HELD_OUT_FRAMES.place.requests.length).toBeGreaterThan(0);
  const names = [THINGS, PLACES, LAMPS].flatMap((one) => Object.values(one).flat());
  expect(new Set(names).size).toBe(names.length);
});

test('other tasks than the official six are left alone', () => {
  for (const task of ['put three mug in shelf.', 'take mug at boots time.', 'juggle.', ''])
    expect(paraphrase(task, new Random(1), 'train')).toBeUndefined();
});

test('a conversation is reworded in its own task alone', () => {
  const intro = (task: string): string => `You are in a room, you see a mug 1.\n\nYour task is to: ${task}`;
  const plain: Row[] = [
    ['system', 'Solve the task.', 0],
    ['user', intro('put a hot mug in shelf.'), 0],
    ['assistant', 'Thought: x\nAction: look', 1],
  ];
  const [system, task, reply] = reword(plain, new Random(3)) ?? [];
  expect([system, reply]).toEqual([plain[0], plain[2]]);
  expect(task?.[1].startsWith(intro(''))).toBe(true);
  expect(task?.[1]).not.toBe(plain[1]?.[1]);

  const scripts =
    '\n\nHere are some guidelines of how to solve the similar task:\n[{"task_name": "put a hot mug in shelf."}]';
  const withMemory: Row[] = [
    ['system', 'Solve the task.', 0],
    ['user', `Here is an example of how to solve the task:\n${intro('put a hot mug in shelf.')}`, 0],
    ['assistant', 'Thought: x\nAction: look', 0],
    ['user', `Now it's your turn.\n${intro('put a hot mug in shelf.')}${scripts}`, 0],
    ['assistant', 'Thought: x\nAction: look', 1],
  ];
  const reworded = reword(withMemory, new Random(3)) ?? [];
  expect(reworded.filter((_, i) => i !== 3)).toEqual(withMemory.filter((_, i) => i !== 3));
  expect(reworded[3]?.[1].endsWith(scripts)).toBe(true);
  expect(reworded[3]?.[1]).not.toBe(withMemory[3]?.[1]);
  expect(reword([['user', 'hello', 0]], new Random(1))).toBeUndefined();
});
