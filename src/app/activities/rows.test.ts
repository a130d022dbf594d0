import { expect, test } from 'vitest';
import type { Activity } from './activities.ts';
import { rowsOf } from './rows.ts';

function pair(task: number, without: number | undefined, withMemory: number | undefined): Activity[] {
  return [without, withMemory].map((steps, i) => ({
    id: `compare ${i === 0 ? 'without' : 'with'} ${task}`,
    title: `Task ${task}.`,
    href: `#/race?task=${task}`,
    status: steps === undefined ? '3 steps' : `solved in ${steps} steps`,
    state: steps === undefined ? 'running' : 'over',
    episode: { memory: i === 1, ...(steps !== undefined && { solvedIn: steps }) },
  }));
}

const told = (all: readonly Activity[]) => rowsOf(all).map(({ title, status }) => `${title} ${status}`);

test('races that are over are one row: the last of them, and how many were before it', () => {
  const run = {
    id: 'run',
    title: '10 games',
    href: '#/runs',
    status: '2 of 10 games',
    state: 'running',
  } as const;
  const rows = rowsOf([...pair(0, 12, 9), run, ...pair(1, 30, 11), ...pair(2, 24, 8)]);
  expect(rows.map(({ title, status, state }) => [title, status, state])).toEqual([
    ['Task 2.', '24 → 8 steps with memory, and 2 more', 'over'],
    ['10 games', '2 of 10 games', 'running'],
  ]);
  // Its button dismisses every one of them.
  expect(rows[0]?.all).toHaveLength(6);
});

test('while one of the two is at it, both are told by name', () => {
  expect(told([...pair(0, 12, 9), ...pair(1, 24, undefined)])).toEqual([
    'Task 0. 12 → 9 steps with memory',
    'Task 1. without memory solved in 24 steps; with memory 3 steps',
  ]);
});

test('what is over in another view stays a row of its own', () => {
  const played = { ...pair(0, 12, 9)[1], id: 'play 0', href: '#/play?task=0' } as Activity;
  expect(told([played, ...pair(0, 12, 9)])).toEqual([
    'Task 0. solved in 9 steps',
    'Task 0. 12 → 9 steps with memory',
  ]);
});
