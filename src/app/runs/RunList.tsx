/** Every run in a row: when, what, who, with which memory, what came of it; two of them can be compared. */
import { interval, percent } from '../../eval/run-export.ts';
import { summarise } from '../../eval/summary.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { LinkButton } from '../parts/Button.tsx';
import { MEMORY_NAMES, playerName } from '../parts/words.ts';

export interface RunListProps {
  /** The latest first. */
  readonly runs: readonly RunRecord[];
  readonly open: string | undefined;
  readonly compared: readonly string[];
  readonly onOpen: (id: string) => void;
  readonly onCompare: (id: string, on: boolean) => void;
}

export function RunList({ runs, open, compared, onOpen, onCompare }: RunListProps) {
  return (
    <table className="run-list" aria-label="All runs">
      <thead>
        <tr>
          <th>Compare</th>
          <th>When</th>
          <th>What</th>
          <th>Who played</th>
          <th>Memory</th>
          <th className="number">Solved</th>
          <th className="number">95 % interval</th>
          <th className="number">Steps</th>
          <th className="number">Seconds a task</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id} className={run.id === open ? 'current' : ''}>
            <td className="run-pick">
              <label>
                <input
                  type="checkbox"
                  checked={compared.includes(run.id)}
                  disabled={run.results.length === 0}
                  onChange={(event) => onCompare(run.id, event.target.checked)}
                />
                <span className="hidden">
                  Compare {run.title}, {playerName(run.student, run.settings)}, {memoryOf(run)}, {whenOf(run)}
                </span>
              </label>
            </td>
            <td className="run-when">{whenOf(run)}</td>
            <td className="run-what">
              <LinkButton aria-expanded={run.id === open} onClick={() => onOpen(run.id)}>
                {run.title}
              </LinkButton>
              {run.shipped === true && <span className="quiet"> came with this page</span>}
            </td>
            <td className="run-who">{playerName(run.student, run.settings)}</td>
            <td className="run-memory">{memoryOf(run)}</td>
            <Figures run={run} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figures({ run: { results, games } }: { run: RunRecord }) {
  if (results.length === 0)
    return (
      <td colSpan={4} className="quiet">
        not played yet
      </td>
    );
  const summary = summarise(results);
  const { solved, episodes, successRate, meanSteps, secondsPerTask } = summary;
  return (
    <>
      <td className="number run-solved" data-label="Solved">
        {percent(successRate).replace(' ', '\u00a0')}{' '}
        <span className="quiet">
          ({solved} of {episodes}
          {episodes < games.length && `, ${games.length - episodes} left`})
        </span>
      </td>
      <td className="number" data-label="95 % interval">
        {interval(summary)}
      </td>
      <td className="number" data-label="Steps">
        {meanSteps.toFixed(1)}
      </td>
      <td className="number" data-label="Seconds a task">
        {secondsPerTask.toFixed(2)}
      </td>
    </>
  );
}

/** `Plans and an example (MemP), k = 10`. */
export function memoryOf({ settings: { memory, k } }: RunRecord): string {
  return `${MEMORY_NAMES[memory]}${memory === 'script' || memory === 'memp' ? `, k\u00a0=\u00a0${k}` : ''}`;
}

/** When a run was begun: its id says it. */
export function whenOf({ id }: RunRecord): string {
  const at = new Date(id);
  if (Number.isNaN(at.getTime())) return '';
  return at.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}
