import { expect, test } from 'vitest';
import { HOME_REQUEST, readScript, SCRIPT_REQUEST, scriptMessages } from './script-prompt.ts';

const solved = {
  task: 'put a mug in shelf.',
  intro: '-= Welcome to TextWorld, ALFRED! =-\n\nYou are in a room.\n\nYour task is to: put a mug in shelf.',
  steps: [
    { thought: 'I look.', action: 'go to desk 1', observation: 'You arrive.' },
    { thought: '', action: 'take mug 1 from desk 1', observation: 'You pick up the mug 1.' },
  ],
};

test('the trajectory stands as the conversation that it was, then the request', () => {
  const [system, ...messages] = scriptMessages(solved);
  expect(system?.role).toBe('system');
  expect(messages).toEqual([
    {
      role: 'user',
      content: 'Here is how a task was solved:\nYou are in a room.\n\nYour task is to: put a mug in shelf.',
    },
    { role: 'assistant', content: 'Thought: I look.\nAction: go to desk 1' },
    { role: 'user', content: 'Observation: You arrive.' },
    { role: 'assistant', content: 'Action: take mug 1 from desk 1' },
    { role: 'user', content: `Observation: You pick up the mug 1.\n\n${SCRIPT_REQUEST}` },
  ]);
  expect(scriptMessages({ ...solved, home: 'home_1' }).at(-1)?.content).toContain(HOME_REQUEST);
});

test.each([
  ['Look on desk.', 'stop', 'Look on desk.'],
  ['**Guidelines:** Look\n on  desk.', 'stop', 'Look on desk.'],
  ['Look on desk. Take mug. Then go to', 'length', 'Look on desk. Take mug.'],
  ['Look on desk 1.5 and', 'length', undefined],
  ['  \n ', 'stop', undefined],
  [`${'Look. '.repeat(1000)}`, 'stop', 'Look. '.repeat(333).trim()],
] as const)('a script in the reply %j', (reply, finish, guidelines) => {
  expect(readScript(solved, reply, finish)).toEqual(
    guidelines === undefined ? undefined : { taskName: 'put a mug in shelf', guidelines },
  );
});
