import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { formatTrace } from '../agent/trace-file.ts';
import { unwrap } from '../base/result.ts';
import { episodeResult } from '../eval/result.ts';
import { traceOf } from '../testing/traces.ts';
import { bringBack, forgetDeletion } from './deletions.ts';
import { addResult, deleteRun, keptRuns, saveRun } from './runs.ts';
import { using } from './user-db.ts';

test("a result of a run that was deleted meanwhile is refused, and the run comes back as it was; once that can't be, too", async () => {
  const games = ['a', 'b'].map((key) => ({
    ...{ key, task: 'put a mug in shelf.', taskType: 'pick_and_place_simple' },
    source: { kind: 'home', home: 1, task: 0 } as const,
  }));
  const run = { id: '2026-11-01T10:00:00.000Z', title: 'two games', student: 'scripted' as const, games };
  unwrap(await saveRun({ ...run, settings: DEFAULT_SETTINGS, results: [] }));
  const add = (key: string) => {
    const trace = traceOf({ key }, [{ reply: 'act: look', observation: 'A mug.' }]);
    return addResult(run.id, episodeResult(trace), formatTrace(trace));
  };
  expect(await add('a')).toEqual({ ok: true, value: true });
  const first = unwrap(await deleteRun(run.id));
  const deleted = { ok: false, error: { code: 'RUN_DELETED', place: run.id } };
  expect(await add('b')).toMatchObject(deleted);
  expect(await bringBack(first ?? 0)).toEqual({ ok: true, value: true });
  expect(unwrap(await keptRuns())).toMatchObject([{ results: [{ game: 'a' }] }]);
  await forgetDeletion(unwrap(await deleteRun(run.id)) ?? 0);
  expect(await add('b')).toMatchObject(deleted);
  expect(await using((db) => db.count('traces'))).toEqual({ ok: true, value: 0 });
});
