import { expect, test } from 'vitest';
import { ok } from '../base/result.ts';
import { PLAYER, saying } from '../testing/players.ts';
import { smallWorld } from '../testing/small-game.ts';
import { traceOf } from '../testing/traces.ts';
import { type Conversation, NO_COUNTERS } from './conversation.ts';
import { openWith, type PreparedEpisode } from './episode.ts';
import type { Recalled } from './recall.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import type { TraceStep } from './trace.ts';
import { explainStep, type Repeated, repeatDecision, weighSteps } from './why.ts';

const world = smallWorld();

const script = (n: number) => ({
  id: `m${n}`,
  similarity: 0.9,
  ownHome: false,
  script: { taskName: `task ${n}`, guidelines: n === 1 ? 'The mug is in the safe.' : `Nothing of use ${n}.` },
});
const trajectory = {
  id: 'r',
  similarity: 0.8,
  ownHome: false,
  trajectory: { intro: 'An example.', steps: [{ thought: '', action: 'look', observation: '' }] },
};

function prepare(recalled: Recalled): PreparedEpisode {
  const game = { key: 'k', sha256: '', taskType: 't' };
  return openWith(
    { world, game, player: PLAYER, settings: DEFAULT_SETTINGS, recall: undefined, seed: '', program: 'test' },
    recalled,
    'bank',
  );
}

const STEPS = traceOf({ key: 'k' }, [
  { reply: 'Action: look', observation: 'You see.' },
  { reply: 'Thought: t.\nAction: open safe 1', observation: 'Open.' },
]).steps;

/** Goes to the safe only where the right script stands in the prompt; then the action costs -1, else -5. */
const believer: Conversation = {
  async reply({ messages }) {
    const knows = JSON.stringify(messages).includes('in the safe');
    const text = knows ? 'Thought: t.\nAction: open safe 1' : 'Thought: hm.\nAction: go to desk 1';
    return ok({ text, finish: 'stop', counters: NO_COUNTERS });
  },
  async score(messages, reply) {
    expect(reply).toBe('Thought: t.\nAction: open safe 1');
    expect(messages.at(-1)?.content).toBe('Observation: You see.');
    const knows = JSON.stringify(messages).includes('in the safe');
    const tokens = [
      { text: 'Thought: t.\n', logProbability: -0.5 },
      { text: 'Action:', logProbability: -0.25 },
      { text: ' open safe 1', logProbability: knows ? -1 : -5 },
      { text: '', logProbability: -0.125 },
    ];
    return ok({ tokens, logProbability: tokens.reduce((sum, token) => sum + token.logProbability, 0) });
  },
  async dispose() {},
};

async function why(recalled: Recalled, conversation = believer, steps = STEPS): Promise<Repeated[]> {
  const list: Repeated[] = [];
  for await (const repeated of repeatDecision(prepare(recalled), steps, conversation)) {
    if (!repeated.ok) throw new Error(repeated.error.code);
    list.push(repeated.value);
  }
  return list;
}

test('finds the memory that caused the action, and what would be done without it', async () => {
  const list = await why({ scripts: [script(0), script(1), script(2)], trajectory });
  expect(
    list.map(({ without }) =>
      'ids' in without ? without.ids[0] : 'id' in without ? without.id : without.kind,
    ),
  ).toEqual(['nothing', 'm2', 'm1', 'm0', 'r', 'everything']);
  expect(list.map(({ logProbability }) => logProbability)).toEqual([
    -1.875, -1.875, -5.875, -1.875, -1.875, -5.875,
  ]);
  expect(list.map(({ action }) => action)).toEqual([
    'open safe 1',
    'open safe 1',
    'go to desk 1',
    'open safe 1',
    'open safe 1',
    'go to desk 1',
  ]);
});

test('memories that say the same are left out together: one of them alone is never missed', async () => {
  const twin = { ...script(1), id: 'm1 again' };
  const list = await why({ scripts: [script(1), script(0), twin] });
  expect(list.map(({ without, action }) => ['ids' in without ? without.ids : without.kind, action])).toEqual([
    ['nothing', 'open safe 1'],
    [['m0'], 'open safe 1'],
    [['m1', 'm1 again'], 'go to desk 1'],
    ['everything', 'go to desk 1'],
  ]);
  const { header } = prepare({ scripts: [script(1), script(0), twin] });
  const report = await explainStep({ header, steps: STEPS, end: undefined }, 2, world, PLAYER, believer);
  expect(report.ok && report.value.parts[0]).toMatchObject({
    ids: ['m1', 'm1 again'],
    label: 'task 1, and 1 more that say the same',
  });
});

