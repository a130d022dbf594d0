/** A run is kept by every tab's page: what another tab does to it is told in this one. */
import { beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../agent/settings.ts';
import { ok, type Result } from '../../base/result.ts';
import type { EpisodeListener } from '../../protocol/agent.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { runDeleted } from '../../storage/run-deleted.ts';
import { traceOf } from '../../testing/traces.ts';
import { activities } from '../activities/activities.ts';
import { playHere, readRuns, runsState } from './run-work.ts';

/** What is kept of the runs; other tabs change it. */
const kept = new Map<string, RunRecord>();
/** Called when a game ends, with how many have ended. */
let meanwhile = (_games: number): void => {};
let played = 0;

vi.mock('../worker-client.ts', () => ({
  onAgentLost: () => () => {},
  agent: () => ({
    begin: async (_: unknown, listen: EpisodeListener) => {
      const { header, steps, end } = traceOf({ key: `game ${played++}` }, []);
      listen({ kind: 'begun', header } as never);
      for (const step of steps) listen({ kind: 'step', step } as never);
      meanwhile(played);
      listen({ kind: 'end', end } as never);
      return ok(played);
    },
    run: async () => {},
  }),
  data: () => ({
    runs: async () => ok([...kept.values()]),
    samples: async () => ok({ runs: [], episodes: [], hidden: 0 }),
    saveRun: async (run: RunRecord) => ok(void kept.set(run.id, run)),
    addResult: async (id: string, result: RunRecord['results'][number]): Promise<Result<true>> => {
      const run = kept.get(id);
      if (run === undefined) return runDeleted(id);
      kept.set(id, { ...run, results: [...run.results, result] });
      return ok(true);
    },
  }),
}));

const RUN: RunRecord = {
  ...{ id: '2026-11-01T10:00:00.000Z', title: '3 games', student: 'scripted', results: [] },
  settings: { ...DEFAULT_SETTINGS, memory: 'none' },
  games: [0, 1, 2].map((task) => ({
    ...{ key: `game ${task}`, task: 'look', taskType: 'look' },
    source: { kind: 'home', home: 1, task },
  })),
};
const DELETED = { code: 'RUN_DELETED', place: '3 games' };

beforeEach(() => {
  kept.clear();
  played = 0;
  meanwhile = () => {};
  runsState.change({ runs: [], playing: undefined, problem: undefined });
});

test('a run that is deleted in another tab stops at the next result, says so, and is listed no more', async () => {
  meanwhile = (games) => games === 2 && kept.clear();
  await playHere(RUN);
  expect(played).toBe(2);
  expect(runsState.value).toMatchObject({ runs: [], playing: undefined, problem: DELETED });
  expect(activities.value.map(({ state, status }) => [state, status])).toEqual([
    ['over', expect.stringMatching(/^This run was deleted/)],
  ]);
});

test("one that was deleted in another tab isn't kept anew by resuming it here", async () => {
  kept.set(RUN.id, RUN);
  await readRuns();
  kept.clear();
  await playHere(RUN);
  expect([played, kept.size]).toEqual([0, 0]);
  expect(runsState.value).toMatchObject({ runs: [], playing: undefined, problem: DELETED });
});

test('an undeleted one is played to its end', async () => {
  await playHere(RUN);
  expect(kept.get(RUN.id)?.results.map(({ game }) => game)).toEqual(['game 0', 'game 1', 'game 2']);
  expect(runsState.value).toMatchObject({ runs: [{ id: RUN.id }], playing: undefined, problem: undefined });
});
