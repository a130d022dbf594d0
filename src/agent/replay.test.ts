import { beforeAll, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { PLAYER, replies, saying } from '../testing/players.ts';
import { smallWorld } from '../testing/small-game.ts';
import { playEpisode, prepareEpisode } from './episode.ts';
import { replayTrace } from './replay.ts';
import { ANY_REPLIES, DEFAULT_SETTINGS, type EpisodeSettings } from './settings.ts';
import type { Trace, TraceStep } from './trace.ts';

const world = smallWorld();
let trace: Trace;

/** Plays the world's walkthrough after a reply. */
async function played(first: string, settings: Partial<EpisodeSettings> = {}): Promise<Trace> {
  const prepared = unwrap(
    await prepareEpisode({
      world,
      game: { key: 'k', sha256: '', taskType: 't' },
      player: PLAYER,
      settings: { ...DEFAULT_SETTINGS, ...settings, memory: 'none' },
      recall: undefined,
      seed: '',
      program: 'test',
    }),
  );
  const steps: TraceStep[] = [];
  const junk = [first, ...replies(world.walkthrough ?? [])];
  for await (const record of playEpisode(prepared, saying(...junk))) {
    if (record.kind === 'step') steps.push(record);
  }
  return { header: prepared.header, steps, end: undefined };
}

beforeAll(async () => {
  trace = await played('Thought: no action');
});

test('a trace is replayed by the rule for replies that it was played by', async () => {
  const other = 'Thought 1: I look.\nAction 1: look';
  const [strict, any] = [await played(other), await played(other, ANY_REPLIES)];
  expect([strict, any].map(({ steps }) => steps[0]?.action)).toEqual(['', 'look']);
  expect(replayTrace(strict, world)).toEqual([]);
  expect(replayTrace(any, world)).toEqual([]);
  const { replies: _, ...settings } = any.header.settings;
  expect(replayTrace({ ...any, header: { ...any.header, settings } }, world)).toMatchObject([
    { step: 1, what: 'thought' },
    { step: 1, what: 'action' },
    { step: 1, what: 'outcome' },
  ]);
});

test('a true trace replays without a difference', () => {
  expect(trace.steps.length).toBeGreaterThan(4);
  expect(replayTrace(trace, world)).toEqual([]);
});

test.each([
  ['intro', 0, { header: { intro: 'another room' } }],
  ['task', 0, { header: { task: 'another task' } }],
  ['observation', 2, { observation: 'You see a dragon.' }],
  ['won', 2, { won: true }],
  ['thought', 2, { thought: 'another thought' }],
  ['outcome', 2, { outcome: 'junk' }],
] as const)('a changed %s is found', (what, at, change) => {
  const changed: Trace =
    'header' in change
      ? { ...trace, header: { ...trace.header, ...change.header } }
      : { ...trace, steps: trace.steps.map((step) => (step.step === at ? { ...step, ...change } : step)) };
  expect(replayTrace(changed, world)).toMatchObject([{ step: at, what }]);
});

test('a changed action is found where it is read from the reply, and in what follows from it', () => {
  const steps = trace.steps.map((step) => (step.step === 2 ? { ...step, action: 'look' } : step));
  const found = replayTrace({ ...trace, steps }, world).map(({ step, what }) => `${step} ${what}`);
  expect(found.slice(0, 2)).toEqual(['2 action', '2 observation']);
  expect(found.length).toBeGreaterThan(2);
});
