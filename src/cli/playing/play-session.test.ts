import { describe, expect, test } from 'vitest';
import { smallWorld } from '../../testing/small-game.ts';
import { PlaySession } from './play-session.ts';

const world = smallWorld();
const SOLUTION = world.walkthrough ?? [];

function session(): PlaySession {
  return new PlaySession(world);
}

const text = (lines: readonly { text: string }[]) => lines.map((line) => line.text).join('\n');

describe('a person playing', () => {
  test('solves the game, is told so, and the play ends', () => {
    const play = session();
    for (const command of SOLUTION.slice(0, -1)) play.enter(command);
    expect(play.ended).toBe(false);
    expect(text(play.enter(SOLUTION.at(-1) ?? ''))).toContain('Solved in 7 steps.');
    expect([play.won, play.ended]).toEqual([true, true]);
  });

  test('takes commands back, each with what it did', () => {
    const play = session();
    for (const command of SOLUTION.slice(0, 2)) play.enter(command);
    expect(text(play.enter('inventory'))).toBe('You are carrying: a mug 1.');
    play.enter('undo');
    expect(text(play.enter('undo'))).toBe('Took back: take mug 1 from countertop 1');
    expect(text(play.enter('inventory'))).toBe('You are not carrying anything.');
    for (let i = 0; i < 2; i++) play.enter('undo');
    expect(text(play.enter('undo'))).toBe('There is nothing to take back.');
    expect(play.commands).toEqual([]);
  });

  test('is told what can be done and how far the task is', () => {
    const play = session();
    for (const command of SOLUTION.slice(0, 4)) play.enter(command);
    const hint = text(play.enter('hint'));
    expect(hint).toContain('[x] a mug is hot');
    expect(hint).toContain('[ ] the mug is in or on a cabinet');
    expect(hint).toContain('  go to cabinet 1');
    expect(play.commands).toHaveLength(4);
  });

  test('is pointed to the hints when nothing happens', () => {
    const play = session();
    expect(text(play.enter('fly to the moon'))).toContain("'hint' lists");
    expect(text(play.enter('restart'))).toContain('Your task is to');
    expect(play.commands).toEqual([]);
  });

  test('leaves a transcript that plays to the same texts', () => {
    const play = session();
    for (const command of ['look', ...SOLUTION]) play.enter(command);
    const { steps, won0 } = play.transcript('a/b/c');
    expect(won0).toBe(false);
    expect(steps.map((step) => step.action)).toEqual(['look', ...SOLUTION]);
    expect(steps[0]?.admissible).toBeNull();
    expect(steps[1]?.observation).toBe(
      'You arrive at countertop 1. On the countertop 1, you see a apple 2, a knife 1, and a mug 1.',
    );
    expect(steps.at(-1)?.won).toBe(true);
  });
});
