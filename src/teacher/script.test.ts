import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractScript, formatHomeFact, hintsOf, thingsOf } from './script.ts';

function source(task: string, steps: readonly (readonly [string, string])[], home?: string) {
  const intro = `You are in the middle of a room. Looking quickly around you, you see a cabinet 1, a desk 1, a fridge 1, a shelf 1, and a sinkbasin 1.\n\nYour task is to: ${task}`;
  return {
    task,
    intro,
    steps: steps.map(([action, observation]) => ({ action, observation })),
    ...(home ? { home } : {}),
  };
}

const CLEAN = [
  ['go to desk 1', 'You arrive at desk 1. On the desk 1, you see a pen 1.'],
  ['go to cabinet 1', 'You arrive at cabinet 1. The cabinet 1 is closed.'],
  ['open cabinet 1', 'You open the cabinet 1. The cabinet 1 is open. In it, you see a mug 2, and a knife 1.'],
  ['take mug 2 from cabinet 1', 'You pick up the mug 2 from the cabinet 1.'],
  ['go to sinkbasin 1', 'You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing.'],
  ['clean mug 2 with sinkbasin 1', 'You clean the mug 2 using the sinkbasin 1.'],
  ['go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see nothing.'],
  ['move mug 2 to shelf 1', 'You move the mug 2 to the shelf 1.'],
] as const;

test('a script says where it was, where not, the steps, and what goes wrong, by types alone', () => {
  const script = extractScript(source('put a clean mug in shelf.', CLEAN));
  expect(script).toEqual({
    taskName: 'put a clean mug in shelf',
    guidelines:
      'Look for mug: it was in cabinet, not on desk. Steps: go to cabinet, open cabinet, take mug from cabinet, go to sinkbasin, clean mug with sinkbasin, go to shelf, move mug to shelf. Open what is closed to look in it. Do not put mug down before it is clean. Check no place twice. Use the exact names that you see.',
  });
  expect(script.guidelines).not.toMatch(/\d/);
});

test('a script of a home says with numbers where things were, and hints are read back from it', () => {
  const script = extractScript(source('put a clean mug in shelf.', CLEAN, 'home_7'));
  expect(script.guidelines).toMatch(
    /^In this home mug was in cabinet 1\. In this home knife was in cabinet 1\. In this home pen was on desk 1\. Look/,
  );
  expect(hintsOf([script, script])).toEqual([
    { object: 'mug', place: 'cabinet 1' },
    { object: 'knife', place: 'cabinet 1' },
    { object: 'pen', place: 'desk 1' },
  ]);
});

test('facts and hints undo each other', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(word, word, fc.nat(60), fc.nat(60), (object, place, n, m) => {
      const fact = formatHomeFact({ object: `${object} ${n}`, place: `${place} ${m}` });
      expect(hintsOf([{ taskName: '', guidelines: fact }])).toEqual([{ object, place: `${place} ${m}` }]);
    }),
  );
});

test.each([
  ['mug', 'put a mug in shelf.', true],
  ['mug', 'Put two mug in shelf', true],
  ['cd', 'put a mug in shelf.', false],
  ['desklamp', 'examine the cd with the desklamp.', true],
  ['desklamp', 'put a mug in shelf.', false],
  ['knife', 'slice some apple and put it in fridge.', true],
  ['knife', 'put a mug in shelf.', false],
  ['knife', 'put a mug in shelf at mirror time.', true],
  ['desklamp', 'put a mug in shelf at mirror time.', true],
])('%s may be needed to %s: %s', (thing, task, needed) => {
  expect(thingsOf(task).has(thing)).toBe(needed);
});

test("what was taken by mistake and put down again isn't a step", () => {
  const mistaken = [
    CLEAN[0],
    ['take pen 1 from desk 1', 'You pick up the pen 1 from the desk 1.'],
    ['move pen 1 to desk 1', 'You move the pen 1 to the desk 1.'],
    ['go to desk 1', 'Nothing happens.'],
    ...CLEAN.slice(1),
  ] as const;
  const { guidelines } = extractScript(source('put a clean mug in shelf.', mistaken));
  expect(guidelines).not.toMatch(/\bpen\b/);
  expect(guidelines).toContain('If you go somewhere and nothing happens, you are there.');
});

test("a task that isn't understood still has its steps told", () => {
  const { guidelines } = extractScript(source('rinse the mug and shelve it.', CLEAN));
  expect(guidelines).toContain(
    'take mug from cabinet, go to sinkbasin, clean mug with sinkbasin, go to shelf, move mug to shelf.',
  );
});

test('two objects and a lamp get their own advice', () => {
  const two = extractScript(
    source('put two pen in shelf.', [
      ['go to desk 1', 'You arrive at desk 1. On the desk 1, you see a pen 2, and a pen 1.'],
      ['take pen 2 from desk 1', 'You pick up the pen 2 from the desk 1.'],
      ['go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see nothing.'],
      ['move pen 2 to shelf 1', 'You move the pen 2 to the shelf 1.'],
    ]),
  );
  expect(two.guidelines).toContain('Put both on the same shelf and leave them there.');
  const light = extractScript(
    source('look at pen under the desklamp.', [
      ['go to desk 1', 'You arrive at desk 1. On the desk 1, you see a desklamp 1, and a pen 2.'],
      ['take pen 2 from desk 1', 'You pick up the pen 2 from the desk 1.'],
      ['use desklamp 1', 'You turn on the desklamp 1.'],
    ]),
  );
  expect(light.guidelines).toContain(
    'Look for desklamp: it was on desk. Steps: go to desk, take pen from desk, use desklamp. Hold pen while you turn on desklamp.',
  );
});

test('any trajectory gives a script', () => {
  const step = fc.tuple(
    fc.string({ maxLength: 30 }),
    fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom(...CLEAN.map(([, o]) => o))),
  );
  fc.assert(
    fc.property(fc.string(), fc.array(step, { maxLength: 12 }), (task, steps) => {
      expect(extractScript(source(task, steps, 'home')).guidelines).not.toBe('');
    }),
  );
});
