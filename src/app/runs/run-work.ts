/** The runs of this page: the one that is played goes on while other views are looked at. */
import { formatRefusal, ok, type Refusal } from '../../base/result.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { alone } from '../../storage/lock.ts';
import { runDeleted } from '../../storage/run-deleted.ts';
import { report, retire } from '../activities/activities.ts';
import { dataChanged } from '../data-changes.ts';
import { newest } from '../parts/newest.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { Store } from '../store.ts';
import { data } from '../worker-client.ts';
import { gamesLeft, playRun } from './play-run.ts';

/** The activity under which a run is listed; one is played at a time. */
export const RUN_ACTIVITY = 'run';

export interface Playing {
  readonly id: string;
  /** When it was begun or resumed, by the page's clock. */
  readonly since: number;
  /** Games that had been played by then. */
  readonly before: number;
}

export interface RunsState {
  /** Whether what is kept was read yet. */
  readonly read: boolean;
  readonly runs: readonly RunRecord[];
  readonly playing: Playing | undefined;
  readonly problem: Refusal | undefined;
  /** Runs and episodes that came with the page and were deleted. */
  readonly hidden: number;
}

export const runsState = new Store<RunsState>({
  read: false,
  runs: [],
  playing: undefined,
  problem: undefined,
  hidden: 0,
});

let stopping: AbortController | undefined;

/** Reads what is kept of the runs. The one that is being played is known better here. */
export const readRuns = newest(
  () => Promise.all([data().runs(), data().samples()]),
  ([kept, samples]) => {
    // What can't be read of either is said; the other is shown all the same.
    const read = kept.ok ? kept.value : [];
    const { runs, playing } = runsState.value;
    const own = runs.find(({ id }) => id === playing?.id);
    const problem = kept.ok ? (samples.ok ? undefined : samples.error) : kept.error;
    runsState.change({
      read: true,
      runs: [
        ...read.filter(({ id }) => id !== own?.id),
        ...(own === undefined ? [] : [own]),
        ...(samples.ok ? samples.value.runs : []),
      ],
      hidden: samples.ok ? samples.value.hidden : 0,
      ...(problem !== undefined && { problem }),
    });
  },
);

/** Brings back what came with the page. */
export async function showSamples(): Promise<void> {
  const shown = await data().showSamples();
  if (!shown.ok) setProblem(shown.error);
  await dataChanged();
}

/** Says what was wrong with something that was done to the runs. */
export function setProblem(problem: Refusal | undefined): void {
  runsState.change({ problem });
}

/** A run is played in one tab at a time, from what is kept of it: two would lose each other's results. */
export async function playHere(run: RunRecord): Promise<void> {
  if (stopping !== undefined) return;
  const stop = new AbortController();
  stopping = stop;
  runsState.change({ problem: undefined });
  const done = await alone(`duomem-run-${run.id}`, 'Another tab is playing this run.', async () => {
    const refused = await playKept(run, stop.signal);
    return refused === undefined ? ok(true) : { ok: false, error: refused };
  });
  const problem = done.ok ? undefined : done.error;
  stopping = undefined;
  runsState.change({ playing: undefined, problem });
  const played = runsState.value.runs.find(({ id }) => id === run.id) ?? run;
  if (stop.signal.aborted) retire(RUN_ACTIVITY);
  else tell(played, 'over', problem === undefined ? solved(played) : told(problem, played));
  // The list has it still.
  if (problem?.code === 'RUN_DELETED') await readRuns();
}

/** Stops the run that is being played; it can be resumed. */
export function stopRun(): void {
  stopping?.abort();
}

async function playKept(run: RunRecord, signal: AbortSignal): Promise<Refusal | undefined> {
  const kept = await data().runs();
  if (!kept.ok) return kept.error;
  let current = kept.value.find(({ id }) => id === run.id) ?? run;
  if (current === run) {
    // What is listed was kept: to save it again would bring its results back without their traces.
    if (runsState.value.runs.some(({ id }) => id === run.id)) return runDeleted(run.title).error;
    const saved = await data().saveRun(run);
    if (!saved.ok) return saved.error;
  }
  const update = (changed: RunRecord): void => {
    current = changed;
    runsState.change({ runs: [...runsState.value.runs.filter(({ id }) => id !== changed.id), changed] });
    tell(changed, 'running', `${changed.results.length} of ${plural(changed.games.length, 'game')}`);
  };
  runsState.change({ playing: { id: run.id, since: performance.now(), before: current.results.length } });
  update(current);
  return playRun(current, signal, async (result, trace) => {
    const saved = await data().addResult(run.id, result, trace);
    // To a person a run is its title.
    if (!saved.ok) return saved.error.code === 'RUN_DELETED' ? runDeleted(run.title).error : saved.error;
    update({ ...current, results: [...current.results, result] });
    return undefined;
  });
}

function tell({ title }: RunRecord, state: 'running' | 'over', status: string): void {
  const href = formatRoute('runs');
  report({ id: RUN_ACTIVITY, title, href, status, state, ...(state === 'running' && { stop: stopRun }) });
}

/** Beside the title, which needn't be said twice. */
function told(problem: Refusal, { title }: RunRecord): string {
  return problem.place === title ? problem.message : formatRefusal(problem);
}

function solved(run: RunRecord): string {
  const won = run.results.filter((result) => result.won).length;
  return gamesLeft(run).length > 0 ? 'stopped' : `${won} of ${plural(run.games.length, 'game')} solved`;
}
