import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGame } from '../engine/index.ts';
import {
  FAMILIES,
  type Family,
  familiesOf,
  HELD_OUT_NAMES,
  isHeldOut,
  namedFamily,
  proceduresOf,
} from './families.ts';
import { generateHome } from './home.ts';
import { parseHomeKey } from './key.ts';

const named = FAMILIES.filter(({ called }) => called !== undefined);

describe('families of chores', () => {
  test("a game of any family loads, isn't won at the start, and its walkthrough wins", () => {
    const stray = fc.constantFrom(0, 0.4, 1);
    fc.assert(
      fc.property(
        fc.nat(1e9),
        stray,
        fc.constantFrom(...FAMILIES),
        fc.nat(20),
        (seed, far, family, index) => {
          const game = generateHome(seed, { stray: far, families: [family] }).game(index);
          // A home that has no such thing, ever, does something else instead of nothing; none does at these strengths.
          expect(game.taskType).toBe(family.name);
          const world = parseGame(game.text);
          if (!world.ok) throw new Error(`${game.key}: ${world.error.message}`);
          const episode = world.value.start();
          expect(episode.won).toBe(false);
          for (const command of game.walkthrough) {
            expect(episode.won).toBe(false);
            expect(episode.step(command)).not.toBe('Nothing happens.');
          }
          expect(episode.won).toBe(true);
          expect(world.value.task).not.toMatch(/[{}]|undefined/);
          expect(world.value.task).toContain(game.object.toLowerCase());
          expect(parseHomeKey(game.key)).toMatchObject({ taskType: family.name, home: seed, index });
        },
      ),
      { numRuns: 80 },
    );
  });

  test('a named chore demands what its sentence leaves out', () => {
    for (const family of named) {
      const { called, errands } = family;
      const errand = errands[0];
      const game = generateHome(77, { families: [family] }).game(0);
      const world = parseGame(game.text);
      if (!world.ok || errand === undefined) throw new Error(game.key);
      expect(world.value.task).toContain(`at ${called} time.`);
      for (const treatment of errand.treatments) {
        expect(world.value.task).not.toContain(treatment);
        expect(game.walkthrough.some((command) => command.startsWith(`${treatment} `))).toBe(true);
      }
      if (errand.place !== undefined) {
        expect(game.target).toBe(errand.place);
        expect(world.value.task).not.toContain(errand.place.toLowerCase());
      }
    }
  });

  test('held-out families share no name, and nothing that they demand, with those for training', () => {
    const training = familiesOf('training') ?? [];
    expect(training.length).toBeGreaterThan(10);
    expect(HELD_OUT_NAMES).toHaveLength(4);
    for (const family of training) {
      expect(HELD_OUT_NAMES).not.toContain(family.called);
      for (const errand of family.errands) expect(isHeldOut(errand, errand.place)).toBe(false);
    }
    for (const family of familiesOf('held-out') ?? []) {
      for (const errand of family.errands) expect(isHeldOut(errand, errand.place)).toBe(true);
    }
  });

  test('are found by name, and only by known ones', () => {
    expect(familiesOf('slice,boots_time')?.map(({ name }) => name)).toEqual(['slice', 'boots_time']);
    expect(familiesOf('slice,wash')).toBeUndefined();
    expect(new Set(FAMILIES.map(({ name }) => name)).size).toBe(FAMILIES.length);
  });

  test('tell a teacher what their names stand for', () => {
    expect(proceduresOf([...FAMILIES]).get('basketball')).toEqual({
      count: 1,
      treatments: ['slice', 'cool'],
      target: 'countertop',
    });
    expect(proceduresOf(FAMILIES.filter(({ called }) => called === undefined)).size).toBe(0);
  });

  test('two things in different places, and one back where it was, are really that', () => {
    const find = (name: string) => FAMILIES.find((family) => family.name === name) as Family;
    const two = generateHome(3, { families: [find('two_kinds')] }).game(1);
    expect(
      new Set(two.walkthrough.filter((c) => c.startsWith('take')).map((c) => c.split(' ')[1])).size,
    ).toBe(2);
    const back = generateHome(4, { families: [find('put_back')] }).game(0);
    const [take, put] = ['take', 'move'].map((verb) => back.walkthrough.find((c) => c.startsWith(verb)));
    expect(put?.split(' to ')[1]).toBe(take?.split(' from ')[1]);
  });

  test('a name drawn anew makes a family like those of the table', () => {
    const family = namedFamily('kettle', { count: 2, treatments: ['clean'] }, 'CounterTop');
    const game = generateHome(5, { families: [family] }).game(0);
    expect(game.taskType).toBe('kettle_time');
    expect(game.walkthrough.filter((command) => command.startsWith('clean'))).toHaveLength(2);
    expect(parseHomeKey(game.key)?.taskType).toBe('kettle_time');
  });
});
