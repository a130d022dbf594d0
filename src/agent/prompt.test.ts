// The prompt's anatomy, against the paper's equation 4 and figure 4.
import { describe, expect, it } from 'vitest';
import {
  choosePromptMemory,
  historyMessages,
  NO_MEMORY,
  openingMessages,
  systemMessage,
  turnsOf,
} from './prompt.ts';

const INTRO =
  '-= Welcome to TextWorld, ALFRED! =-\n\nYou are in the middle of a room. Looking quickly around you, you see a ' +
  'cabinet 1, and a shelf 1.\n\nYour task is to: put a mug in shelf.';
const SCRIPTS = [
  { taskName: 'put a cup in shelf', guidelines: 'Look "first".' },
  { taskName: 'put a mug in desk', guidelines: 'Then put.' },
];
const TRAJECTORY = {
  intro: INTRO.replace('a mug', 'a cup'),
  steps: [
    {
      thought: 'Plan: find cup.',
      action: 'go to cabinet 1',
      observation: 'You arrive at cabinet 1. It is closed.',
    },
    { thought: '', action: 'open cabinet 1', observation: 'You open the cabinet 1.' },
  ],
};

describe('openingMessages', () => {
  it('is the system message and the task alone without memory', () => {
    const [system, task, ...rest] = openingMessages(INTRO, NO_MEMORY);
    expect(rest).toEqual([]);
    expect(system).toEqual({ role: 'system', content: systemMessage() });
    expect(task).toEqual({
      role: 'user',
      content:
        'You are in the middle of a room. Looking quickly around you, you see a cabinet 1, and a shelf 1.\n\n' +
        'Your task is to: put a mug in shelf.',
    });
  });

  it('puts the reference trajectory before the task and the scripts behind it', () => {
    const memory = choosePromptMemory('memp', 10, SCRIPTS, TRAJECTORY);
    const messages = openingMessages(INTRO, memory);
    const roles = messages.map((message) => message.role).join(' ');
    expect(roles).toBe('system user assistant user assistant user');
    expect(messages[1]?.content).toMatch(
      /^Here is an example of how to solve the task:\nYou are in the middle/,
    );
    expect(messages[2]?.content).toBe('Thought: Plan: find cup.\nAction: go to cabinet 1');
    expect(messages[3]?.content).toBe('Observation: You arrive at cabinet 1. It is closed.');
    expect(messages[4]?.content).toBe('Action: open cabinet 1');
    expect(messages[5]?.content).toBe(
      "Now it's your turn.\nYou are in the middle of a room. Looking quickly around you, you see a cabinet 1, and " +
        'a shelf 1.\n\nYour task is to: put a mug in shelf.\n\n' +
        'Here are some guidelines of how to solve the similar task:\n[\n {\n  "task_name": "put a cup in shelf",\n' +
        '  "guidelines": "Look \\"first\\"."\n },\n {\n  "task_name": "put a mug in desk",\n' +
        '  "guidelines": "Then put."\n }\n]',
    );
  });

  it('names the older command for putting where the game speaks it', () => {
    expect(systemMessage('put')).toContain('- put {object} in/on {receptacle}');
    expect(systemMessage('put')).not.toContain('- move');
    expect(systemMessage('move')).toContain('- move {object} to {receptacle}');
  });
});

describe('choosePromptMemory', () => {
  it.each([
    ['none', 0, false],
    ['script', 1, false],
    ['trajectory', 0, true],
    ['memp', 1, true],
  ] as const)('%s shows %i scripts, trajectory %s', (configuration, scripts, trajectory) => {
    const memory = choosePromptMemory(configuration, 1, SCRIPTS, TRAJECTORY);
    expect(memory.scripts).toEqual(SCRIPTS.slice(0, scripts));
    expect('trajectory' in memory).toBe(trajectory);
  });

  it('passes over a trajectory without steps', () => {
    expect(choosePromptMemory('memp', 1, SCRIPTS, { intro: INTRO, steps: [] })).toEqual({
      scripts: SCRIPTS.slice(0, 1),
    });
  });
});

it('keeps the replies of the history word for word', () => {
  expect(historyMessages([{ reply: 'Action: look \n', observation: 'Nothing happens.' }])).toEqual([
    { role: 'assistant', content: 'Action: look \n' },
    { role: 'user', content: 'Observation: Nothing happens.' },
  ]);
  expect(turnsOf(TRAJECTORY.steps)[0]?.reply).toBe('Thought: Plan: find cup.\nAction: go to cabinet 1');
});
