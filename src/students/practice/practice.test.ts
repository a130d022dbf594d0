import { expect, test } from 'vitest';
import { Trainer } from '../../kernels/trainer.ts';
import { readTokenizer } from '../../testing/model-files.ts';
import { randomTokens, randomWeights } from '../../testing/random-model.ts';
import { lessonSequence } from './lesson.ts';
import { oldSequences, oldSkill } from './old-skills.ts';
import { DEFAULT_PRACTICE, Practice, type PracticeSettings } from './practice.ts';

const DIMENSIONS = {
  ...{ vocabulary: 40, hidden: 16, feedForward: 24, layers: 2, heads: 2, kvHeads: 1, headSize: 8 },
  ...{ ropeTheta: 1e4, normEpsilon: 1e-6, contextLimit: 64 },
};
const SETTINGS: PracticeSettings = {
  ...DEFAULT_PRACTICE,
  rank: 2,
  alpha: 4,
  rate: 0.01,
  steps: 5,
  batch: 2,
  old: 1,
};

const openTrainer = (): Promise<Trainer> =>
  Trainer.create(DIMENSIONS, randomWeights('practice', DIMENSIONS, { norms: true, tied: true }), SETTINGS, {
    longest: 30,
    build: 'simd',
  });
const sequence = (name: string) => ({ tokens: randomTokens(name, 20, 40), learnt: [3, 7, 8, 19] });
const LESSONS = ['a', 'b', 'c'].map(sequence);
const old = async (index: number) => sequence(`old ${index}`);
const turn = async (): Promise<void> => {};

test('a run that was cut off goes on as if it never had been', async () => {
  const whole = new Practice(await openTrainer(), LESSONS, old, SETTINGS);
  const losses: number[] = [];
  while (!whole.over) losses.push((await whole.step(turn)).loss);

  const first = new Practice(await openTrainer(), LESSONS, old, SETTINGS);
  for (let i = 0; i < 2; i++) await first.step(turn);
  const kept = structuredClone(first.state);
  const second = new Practice(await openTrainer(), LESSONS, old, SETTINGS, kept);
  expect(second.done).toBe(2);
  const rest: number[] = [];
  while (!second.over) rest.push((await second.step(turn)).loss);
  expect(rest).toEqual(losses.slice(2));
  expect(second.adapter).toEqual(whole.adapter);
});

test('every lesson has its turn, and old skills stand among them', async () => {
  const asked: number[] = [];
  const practice = new Practice(
    await openTrainer(),
    LESSONS,
    (index) => {
      asked.push(index);
      return old(index);
    },
    { ...SETTINGS, batch: 3, steps: 2 },
  );
  const step = await practice.step(turn);
  expect(step).toMatchObject({ step: 1, tokens: 80 });
  expect(step.oldLoss).toBeGreaterThan(0);
  await practice.step(turn);
  expect(asked).toEqual([0, 1]);
});

test('of an episode the replies are learnt, and not those that did nothing', () => {
  const words = readTokenizer();
  const steps = [
    { thought: 'I look.', action: 'go to shelf 1', observation: 'On the shelf 1, you see a mug 1.' },
    { thought: 'Again.', action: 'go to shelf 1', observation: 'Nothing happens.' },
    { thought: 'There.', action: 'take mug 1 from shelf 1', observation: 'You pick up the mug 1.' },
  ];
  const { tokens, learnt } = lessonSequence({ intro: 'Your task is to: take mug.', steps }, words);
  const said = learnt.map((at) => tokens[at] as number);
  const reply = (i: number): number[] => {
    const { thought, action } = steps[i] as (typeof steps)[number];
    return [...words.encode(`Thought: ${thought}\nAction: ${action}`), words.turnEnd];
  };
  expect(said).toEqual([...reply(0), ...reply(2)]);
  // As it is asked for at play.
  const prompt = tokens.slice(0, learnt[0]);
  const start = words.encodeChat([], true);
  expect(prompt.slice(-start.length)).toEqual(start);
});

test('old skills are the same each time, and short enough', async () => {
  const [first, again] = [await oldSkill(2), await oldSkill(2)];
  expect(first.ok && first.value?.steps.length).toBeGreaterThan(0);
  expect(first).toEqual(again);
  const get = oldSequences(readTokenizer(), 400);
  const some = [await get(0), await get(1)];
  expect(Math.max(...some.map(({ tokens }) => tokens.length))).toBeLessThanOrEqual(400);
});
