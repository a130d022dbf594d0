import { describe, expect, it } from 'vitest';
import { extractionMessages, parseScript, SCRIPT_REQUEST, scriptMessages } from './extraction.ts';

const TRAJECTORY = {
  intro: 'You are in a room.\n\nYour task is to: put a mug in shelf.',
  steps: [
    { thought: 'x', action: 'take mug 1 from desk 1', observation: 'You pick up the mug 1 from the desk 1.' },
    { thought: 'y', action: 'move mug 1 to shelf 1', observation: 'You move the mug 1 to the shelf 1.' },
  ],
};

describe('extractionMessages', () => {
  it('asks in the conversation of the episode, behind its last observation', () => {
    const messages = extractionMessages(TRAJECTORY, false);
    expect(messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
    expect(messages.at(-1)?.content).toBe(
      'Observation: You move the mug 1 to the shelf 1.\nThe task is solved. Write guidelines of how to solve a similar task.',
    );
    expect(extractionMessages(TRAJECTORY, true).at(-1)?.content).toMatch(/in this home\.$/);
  });
});

describe('scriptMessages', () => {
  it('shows the episode as a list, asks by a request that can be replaced, and not in the form of playing', () => {
    const [system, user, ...rest] = scriptMessages('put a mug in shelf.', TRAJECTORY);
    expect(rest).toEqual([]);
    expect(system?.content).not.toMatch(/Thought|Action/);
    expect(user?.content).toContain(
      'You are in a room.\n\nIt was solved like this:\n1. take mug 1 from desk 1: You pick up the mug 1 from the desk 1.\n2. ',
    );
    expect(user?.content.endsWith(SCRIPT_REQUEST)).toBe(true);
    expect(scriptMessages('t', TRAJECTORY, 'Say it in ten words.').at(-1)?.content).toMatch(
      /\n\nSay it in ten words\.$/,
    );
  });
});

describe('parseScript', () => {
  it.each([
    ['Look for mug.\n Put it.', 'Look for mug. Put it.'],
    ['**Guidelines:** "Look."', 'Look.'],
    ['guideline: Look.', 'Look.'],
    ['Guidelines matter: look.', 'Guidelines matter: look.'],
    ['Here are some guidelines of how to solve a similar task:\n\n1. Look.\n2. Put it.', 'Look. Put it.'],
    ['Sure! Here is a script: Look.\n\nI hope this helps.', 'Look.'],
    ['```\nLook.\n```', 'Look.'],
    ['Here the mug lies: look at 2. shelf 1.', 'Here the mug lies: look at 2. shelf 1.'],
  ])('reads %j', (reply, guidelines) => {
    expect(parseScript('put a mug in shelf.', reply)).toEqual({
      ok: true,
      value: { taskName: 'put a mug in shelf', guidelines },
    });
  });

  it("refuses what isn't a script", () => {
    expect(parseScript('x', ' \n')).toMatchObject({ ok: false, error: { code: 'SCRIPT_EMPTY' } });
    expect(parseScript('x', 'go '.repeat(1000))).toMatchObject({
      ok: false,
      error: { code: 'SCRIPT_TOO_LONG' },
    });
  });
});
