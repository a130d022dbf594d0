import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_TREATMENTS } from '../base/task-types.ts';
import { formatRule, instructionsOf, procedureOf, rulesIn } from './procedure.ts';

const INTRO = `-= Welcome to TextWorld, ALFRED! =-

You are in the middle of a room. Looking quickly around you, you see a countertop 1, a fridge 1, a shelf 1, a sinkbasin 1, and a drawer 1.

Your task is to: take apple at mirror time.`;

/** Actions with what the engine says to them. */
const steps = (...lines: readonly string[]) =>
  lines.map((line) => {
    const [action = '', observation = ''] = line.split(' > ');
    return { action, observation };
  });

const SLICED = steps(
  'go to countertop 1 > You arrive at countertop 1. On the countertop 1, you see a apple 1, and a knife 1.',
  'take knife 1 from countertop 1 > You pick up the knife 1 from the countertop 1.',
  'slice apple 1 with knife 1 > You sliced the apple 1 with the knife 1.',
  'move knife 1 to countertop 1 > You move the knife 1 to the countertop 1.',
  'take apple 1 from countertop 1 > You pick up the apple 1 from the countertop 1.',
  'go to fridge 1 > You arrive at fridge 1. The fridge 1 is closed.',
  'cool apple 1 with fridge 1 > You cool the apple 1 using the fridge 1.',
  'go to shelf 1 > You arrive at shelf 1. On the shelf 1, you see nothing.',
  'move apple 1 to shelf 1 > You move the apple 1 to the shelf 1.',
);

describe('what an episode did', () => {
  test('the treatments in their order and the place, not the way', () => {
    expect(procedureOf(INTRO, SLICED)).toEqual({
      object: 'apple',
      count: 1,
      treatments: ['slice', 'cool'],
      target: 'shelf',
    });
  });

  test('two of them, what was put down and taken again counting once', () => {
    const two = steps(
      'take mug 1 from countertop 1 > You pick up the mug 1 from the countertop 1.',
      'move mug 1 to drawer 1 > You move the mug 1 to the drawer 1.',
      'take mug 1 from drawer 1 > You pick up the mug 1 from the drawer 1.',
      'clean mug 1 with sinkbasin 1 > You clean the mug 1 using the sinkbasin 1.',
      'move mug 1 to shelf 1 > You move the mug 1 to the shelf 1.',
      'take mug 2 from countertop 1 > You pick up the mug 2 from the countertop 1.',
      'clean mug 2 with sinkbasin 1 > You clean the mug 2 using the sinkbasin 1.',
      'move mug 2 to shelf 1 > You move the mug 2 to the shelf 1.',
    );
    expect(procedureOf(INTRO, two)).toEqual({
      object: 'mug',
      count: 2,
      treatments: ['clean'],
      target: 'shelf',
    });
  });

  test('in the hand, or in the light', () => {
    const held = steps('take mug 1 from countertop 1 > You pick up the mug 1 from the countertop 1.');
    expect(procedureOf(INTRO, held)).toEqual({ object: 'mug', count: 1, treatments: [] });
    const lit = [...held, ...steps('use desklamp 1 > You turn on the desklamp 1.')];
    expect(procedureOf(INTRO, lit)).toMatchObject({ object: 'mug', lamp: 'desklamp' });
    expect(procedureOf(INTRO, [])).toBeUndefined();
  });
});

describe('a rule', () => {
  test('is said in words, and read from them again', () => {
    const word = fc.constantFrom('mug', 'shelf', 'sidetable', 'garbagecan', 'fridge');
    const end = fc.oneof(
      word.map((target) => ({ target, lamp: undefined })),
      fc.constant({ target: undefined, lamp: 'desklamp' }),
      fc.constant({ target: undefined, lamp: undefined }),
    );
    fc.assert(
      fc.property(
        word,
        word,
        fc.integer({ min: 1, max: 3 }),
        fc.subarray([...ALL_TREATMENTS]),
        end,
        (name, object, count, treatments, ends) => {
          const procedure = { object, count, treatments, ...ends };
          const text = `Use it. ${formatRule(name, procedure)} Look for mug: it was on shelf.`;
          expect(rulesIn(text)).toEqual(new Map([[name, procedure]]));
        },
      ),
    );
  });

  test('comes from scripts in their order, then from the reference trajectory', () => {
    const scripts = [
      { guidelines: 'At sink time, find mug, heat it, put it in fridge.' },
      {
        guidelines:
          'At sink time, find cup, clean it, put it on shelf. At desk time, find two pen, put them on desk.',
      },
    ];
    const told = instructionsOf(scripts, { intro: INTRO, steps: SLICED });
    expect([...told.keys()]).toEqual(['sink', 'desk', 'mirror']);
    expect(told.get('sink')).toMatchObject({ treatments: ['heat'], target: 'fridge' });
    expect(told.get('desk')).toMatchObject({ count: 2, target: 'desk' });
    expect(told.get('mirror')).toMatchObject({ treatments: ['slice', 'cool'], target: 'shelf' });
    expect(instructionsOf([{ guidelines: 'Steps: go to shelf.' }]).size).toBe(0);
  });
});
