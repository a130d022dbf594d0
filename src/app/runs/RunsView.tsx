/** Runs: a set of games, each played once; the figures with their intervals, beside the paper's. */
import { useEffect } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { useInSight } from '../activities/activities.ts';
import { deleteKept } from '../activities/undo.ts';
import { dataVersion } from '../data-changes.ts';
import { MEMORY_NAMES, playerName, plural, quoted } from '../parts/words.ts';
import { useStore } from '../store.ts';
import { data } from '../worker-client.ts';
import { NewRun } from './NewRun.tsx';
import { gamesLeft } from './play-run.ts';
import { RunTable } from './RunTable.tsx';
import { type Playing, play, RUN_ACTIVITY, readRuns, runsState, setProblem, stopRun } from './run-work.ts';

export function RunsView({ params }: { params: URLSearchParams }) {
  const { runs, playing, problem } = useStore(runsState);
  useInSight(RUN_ACTIVITY);
  const version = useStore(dataVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was changed is looked at again
  useEffect(() => void readRuns(), [version]);

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
              <button type="button" onClick={stopRun}>
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
              <button type="button" className="link" onClick={() => void deleteRun(run)}>
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

async function deleteRun({ id, title }: RunRecord): Promise<void> {
  setProblem(await deleteKept(`the run ${quoted(title)}`, data().deleteRun(id)));
}

function Left({ run, playing }: { run: RunRecord; playing: Playing }) {
  const done = run.results.length - playing.before;
  if (done === 0) return null;
  const each = (performance.now() - playing.since) / done;
  const left = (each * (run.games.length - run.results.length)) / 1000;
  return <span>about {left < 60 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`} left</span>;
}
