import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sayable } from '../base/sayable.ts';
import { formatRoute, isLivedIn, MAX_K, misread, parseRoute, parseSetup, setupParams } from './route.ts';

const sayableWords = fc
  .string({ unit: 'grapheme' })
  .map(sayable)
  .filter((words) => words !== '');

test('what is chosen survives its address', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.record(
          {
            kind: fc.constant('home' as const),
            home: fc.nat(1_000_000),
            task: fc.nat(1_000_000),
            words: sayableWords,
          },
          { requiredKeys: ['kind', 'home', 'task'] },
        ),
        fc.record(
          {
            kind: fc.constant('imported' as const),
            key: fc.string({ unit: 'grapheme', minLength: 1 }),
            dialect: fc.constantFrom('move' as const, 'put' as const),
            goals: fc.constant('human' as const),
            words: sayableWords,
          },
          { requiredKeys: ['kind', 'key'] },
        ),
      ),
      fc.constantFrom('scripted' as const, 'human' as const),
      fc.constantFrom('none' as const, 'script' as const, 'trajectory' as const, 'memp' as const),
      fc.integer({ min: 0, max: MAX_K }),
      fc.constantFrom('teacher' as const, 'student' as const),
      (source, student, memory, k, scripts) => {
        const setup = { source, student, memory, k, scripts };
        const { view, params } = parseRoute(formatRoute('play', setupParams(setup)));
        expect(view).toBe('play');
        expect(parseSetup(params)).toEqual(setup);
      },
    ),
  );
});

test('an address that makes no sense opens the first view with what is usual', () => {
  for (const hash of [
    '',
    '#',
    '#/nowhere',
    '#main',
    '#/play?home=-1&task=x&student=nobody&memory=all&k=1e9',
  ]) {
    const { view, params } = parseRoute(hash);
    expect(view).toBe(hash.startsWith('#/play') ? 'play' : 'race');
    expect(parseSetup(params)).toEqual(parseSetup(new URLSearchParams()));
  }
});

test('what an address asks for in vain is said, with what is shown instead', () => {
  expect(misread('#/nonsense')).toBe('This address names no view.');
  expect(misread('#/racing?home=-5')).toBe('This address names no view.');
  expect(misread('#/play?home=-5')).toBe('There is no home -5; this is home 4.');
  expect(misread('#/race?home=2000000&task=x')).toBe(
    'There is no home 2000000; this is home 1000000. There is no task x; this is task 0.',
  );
  for (const hash of ['', '#/', '#main', '#/about', '#/play?home=07&task=', '#/play?task=2&home=3).']) {
    expect(misread(hash), hash).toBeUndefined();
  }
  expect(misread('#/play?game=valid_seen/x&home=-5')).toBeUndefined();
  expect(misread('#/play?home=3&chore=bad')).toMatch(/^This address names no chore that can be taught/);
  expect(misread('#/play?home=3&chore=tea_1_slice_Sofa')).toBeUndefined();
});

test('an address without a number of plans has the usual one of its student', () => {
  expect(parseSetup(new URLSearchParams('student=pocket')).k).toBe(10);
  expect(parseSetup(new URLSearchParams('student=smollm2')).k).toBe(4);
  expect(parseSetup(new URLSearchParams('student=smollm2&k=10')).k).toBe(10);
});

test('which 4B student plays, and whether it thinks, survives too, and is nothing to other players', () => {
  const setup = parseSetup(new URLSearchParams('student=mlc&model=own-90c367dfdf44&thinking=on'));
  expect(setup).toMatchObject({ student: 'mlc', model: 'own-90c367dfdf44', thinking: true });
  expect(parseSetup(new URLSearchParams(setupParams(setup)))).toEqual(setup);
  expect(setupParams({ ...setup, student: 'scripted' })).not.toHaveProperty('model');
  expect(parseSetup(new URLSearchParams('student=mlc&model=<b>&thinking=yes'))).not.toHaveProperty('model');
  expect(parseSetup(new URLSearchParams('student=human&thinking=on'))).not.toHaveProperty('thinking');
});

test("what stands behind a link in a text isn't part of it", () => {
  const setup = parseSetup(new URLSearchParams('home=3&task=2&student=human&memory=script&k=5&learning=on'));
  const address = formatRoute('play', setupParams(setup));
  for (const behind of ['.', ')', '>', ').', ',', '”']) {
    const { view, params } = parseRoute(address + behind);
    expect(view).toBe('play');
    expect(parseSetup(params)).toEqual(setup);
    expect(parseRoute(`#/device${behind}`).view).toBe('device');
    const last = parseSetup(parseRoute(`#/play?task=2&home=3${behind}`).params).source;
    expect(last).toEqual({ kind: 'home', home: 3, task: 2 });
  }
});

test('a word of a view opens it, whatever stands behind the word', () => {
  for (const hash of ['#play=4', '#/play/4', '#/play?home=4']) expect(parseRoute(hash).view).toBe('play');
});

test('a home was lived in unless the address says otherwise, where there is something to remember it by', () => {
  const lived = (query: string): boolean => isLivedIn(parseSetup(new URLSearchParams(query)));
  expect(lived('home=3&memory=memp')).toBe(true);
  const none = 'home=3&memory=memp&past=none';
  expect(lived(none)).toBe(false);
  expect(setupParams(parseSetup(new URLSearchParams(none)))).toHaveProperty('past', 'none');
  expect(lived('home=3&memory=none')).toBe(false);
  expect(lived('home=3&chore=boots_1_clean-heat')).toBe(false);
  expect(lived('game=valid_seen/x')).toBe(false);
});
