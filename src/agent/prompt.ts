/**
 * The student's prompt as the paper has it (equations 2 and 4, figure 4): system message; the reference trajectory
 * as alternating user and assistant turns; the first user message with the observation, the task and the scripts;
 * then thought and action against observation, with the whole history.
 * What stands in front of a task's own turns never changes during an episode, so that a KV cache can keep it.
 */
import type { Script, Step, Trajectory } from '../memory/entry.ts';

export type Role = 'system' | 'user' | 'assistant';

export interface Message {
  readonly role: Role;
  readonly content: string;
}

/** A chore's name that a student has no word for, and the word that it reads in its place. */
export interface StandIn {
  readonly name: string;
  readonly word: string;
}

/** Messages as a student reads them. */
export interface ReadAs {
  readonly messages: readonly Message[];
  readonly standIns: readonly StandIn[];
}

/** The paper's four memory configurations. */
export const MEMORY_CONFIGURATIONS = ['none', 'script', 'trajectory', 'memp'] as const;
export type MemoryConfiguration = (typeof MEMORY_CONFIGURATIONS)[number];

/** What a configuration lets into the prompt. */
export function allows(configuration: MemoryConfiguration): { scripts: boolean; trajectory: boolean } {
  return {
    scripts: configuration === 'script' || configuration === 'memp',
    trajectory: configuration === 'trajectory' || configuration === 'memp',
  };
}

/** The memories of one prompt, already chosen; {@link choosePromptMemory} makes them from what was retrieved. */
export interface PromptMemory {
  /** The most similar first. */
  readonly scripts: readonly Script[];
  readonly trajectory?: Trajectory;
}

export const NO_MEMORY: PromptMemory = { scripts: [] };

/** Keeps of the retrieved memories what a configuration shows: the k best scripts, the trajectory, both or nothing. */
export function choosePromptMemory(
  configuration: MemoryConfiguration,
  k: number,
  scripts: readonly Script[],
  trajectory: Trajectory | undefined,
): PromptMemory {
  const allowed = allows(configuration);
  const kept = allowed.scripts ? scripts.slice(0, k) : [];
  const shown = allowed.trajectory && trajectory !== undefined && trajectory.steps.length > 0;
  return shown ? { scripts: kept, trajectory } : { scripts: kept };
}

/** One turn of the student's: what it said, word for word, and what came back. */
export interface Turn {
  readonly reply: string;
  readonly observation: string;
}

const ACTIONS = [
  'go to {receptacle}',
  'open {receptacle}',
  'close {receptacle}',
  'take {object} from {receptacle}',
  'move {object} to {receptacle}',
  'clean {object} with {receptacle}',
  'heat {object} with {receptacle}',
  'cool {object} with {receptacle}',
  'slice {object} with {object}',
  'use {object}',
  'examine {object or receptacle}',
  'inventory',
  'look',
] as const;

/** The first message: the role, the actions, the form of an answer. The older games put things in/on places. */
export function systemMessage(dialect: 'move' | 'put' = 'move'): string {
  const actions = ACTIONS.map((action) =>
    dialect === 'put' && action.startsWith('move') ? 'put {object} in/on {receptacle}' : action,
  );
  return [
    'You are an agent in a household and solve the task that you are given. In each turn you see an observation;',
    'you think about it and choose one action.',
    '',
    'The available actions are:',
    ...actions.map((action) => `- ${action}`),
    '',
    'Objects and receptacles are named by their type and a number, such as mug 2 or cabinet 10. You must be at a',
    'receptacle to use it and can carry one object at a time. If an action is not possible, the observation is',
    '"Nothing happens.".',
    '',
    'Answer in exactly this form:',
    'Thought: your thought',
    'Action: your action',
  ].join('\n');
}

/** An assistant's turn. */
export function formatReply(thought: string, action: string): string {
  return thought === '' ? `Action: ${action}` : `Thought: ${thought}\nAction: ${action}`;
}

/** A user's turn after the first. */
export function formatObservation(observation: string): string {
  return `Observation: ${observation}`;
}

const BANNER = /^-= Welcome to TextWorld, ALFRED! =-\s+/;

/** The text at reset without the engine's banner: observation and task. */
export function withoutBanner(intro: string): string {
  return intro.replace(BANNER, '').trimEnd();
}

/** What stands before the reference trajectory, and what before the task when there was one. */
export const EXAMPLE_LEAD = 'Here is an example of how to solve the task:\n';
export const TASK_LEAD = "Now it's your turn.\n";
const SCRIPTS_LEAD = 'Here are some guidelines of how to solve the similar task:\n';

/** The scripts as they stand in the first user message: a JSON list of task_name and guidelines. */
export function formatScripts(scripts: readonly Script[]): string {
  const list = scripts.map(({ taskName, guidelines }) => ({ task_name: taskName, guidelines }));
  return SCRIPTS_LEAD + JSON.stringify(list, undefined, 1);
}

/** The reference trajectory's messages. Its last observation is left out: the next user message is the task. */
export function referenceMessages({ intro, steps }: Trajectory): Message[] {
  const messages: Message[] = [{ role: 'user', content: EXAMPLE_LEAD + withoutBanner(intro) }];
  steps.forEach(({ thought, action, observation }, i) => {
    messages.push({ role: 'assistant', content: formatReply(thought, action) });
    if (i < steps.length - 1) messages.push({ role: 'user', content: formatObservation(observation) });
  });
  return messages;
}

/** The first user message of the task itself. */
export function taskMessage(intro: string, { scripts, trajectory }: PromptMemory): Message {
  const lead = trajectory === undefined ? '' : TASK_LEAD;
  const guidelines = scripts.length === 0 ? '' : `\n\n${formatScripts(scripts)}`;
  return { role: 'user', content: lead + withoutBanner(intro) + guidelines };
}

/** Everything before the student's first turn. */
export function openingMessages(
  intro: string,
  promptMemory: PromptMemory,
  dialect: 'move' | 'put' = 'move',
): Message[] {
  const { trajectory } = promptMemory;
  return [
    { role: 'system', content: systemMessage(dialect) },
    ...(trajectory === undefined ? [] : referenceMessages(trajectory)),
    taskMessage(intro, promptMemory),
  ];
}

/** The student's turns so far, as they follow the opening. */
export function historyMessages(turns: readonly Turn[]): Message[] {
  return turns.flatMap(({ reply, observation }): Message[] => [
    { role: 'assistant', content: reply },
    { role: 'user', content: formatObservation(observation) },
  ]);
}

/** Steps of a trajectory as turns. */
export function turnsOf(steps: readonly Step[]): Turn[] {
  return steps.map(({ thought, action, observation }) => ({
    reply: formatReply(thought, action),
    observation,
  }));
}
