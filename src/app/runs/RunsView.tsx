/** Runs: a set of games, each played once; the figures with their intervals, beside the paper's. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { Refusal } from '../../engine/index.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { MEMORY_NAMES, playerName, plural } from '../parts/words.ts';
import { data } from '../worker-client.ts';
import { NewRun } from './NewRun.tsx';
import { gamesLeft, playRun } from './play-run.ts';
import { RunTable } from './RunTable.tsx';

export function RunsView({ params }: { params: URLSearchParams }) {
  const [runs, setRuns] = useState<readonly RunRecord[]>([]);
  const [problem, setProblem] = useState<Refusal>();
  /** The run that is being played, and how to stop it. */
  const [playing, setPlaying] = useState<{
    readonly id: string;
    readonly since: number;
    readonly before: number;
  }>();
  const stopping = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    void data()
      .runs()
      .then((kept) => (kept.ok ? setRuns(kept.value) : setProblem(kept.error)));
    return () => stopping.current?.abort();
  }, []);

  const playAlone = useCallback(async (run: RunRecord): Promise<void> => {
    const stop = new AbortController();
    stopping.current = stop;
    setProblem(undefined);
    setPlaying({ id: run.id, since: performance.now(), before: run.results.length });
    let current = run;
    const update = (changed: RunRecord): void => {
      current = changed;
      setRuns((all) => [...all.filter(({ id }) => id !== changed.id), changed]);
    };
    update(run);
    const refusal = await playRun(run, stop.signal, async (result, trace) => {
      const saved = await data().addResult(run.id, result, trace);
      if (!saved.ok) return saved.error;
      update({ ...current, results: [...current.results, result] });
      return undefined;
    });
    stopping.current = undefined;
    setPlaying(undefined);
    setProblem(refusal);
  }, []);

  /** A run is played in one tab at a time, from what is kept of it: two would lose each other's results. */
  const play = useCallback(
    (run: RunRecord): Promise<void> =>
      inOneTab(`duomem-run-${run.id}`, async (alone) => {
        if (!alone) {
          setProblem({ code: 'RUN_ELSEWHERE', message: 'Another tab is playing this run.' });
          return;
        }
        const kept = await data().runs();
        const latest = kept.ok ? kept.value.find(({ id }) => id === run.id) : undefined;
        if (latest === undefined) {
          const saved = await data().saveRun(run);
          if (!saved.ok) {
            setProblem(saved.error);
            return;
          }
        }
        await playAlone(latest ?? run);
      }),
    [playAlone],
  );

  const sorted = [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
  return (
    <div className="runs">
      <h1>Runs</h1>
      <NewRun set={params.get('set')} busy={playing !== undefined} onStart={(run) => void play(run)} />
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {sorted.length === 0 && (
        <p className="quiet">No run yet. A run plays each game of a set once and counts what was solved.</p>
      )}
      {sorted.map((run) => (
        <section key={run.id} className="panel run" aria-label={run.title}>
          <h2>{run.title}</h2>
          <p className="quiet">
            {playerName(run.student, run.settings)}, {MEMORY_NAMES[run.settings.memory]}
            {run.settings.memory === 'none' ? '' : `, k = ${run.settings.k}`}, {run.settings.maxSteps} steps
            at most.
          </p>
          <p className="row" role="status">
            <progress max={run.games.length} value={run.results.length} aria-label="Games played" />
            {run.results.length} of {plural(run.games.length, 'game')}
            {playing?.id === run.id && <Left run={run} playing={playing} />}
            {playing?.id === run.id ? (
              <button type="button" onClick={() => stopping.current?.abort()}>
                Stop
              </button>
            ) : (
              gamesLeft(run).length > 0 && (
                <button type="button" disabled={playing !== undefined} onClick={() => void play(run)}>
                  Resume
                </button>
              )
            )}
            {playing?.id !== run.id && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  void data()
                    .deleteRun(run.id)
                    .then((deleted) => {
                      if (deleted.ok) setRuns((all) => all.filter(({ id }) => id !== run.id));
                      else setProblem(deleted.error);
                    });
                }}
              >
                Delete
              </button>
            )}
          </p>
          {run.results.length > 0 && <RunTable run={run} />}
        </section>
      ))}
    </div>
  );
}

/** Does something if no other tab does the same; tells whether it may. */
async function inOneTab(name: string, work: (alone: boolean) => Promise<void>): Promise<void> {
  // Without a secure address there are no locks; then nobody is kept out.
  if (navigator.locks === undefined) return work(true);
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => work(lock !== null));
}

function Left({
  run,
  playing,
}: {
  run: RunRecord;
  playing: { readonly since: number; readonly before: number };
}) {
  const done = run.results.length - playing.before;
  if (done === 0) return null;
  const each = (performance.now() - playing.since) / done;
  const left = (each * (run.games.length - run.results.length)) / 1000;
  return <span>about {left < 60 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`} left</span>;
}
