import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseProblem } from '../engine/index.ts';
import { PriorFit } from './fit-prior.ts';
import { chanceOfDoor, chanceOfHolding, hasHeld, searchPrior } from './prior.ts';

const PROBLEM = `(define (problem p) (:domain alfred) (:objects mug_bar_1 - object cup_bar_1 - object)
(:init (receptacletype cabinet_bar_1 cabinettype) (receptacletype cabinet_bar_2 cabinettype)
(receptacletype desk_bar_1 desktype) (openable cabinet_bar_1)
(inreceptacle mug_bar_1 cabinet_bar_1) (inreceptacle cup_bar_1 desk_bar_1)) (:goal (and)))`;

test('counts what the places of a type hold, and which have doors', () => {
  const problem = unwrap(parseProblem(PROBLEM));
  const fit = new PriorFit();
  const goal = { object: 'mug', count: 1, treatments: [], target: 'desk', lamp: undefined };
  for (let i = 0; i < 1000; i++) fit.add({ problem, goal });
  const prior = fit.result('a test');
  expect(prior.made).toBe('a test, 1000 games');
  expect(prior.doors).toEqual({ cabinet: 500, desk: 0 });
  expect(chanceOfHolding(prior, 'mug', 'cabinet')).toBeCloseTo(0.5, 2);
  expect(chanceOfHolding(prior, 'cup', 'desk')).toBeCloseTo(1, 1);
  expect(hasHeld(prior, 'mug', 'desk')).toBe(false);
});

test('what training never showed has a small chance, whatever it is called', () => {
  for (const name of ['attic', 'constructor', '__proto__', '']) {
    expect(chanceOfHolding(searchPrior, 'mug', name)).toBeGreaterThan(0);
    expect(chanceOfHolding(searchPrior, name, 'shelf')).toBeLessThan(0.01);
    expect(chanceOfDoor(searchPrior, name)).toBe(0);
  }
});
