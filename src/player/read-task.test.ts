import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paraphrase } from '../../models/environment/wordings/paraphrase.ts';
import { Random } from '../base/random.ts';
import { parseGame } from '../engine/index.ts';
import { FAMILIES, generateHome, PAGE_HABITS } from '../homes/index.ts';
import { isSameTask, parseTask } from './goal.ts';
import { LAMPS, PLACES, pluralOf, THINGS } from './lexicon.ts';
import { editDistance } from './mentions.ts';
import { LONGEST_TASK, readTask } from './read-task.ts';
import { MORE_LAMPS, MORE_PLACES, MORE_THINGS } from './synonyms.ts';

function read(text: string, room: readonly string[] = []): string {
  const task = readTask(text, new Set(room));
  return task.ok ? task.value : task.error.code;
}

test.each([
  ['stick a chilled cup into the coffee maker', 'put a cool mug in coffeemachine.'],
  ['could you light the lamp and have a look at the book?', 'look at book under the desklamp.'],
  ['Please wash the soup ladle, then lay it on the kitchen table.', 'put a clean ladle in diningtable.'],
  ['microwave a potato and leave it in the fridge', 'put a hot potato in fridge.'],
  ['Put the mug from the desk on the shelf.', 'put a mug in shelf.'],
  ['I want two loaves of bread in the microwave', 'put two bread in microwave.'],
  ['put a key chain on the sofa, and another one as well', 'put two keychain in sofa.'],
  ['one of the mugs goes into the sink', 'put a mug in sinkbasin.'],
  ["the fork isn't clean yet: rinse it, drawer", 'put a clean fork in drawer.'],
  ['PUT A MUG IN SHELF', 'put a mug in shelf.'],
  ['I am going to clean the bathroom, leave the sponge on the toilet', 'put a dishsponge in toilet.'],
  ['cool the egg in the fridge before you put it in the microwave', 'put a cool egg in microwave.'],
  ["don't heat the apple, just put it in the bin", 'put a apple in garbagecan.'],
])('%s', (words, task) => {
  expect(read(words)).toBe(task);
});

test('letters that are wrong, missing, doubled or swapped are put right where one word can be meant', () => {
  expect(read('wash a spatulla and put it in the draewr')).toBe('put a clean spatula in drawer.');
  expect(read('put the newspapr on the coffe table')).toBe('put a newspaper in coffeetable.');
  expect(read('put the coffee-mug on the counter-top')).toBe('put a mug in countertop.');
  // Ordinary words aren't taken for mistypings: 'break' is no bread.
  expect(read('take a break and put the mug on the shelf')).toBe('put a mug in shelf.');
  expect([editDistance('fridge', 'frigde'), editDistance('', 'abc'), editDistance('mug', 'mug')]).toEqual([
    1, 3, 0,
  ]);
});

test('what a table is, the room says', () => {
  expect(read('put a mug on the table', ['desk', 'sidetable'])).toBe('put a mug in sidetable.');
  expect(read('put a mug on the table', ['coffeetable', 'sofa'])).toBe('put a mug in coffeetable.');
  expect(read('put a mug on the table')).toBe('put a mug in diningtable.');
});

test('what isn’t understood is said so', () => {
  for (const words of [
    '',
    'hello',
    'put it there',
    'wash the floor',
    'put the blorp in the drawer',
    'put a mug',
    '。',
  ])
    expect(read(words), words).toBe('TASK_UNREAD');
  expect(read('a mug '.repeat(LONGEST_TASK))).toBe('TASK_LONG');
});

test('every sentence of games and homes comes back as it is', () => {
  for (let home = 0; home < 6; home++) {
    for (let task = 0; task < 4; task++) {
      const world = parseGame(generateHome(home, { habits: PAGE_HABITS }).game(task).text);
      if (world.ok) expect(read(world.value.task)).toBe(world.value.task);
    }
  }
  for (const { sentences } of FAMILIES) {
    for (const sentence of sentences) {
      const task = sentence
        .replaceAll('{o}', 'mug')
        .replace('{p}', 'apple')
        .replace('{r}', 'shelf')
        .replace('{q}', 'desk');
      expect(read(task)).toBe(task);
    }
  }
  expect(read('put a mug in shelf at Omas Kaffee time.')).toBe('put a mug in shelf at Omas Kaffee time.');
  expect(read('Put a mug on the table at dinner time')).toBe('put a mug in diningtable.');
});

