import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHomeFact } from '../teacher/script.ts';
import { sampleEntry } from '../testing/sample.ts';
import type { MemoryEntry, Step } from './entry.ts';
import { upkeep } from './upkeep.ts';

function memory(id: string, task: string, facts: readonly [string, string][], observations: string[] = []) {
  const guidelines = [
    ...facts.map(([object, place]) => formatHomeFact({ object: `${object} 1`, place })),
    `Steps of ${id}.`,
  ].join(' ');
  const steps: Step[] = observations.map((observation) => ({ thought: '', action: 'look', observation }));
  const intro = 'You are in the middle of a room.';
  return sampleEntry({
    id,
    task,
    home: 'home_1',
    script: { taskName: task, guidelines },
    trajectory: { intro, steps },
  });
}

test('the same task again takes the place of the older memory', () => {
  const own = [memory('a', 'put a mug in shelf.', []), memory('b', 'put a pen in shelf.', [])];
  expect(upkeep(own, memory('c', 'put a mug in shelf.', []))).toEqual({ removed: ['a'], amended: [] });
});

test('what was seen to be otherwise is taken out of older scripts, and only that', () => {
  const own = [
    memory('a', 'put a mug in shelf.', [
      ['mug', 'cabinet 3'],
      ['fork', 'drawer 1'],
    ]),
  ];
  const now = memory(
    'b',
    'cool a mug.',
    [['mug', 'desk 1']],
    [
      'You arrive at cabinet 3. On the cabinet 3, you see nothing.',
      'You arrive at desk 1. On the desk 1, you see a mug 2.',
    ],
  );
  const { removed, amended } = upkeep(own, now);
  expect(removed).toEqual([]);
  expect(amended.map(({ id, script }) => [id, script.guidelines])).toEqual([
    ['a', 'In this home fork was in drawer 1. Steps of a.'],
  ]);
});

test('one sign alone changes nothing: not looked there, or still there, or not found elsewhere', () => {
  const own = [memory('a', 'put a mug in shelf.', [['mug', 'cabinet 3']])];
  const elsewhere: [string, string][] = [['mug', 'desk 1']];
  const still = ['You arrive at cabinet 3. On the cabinet 3, you see a mug 2, and a pen 1.'];
  const empty = ['You arrive at cabinet 3. On the cabinet 3, you see nothing.'];
  for (const now of [
    memory('b', 'cool a mug.', elsewhere),
    memory('b', 'cool a mug.', elsewhere, still),
    memory('b', 'cool a mug.', [['pen', 'desk 1']], empty),
    // It took the mug away itself, then came back.
    memory('b', 'cool a mug.', elsewhere, [...still, ...empty]),
  ]) {
    expect(upkeep(own, now)).toEqual({ removed: [], amended: [] });
  }
});

test('a memory with nothing left in it goes', () => {
  const own = [memory('a', 'put a mug in shelf.', [['mug', 'cabinet 3']])];
  const bare = own.map(
    (entry): MemoryEntry => ({
      ...entry,
      script: { ...entry.script, guidelines: 'In this home mug was in cabinet 3.' },
    }),
  );
  const seen = ['The cabinet 3 is open. In it, you see nothing.'];
  expect(upkeep(bare, memory('b', 'cool a mug.', [['mug', 'desk 1']], seen)).removed).toEqual(['a']);
});

test('a home never has more than its limit, loses the oldest, and other homes lose nothing', () => {
  const entry = fc.record({ id: fc.uuid(), task: fc.nat(30), home: fc.constantFrom('home_1', 'home_2') });
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: (e) => e.id }),
      fc.integer({ min: 1, max: 9 }),
      (all, limit) => {
        const own = all.map(({ id, task, home }) => ({ ...memory(id, `task ${task}`, []), home }));
        const added = memory('new', 'task 0', []);
        const { removed } = upkeep(own, added, limit);
        const left = own.filter(({ id }) => !removed.includes(id));
        const here = left.filter(({ home }) => home === added.home);
        expect(left.filter(({ home }) => home === 'home_2')).toEqual(
          own.filter(({ home }) => home === 'home_2'),
        );
        const before = own.filter(({ home, task }) => home === added.home && task !== added.task);
        expect(here).toEqual(before.slice(Math.max(0, before.length + 1 - limit)));
      },
    ),
  );
});
