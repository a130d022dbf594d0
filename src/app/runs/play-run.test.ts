import { beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../agent/settings.ts';
import type { EpisodeListener, EpisodePlan } from '../../protocol/agent.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { type Activity, activities, inSight } from '../activities/activities.ts';
import { playRun } from './play-run.ts';

const calls = vi.hoisted((): string[] => []);
/** What the header told of while the teacher was at it. */
const unseen: Activity[] = [];
const FULL = 9;
/** Called while the teacher is at it. */
let meanwhile = (): void => {};

vi.mock('../worker-client.ts', () => ({
  onAgentLost: () => () => {},
  agent: () => ({
    countHome: async () => ({ ok: true, value: 0 }),
    learnHome: async (home: number, count: number) => {
      calls.push(`learn ${home}`);
      unseen.push(...activities.value.filter(({ id }) => !inSight.value.has(id)));
      meanwhile();
      if (home === FULL) return { ok: false, error: { code: 'STORAGE_FULL', message: 'Full.' } };
      return { ok: true, value: { solved: count, tried: count } };
    },
    stopLearning: async () => void calls.push('stop learning'),
    begin: async ({ source }: EpisodePlan, listen: EpisodeListener) => {
      if (source.kind === 'home') calls.push(`play ${source.home}`);
      listen({ kind: 'refused', refusal: { code: 'ENOUGH', message: 'Enough.' } });
      return { ok: true, value: 1 };
    },
    run: async () => {},
  }),
}));

beforeEach(() => {
  calls.length = 0;
  meanwhile = () => {};
});

function runOf(home: number, memory: 'none' | 'memp', past?: 'lived'): RunRecord {
  const source = { kind: 'home', home, task: 0 } as const;
  return {
    ...{ id: 'a', title: 'a run', student: 'pocket', results: [] },
    settings: { ...DEFAULT_SETTINGS, memory },
    games: [{ key: `home ${home}`, task: 'look', taskType: 'look', source }],
    ...(past && { past }),
  };
}

const played = async (run: RunRecord, signal = new AbortController().signal) => {
  await playRun(run, signal, async () => undefined);
  return calls.splice(0);
};

test('a home that was lived in gets its past before its game is played with memory, and only then', async () => {
  expect(await played(runOf(5, 'memp', 'lived'))).toEqual(['learn 5', 'play 5']);
  expect(await played(runOf(6, 'none', 'lived'))).toEqual(['play 6']);
  expect(await played(runOf(7, 'memp'))).toEqual(['play 7']);
  expect([unseen, activities.value, [...inSight.value]]).toEqual([[], [], []]);
});

test('who stops a run stops the teacher too, and the game waits', async () => {
  const stop = new AbortController();
  meanwhile = () => stop.abort();
  expect(await played(runOf(8, 'memp', 'lived'), stop.signal)).toEqual(['learn 8', 'stop learning']);
});

test("a past that can't be kept is said, and nothing is played without it", async () => {
  const { signal } = new AbortController();
  const refusal = await playRun(runOf(FULL, 'memp', 'lived'), signal, async () => undefined);
  expect(refusal).toMatchObject({ code: 'STORAGE_FULL' });
  expect(calls).toEqual([`learn ${FULL}`]);
});