test('every name is read as its type, and none stands twice', () => {
  const things = [...Object.entries(THINGS), ...Object.entries(MORE_THINGS)];
  const places = [...Object.entries(PLACES), ...Object.entries(MORE_PLACES)];
  const lamps = [...Object.entries(LAMPS), ...Object.entries(MORE_LAMPS)];
  const all = [...things, ...places, ...lamps].flatMap(([, names]) => names);
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  for (const [type, names] of things) {
    for (const name of names) {
      expect(read(`put the ${name} in the drawer`), name).toBe(`put a ${type} in drawer.`);
      expect(read(`put two ${pluralOf(name)} in the drawer`), name).toBe(`put two ${type} in drawer.`);
    }
  }
  for (const [type, names] of places)
    for (const name of names)
      expect(read(`put the book on the ${name}`), name).toBe(`put a book in ${type}.`);
  for (const [type, names] of lamps)
    for (const name of names)
      expect(read(`look at the book under the ${name}`), name).toBe(`look at book under the ${type}.`);
});

test('of training wordings, those of the set and a thousand that are made up, hardly one is read wrong', () => {
  const file = new URL('../../models/environment/wordings/set.jsonl', import.meta.url);
  const set = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wordings: { task: string; wording: string }[] = set.filter(({ part }) => part === 'train');
  expect(wordings.length).toBeGreaterThan(150);
  const random = new Random('read');
  for (let i = 0; i < 1000; i++) {
    const { task } = random.pick(wordings);
    wordings.push({ task, wording: paraphrase(task, random, 'train') ?? '' });
  }
  const wrong = wordings.filter(({ task, wording }) => !isSameTask(task, read(wording)));
  expect(wrong.length / wordings.length).toBeLessThan(0.01);
});

test('what another hand wrote is read, all but a few', () => {
  const file = new URL('../../models/environment/wordings/blind.jsonl', import.meta.url);
  const set: readonly { readonly task: string; readonly wording: string }[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(set.length).toBe(302);
  const right = set.filter(({ task, wording }) => isSameTask(task, read(wording)));
  expect(right.length / set.length).toBeGreaterThan(0.9);
});

test('what no game asks for is refused, not read as another task', () => {
  const refused: readonly (readonly [code: string, words: string])[] = [
    ['TASK_NOT', "don't put the mug in the coffee machine"],
    ['TASK_NOT', 'put a cold mug in the coffee machine, no wait, in the microwave'],
    ['TASK_NOT', 'put the fridge in the mug'],
    ['TASK_UNREAD', 'take the mug out of the coffee machine'],
    ['TASK_UNREAD', 'put the cold mug anywhere but the coffee machine'],
    ['TASK_MANY', 'put a mug and a plate in the fridge'],
    ['TASK_MANY', 'put a hot mug in the fridge, then a cold plate in the microwave'],
    ['TASK_MANY', 'put hot plate into microwave but first wash a fork'],
    ['TASK_MANY', 'put three cold mugs in the coffee machine'],
    ['TASK_MANY', 'put every mug in the sink'],
    ['TASK_MANY', 'slice the apple and put it in the fridge'],
    ['TASK_MANY', 'clean a mug and heat it and put it in the cabinet'],
  ];
  for (const [code, words] of refused) {
    const result = readTask(words);
    expect(result.ok ? result.value : result.error.code, words).toBe(code);
  }
  expect(read("don't leave the mug dirty, wash it and put it in the cupboard")).toBe(
    'put a clean mug in cabinet.',
  );
  expect(read('put the mug that is next to the plate in the cupboard above the sink')).toBe(
    'put a mug in cabinet.',
  );
});

test('what it comes from says what is done to it, and so does water', () => {
  expect(read('Straight from the microwave onto the counter with a plate')).toBe(
    'put a hot plate in countertop.',
  );
  expect(read('take the plate from the microwave to the counter')).toBe('put a plate in countertop.');
  expect(read('hold the fork under the tap, then into the drawer with it')).toBe(
    'put a clean fork in drawer.',
  );
  expect(read('put the water can on the shelf')).toBe('put a wateringcan in shelf.');
});

test('no text breaks it, and what comes out is a template', () => {
  const words = [...Object.values(THINGS), ...Object.values(PLACES)].flat();
  const piece = fc.oneof(
    fc.constantFrom(
      ...words,
      'put',
      'two',
      'clean',
      'microwave',
      'light',
      'the',
      '.',
      ',',
      "don't",
      'lamp',
      '__proto__',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(text, (said) => {
      const task = readTask(said);
      if (!task.ok) return /^TASK_/.test(task.error.code);
      return parseTask(task.value).ok || task.value === said.trim();
    }),
    { numRuns: 500 },
  );
});

test('the longest texts of the worst words are read as well', () => {
  for (const word of ['spatulx', 'x'.repeat(24), 'mug', 'microwave', 'not', "a'", '\u0301', '🙂'])
    expect(read(`${word} `.repeat(LONGEST_TASK).slice(0, LONGEST_TASK))).toMatch(/^TASK_UNREAD$|^put/);
});
