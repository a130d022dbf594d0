import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { nextPrompt, openEpisode } from '../agent/context.ts';
import type { Message, Turn } from '../agent/prompt.ts';
import { generateHome } from '../homes/index.ts';
import {
  type CollectedTrajectory,
  formatTrajectoryRecord,
  parseTrajectories,
} from '../teacher/trajectory.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';
import type { TrainingConversation } from './conversations.ts';

const folder = temporaryFolder();
let collected: readonly CollectedTrajectory[];
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  writeGames(join(folder, 'games'), generateHome(31, { habits: 1, split: 'homes' }), 5);
  const collect = words`collect --games ${at('games')} --split homes --out ${at('t.jsonl')} --threads 1`;
  expect(await runCli(collect)).toMatchObject({ exit: 0 });
  const file = parseTrajectories(readFileSync(at('t.jsonl'), 'utf8'));
  collected = file.ok ? file.value.trajectories : [];
});

async function converse(from: string, ...more: string[]) {
  const files = words`--trajectories ${at(from)} --out ${at('c.jsonl')}`;
  const run = await runCli(words`conversations ${files} --force ${more}`);
  const lines = run.exit === 0 ? readFileSync(at('c.jsonl'), 'utf8').trimEnd().split('\n') : [];
  return { run, conversations: lines.map((line) => JSON.parse(line) as TrainingConversation) };
}

const plain = ({ messages }: TrainingConversation): Message[] =>
  messages.map(([role, content]) => ({ role, content }) as Message);

test('what is learnt is what a student is asked for at play, whatever of the past it is shown', async () => {
  const { run, conversations } = await converse('t.jsonl');
  const steps = collected.reduce((sum, one) => sum + one.steps.length, 0);
  expect(run).toMatchObject({
    exit: 0,
    result: { conversations: 5, replies: steps, unlearnt: 0, byMemory: { none: 5 } },
  });
  const budget = { context: Number.POSITIVE_INFINITY, reply: 96, turns: 1024, count: () => 0 };
  conversations.forEach((conversation, i) => {
    const { intro, steps } = collected[i] as CollectedTrajectory;
    const turns: Turn[] = steps.map(({ thought, action, observation }) => ({
      reply: `Thought: ${thought}\nAction: ${action}`,
      observation,
    }));
    const opening = openEpisode(intro, { scripts: [] }, budget);
    const all = plain(conversation);
    expect(conversation.opening).toBe(opening.messages.length);
    for (const history of ['full', 5, 1] as const) {
      turns.forEach((turn, t) => {
        const { messages } = nextPrompt(opening, turns.slice(0, t), budget, history);
        // models/finetune/conversations.py leaves out turns by this rule.
        const first = conversation.opening + 2 * (history === 'full' ? 0 : Math.max(0, t - history));
        const index = conversation.opening + 2 * t;
        expect([...all.slice(0, conversation.opening), ...all.slice(first, index)]).toEqual(messages);
        expect(conversation.messages[index]).toEqual(['assistant', turn.reply, 1]);
      });
    }
    expect(all).toHaveLength(conversation.opening + 2 * turns.length - 1);
  });
});

test('memories are mixed into the prompts, never of the game itself, the same for the same seed', async () => {
  const extract = words`extract --trajectories ${at('t.jsonl')} --out ${at('s.jsonl')}`;
  expect(await runCli(extract)).toMatchObject({ exit: 0 });
  const files = words`--scripts ${at('s.jsonl')} --trajectories ${at('t.jsonl')} --out ${at('b.bank')}`;
  const built = await runCli(words`bank ${files} --name b`);
  expect(built, built.stderr).toMatchObject({ exit: 0 });
  const mix = ['--memory', 'script=0.5,memp=0.5', '--bank', at('b.bank'), '--k', '3'];
  const { conversations } = await converse('t.jsonl', ...mix, '--seed', '3');
  expect(new Set(conversations.map(({ memory }) => memory))).toEqual(new Set(['script', 'memp']));
  conversations.forEach(({ memory, opening, messages, game }, i) => {
    const task = messages[opening - 1]?.[1] ?? '';
    const names: { task_name: string }[] = JSON.parse(task.slice(task.indexOf('[')));
    expect(names).toHaveLength(3);
    expect(opening > 2).toBe(memory === 'memp');
    // Turns of the reference trajectory are shown and not learnt.
    expect(messages.slice(0, opening).every(([, , mark]) => mark === 0)).toBe(true);
    const own = collected[i] as CollectedTrajectory;
    expect(own.game).toBe(game);
    if (memory === 'memp') expect(messages[1]?.[1]).not.toContain(own.intro.split('\n').at(-1));
  });
  const again = await converse('t.jsonl', ...mix, '--seed', '3');
  expect(again.conversations).toEqual(conversations);
});

test("a reply without an action isn't learnt; failures are left out; the older way to put things is kept", async () => {
  const [one] = collected as [CollectedTrajectory];
  const odd = {
    ...one,
    steps: [{ thought: 'Hm.', action: '', observation: 'Nothing happens.' }, ...one.steps],
  };
  const older = {
    ...one,
    try: 2,
    steps: one.steps.map((step) => ({
      ...step,
      action: step.action.replace(/^move (.*) to (.*)$/, 'put $1 in/on $2'),
    })),
  };
  const lost = { ...one, try: 3, won: false };
  writeFileSync(at('odd.jsonl'), [odd, older, lost].map(formatTrajectoryRecord).join(''));
  const { run, conversations } = await converse('odd.jsonl');
  expect(run.result).toMatchObject({ conversations: 2, unlearnt: 1 });
  const [first, second] = conversations;
  expect(first?.messages[first.opening]).toEqual(['assistant', 'Thought: Hm.\nAction: ', 0]);
  expect(first?.messages[0]?.[1]).toContain('move {object} to {receptacle}');
  expect(second?.messages[0]?.[1]).toContain('put {object} in/on {receptacle}');
});

test("what can't be read is refused", async () => {
  writeFileSync(at('none.jsonl'), '');
  expect((await converse('none.jsonl')).run).toMatchObject({ exit: 3 });
  expect((await converse('missing.jsonl')).run).toMatchObject({ exit: 3 });
  expect((await converse('t.jsonl', '--memory', 'scripts=1')).run).toMatchObject({ exit: 2 });
  expect((await converse('t.jsonl', '--memory', 'none=0')).run).toMatchObject({ exit: 2 });
});
