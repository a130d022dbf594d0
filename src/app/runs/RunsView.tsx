/** Runs: a set of games, each played once; a row a run, two of them compared, one of them opened. */
import '../styles/runs.css';
import { useEffect, useRef } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { useInSight } from '../activities/activities.ts';
import { dataVersion } from '../data-changes.ts';
import { LinkButton } from '../parts/Button.tsx';
import { useStore } from '../store.ts';
import { go } from '../use-route.ts';
import { CompareRuns } from './CompareRuns.tsx';
import { NewRun } from './NewRun.tsx';
import { RunList } from './RunList.tsx';
import { RunPanel } from './RunPanel.tsx';
import { playHere, RUN_ACTIVITY, readRuns, runsState, showSamples } from './run-work.ts';
import { askedFor, comparedIn, openIn, runsParams } from './runs-route.ts';

export function RunsView({ params }: { params: URLSearchParams }) {
  const { read, runs, playing, problem, hidden } = useStore(runsState);
  useInSight(RUN_ACTIVITY);
  const version = useStore(dataVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was changed is looked at again
  useEffect(() => void readRuns(), [version]);

  const sorted = [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
  const open = openIn(params, sorted, playing?.id);
  // Of one that was here and is deleted nobody has to be told.
  const arrivedFor = useRef(params.get('run'));
  if (askedFor(params, sorted) !== undefined || params.get('run') === playing?.id) arrivedFor.current = null;
  const missing = arrivedFor.current !== null && params.get('run') === arrivedFor.current;
  const compared = comparedIn(params, sorted);
  const [later, earlier] = compared;
  const set = params.get('set');
  const look = (id: string | undefined, ids: readonly string[]): void => go('runs', runsParams(set, id, ids));
  return (
    <div className="runs">
      <h1>Runs</h1>
      <p className="lead">
        A run plays each of a set of games once and counts what was solved. Two runs of the same games show
        what made the difference.
      </p>
      <NewRun
        set={set}
        busy={playing !== undefined}
        onStart={(run) => {
          look(run.id, []);
          void playHere(run);
        }}
      />
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {sorted.length === 0 ? (
        <p className="quiet">{read ? 'No run yet.' : 'Opening the runs …'}</p>
      ) : (
        <RunList
          runs={sorted}
          open={open?.id}
          compared={compared.map(({ id }) => id)}
          onOpen={(id) =>
            look(
              id,
              compared.map((run) => run.id),
            )
          }
          onCompare={(id, on) => {
            const others = compared.map((run) => run.id).filter((one) => one !== id);
            look(open?.id, on ? [...others.slice(-1), id] : others);
          }}
        />
      )}
      {hidden > 0 && (
        <p>
          <LinkButton onClick={() => void showSamples()}>Restore what came with this page</LinkButton>
        </p>
      )}
      {later !== undefined && earlier !== undefined && <CompareRuns runs={[earlier, later]} />}
      {read && missing && (
        <p className="notice">
          The run that this address names isn't on this device.{open !== undefined && ' This is another one.'}
        </p>
      )}
      {open !== undefined && <RunPanel key={open.id} run={open} playing={playing} />}
    </div>
  );
}