test('what a thought gives away already counts: the whole reply is scored, not its action alone', async () => {
  // Its thought names the place; after it the action follows by itself.
  const talker: Conversation = {
    ...believer,
    async score(messages) {
      const knows = JSON.stringify(messages).includes('in the safe');
      const tokens = [
        { text: 'Thought: the mug is in the safe.\n', logProbability: knows ? -0.25 : -8 },
        { text: 'Action: open safe 1', logProbability: 0 },
      ];
      return ok({ tokens, logProbability: tokens.reduce((sum, one) => sum + one.logProbability, 0) });
    },
  };
  const list = await why({ scripts: [script(1)] }, talker);
  expect(list.map(({ logProbability }) => logProbability)).toEqual([-0.25, -8]);
});

test('one memory is left out once, and without memories there is only the decision itself', async () => {
  expect((await why({ scripts: [script(1)] })).map(({ without }) => without.kind)).toEqual([
    'nothing',
    'script',
  ]);
  expect((await why({ scripts: [] })).map(({ without }) => without.kind)).toEqual(['nothing']);
});

test('refuses where there is no step, no score, or a device that fails', async () => {
  await expect(why({ scripts: [] }, believer, [])).rejects.toThrow('WHY_NO_STEP');
  await expect(why({ scripts: [] }, saying('x'))).rejects.toThrow('WHY_NO_SCORES');
  const lost: Conversation = {
    ...believer,
    score: async () => ({ ok: false, error: { code: 'DEVICE_LOST', message: '' } }),
  };
  await expect(why({ scripts: [script(1)] }, lost)).rejects.toThrow('DEVICE_LOST');
});

test('reads a trace: the memories in the order of the prompt, with what would be done without each', async () => {
  const { header } = prepare({ scripts: [script(0), script(1)], trajectory });
  const trace = { header, steps: STEPS, end: undefined };
  const progress: [number, number][] = [];
  const parts = [
    ['script', ['m0'], 'task 0', -1.875, 'open safe 1'],
    ['script', ['m1'], 'task 1', -5.875, 'go to desk 1'],
    ['trajectory', ['r'], 'the reference trajectory', -1.875, 'open safe 1'],
    ['all', [], 'every memory', -5.875, 'go to desk 1'],
  ] as const;
  const report = await explainStep(trace, 2, world, PLAYER, believer, (...at) => progress.push(at));
  expect(report).toEqual({
    ok: true,
    value: {
      step: 2,
      action: 'open safe 1',
      logProbability: -1.875,
      parts: parts.map(([kind, ids, label, logProbability, instead]) => ({
        ...{ kind, ids, label, logProbability, instead },
      })),
    },
  });
  expect(progress.at(-1)).toEqual([5, 5]);
  for (const none of [0, 3]) {
    expect(await explainStep(trace, none, world, PLAYER, believer)).toMatchObject({
      ok: false,
      error: { code: 'WHY_NO_STEP' },
    });
  }
});

test('weighs every step with its memories and without', async () => {
  const { header } = prepare({ scripts: [script(1)] });
  const trace = { header, steps: [STEPS[1] as TraceStep], end: undefined };
  const scored: Conversation = { ...believer, score: (messages, reply) => blind(messages, reply) };
  const blind: NonNullable<Conversation['score']> = async (messages) => {
    const logProbability = JSON.stringify(messages).includes('in the safe') ? -1 : -5;
    return ok({ tokens: [], logProbability });
  };
  const weighed = await weighSteps(trace, world, PLAYER, () => scored);
  expect(weighed).toEqual({ ok: true, value: [{ with: -1, without: -5 }] });
  const unable = await weighSteps(trace, world, PLAYER, () => saying('x'));
  expect(unable).toMatchObject({ ok: false, error: { code: 'WHY_NO_SCORES' } });
});
