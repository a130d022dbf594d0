import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextBudget, nextPrompt, openEpisode } from './context.ts';
import type { Message, Turn } from './prompt.ts';

const count = (messages: readonly Message[]): number => messages.reduce((n, m) => n + m.content.length, 0);
const budget = (context: number, turns = 100, reply = 20): ContextBudget => ({
  context,
  turns,
  reply,
  count,
});
const scripts = [1, 2, 3].map((i) => ({ taskName: `task ${i}`, guidelines: 'x'.repeat(100) }));
const trajectory = { intro: 'room', steps: [{ thought: 't', action: 'look', observation: 'y' }] };
const full = count(openEpisode('intro', { scripts, trajectory }, budget(100_000)).messages);

describe('openEpisode', () => {
  it('shows everything that fits with room for the turns, to the token', () => {
    const fits = openEpisode('intro', { scripts, trajectory }, budget(full + 120));
    expect(fits.dropped).toEqual({ scripts: 0, trajectory: false });
    const tight = openEpisode('intro', { scripts, trajectory }, budget(full + 119));
    expect(tight.dropped).toEqual({ scripts: 1, trajectory: false });
    expect(tight.promptMemory.scripts).toEqual(scripts.slice(0, 2));
  });

  it('drops the trajectory after the last script', () => {
    const opening = openEpisode('intro', { scripts, trajectory }, budget(0));
    expect(opening.dropped).toEqual({ scripts: 3, trajectory: true });
    expect(opening.messages).toHaveLength(2);
    const some = openEpisode('intro', { scripts, trajectory }, budget(full + 120 - 400));
    expect(some.dropped).toEqual({ scripts: 3, trajectory: false });
  });
});

describe('nextPrompt', () => {
  const opening = openEpisode('intro', { scripts: [] }, budget(10_000));
  const base = count(opening.messages);
  const turns: Turn[] = Array.from({ length: 10 }, (_, i) => ({
    reply: `reply ${i}`,
    observation: '12345678901',
  }));
  const turnLength = 7 + 13 + 11;

  it('keeps everything while it fits, then drops the older half', () => {
    const enough = nextPrompt(opening, turns, budget(base + 20 + 10 * turnLength));
    expect(enough).toMatchObject({ fits: true, dropped: { turns: 0 } });
    const less = nextPrompt(opening, turns, budget(base + 20 + 10 * turnLength - 1));
    expect(less).toMatchObject({ fits: true, dropped: { turns: 5 } });
    expect(less.messages[2]?.content).toBe('reply 5');
    // With the record of before, the next turn keeps the same prefix.
    expect(nextPrompt(opening, turns, budget(10_000), 'full', 5).messages).toEqual(less.messages);
  });

  it('says so when even the latest turn is too much', () => {
    expect(nextPrompt(opening, turns, budget(base))).toMatchObject({ fits: false, dropped: { turns: 9 } });
  });

  it('shows the last n turns', () => {
    expect(nextPrompt(opening, turns, budget(10_000), 5).dropped.turns).toBe(5);
    expect(nextPrompt(opening, turns, budget(10_000), 1).messages).toHaveLength(2 + 2);
    expect(nextPrompt(opening, [], budget(10_000), 5).messages).toEqual(opening.messages);
  });

  it('never exceeds the budget without saying so', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 40 }),
        fc.nat(3000),
        (replies, context) => {
          const many = replies.map((reply) => ({ reply, observation: 'seen' }));
          const prompt = nextPrompt(opening, many, budget(context));
          expect(prompt.fits).toBe(count(prompt.messages) <= context - 20);
          const shown = (prompt.messages.length - opening.messages.length) / 2;
          expect(shown + prompt.dropped.turns).toBe(many.length);
        },
      ),
    );
  });
});
