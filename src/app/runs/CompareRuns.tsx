/** Two runs side by side: the difference by the games that both have played, with its interval and how it was made. */
import { compareRuns, type Difference, isClear } from '../../eval/compare-runs.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { inSentence, playerName, plural } from '../parts/words.ts';
import { memoryOf, whenOf } from './RunList.tsx';

/** The earlier one first. */
export function CompareRuns({ runs }: { runs: readonly [RunRecord, RunRecord] }) {
  const [first, second] = runs;
  const { games, solved, success, steps } = compareRuns(first.results, second.results);
  const [one, other] = namesOf(runs);
  return (
    <section className="panel compare-runs" aria-label="Two runs compared">
      <h2>
        {other} <span className="quiet">against</span> {one}
      </h2>
      {games === 0 ? (
        <p>
          These runs have no game in common, so they can't be compared. Draw the games of both with the same
          seed.
        </p>
      ) : (
        <>
          <dl className="differences">
            <div>
              <dt>Solved</dt>
              <dd>
                <b>{points(success.value)}</b> {interval(success, points)}
              </dd>
              <dd className="quiet">{verdict(success, 'more', 'fewer')}</dd>
            </div>
            <div>
              <dt>Steps a task</dt>
              <dd>
                <b>{signed(steps.value)}</b> {interval(steps, signed)}
              </dd>
              <dd className="quiet">{verdict(steps, 'more', 'fewer')}</dd>
            </div>
          </dl>
          <table className="agreement">
            <caption>Of {plural(games, 'game')} that both have played</caption>
            <tbody>
              <tr>
                <th scope="row">both solved</th>
                <td className="number">{solved.both}</td>
              </tr>
              <tr>
                <th scope="row">only {inSentence(one)}</th>
                <td className="number">{solved.first}</td>
              </tr>
              <tr>
                <th scope="row">only {inSentence(other)}</th>
                <td className="number">{solved.second}</td>
              </tr>
              <tr>
                <th scope="row">neither</th>
                <td className="number">{solved.neither}</td>
              </tr>
            </tbody>
          </table>
          <p className="quiet method">
            Paired by game, 95 % intervals: of the success rates Newcombe's score interval for paired
            proportions (1998, method 10); of the steps 2,000 bootstrap samples of the games. A game that
            wasn't solved counts with all its steps.
          </p>
        </>
      )}
    </section>
  );
}

/** What tells the two apart: who played or what was remembered, otherwise when it was. */
function namesOf(runs: readonly [RunRecord, RunRecord]): readonly [string, string] {
  const parts = [
    (run: RunRecord) => playerName(run.student, run.settings),
    (run: RunRecord) => memoryOf(run),
  ].filter((part) => part(runs[0]) !== part(runs[1]));
  const name = (run: RunRecord): string =>
    parts.length === 0 ? `the run of ${whenOf(run)}` : parts.map((part) => part(run)).join(', ');
  return [name(runs[0]), name(runs[1])];
}

function interval({ interval: [low, high] }: Difference, format: (value: number) => string): string {
  return `(${format(low)} to ${format(high)})`;
}

/** Percentage points with their sign. */
function points(share: number): string {
  return `${signed(100 * share)}\u00a0points`;
}

function signed(value: number): string {
  const rounded = Math.abs(value).toFixed(1);
  if (rounded === '0.0') return '0';
  return `${value > 0 ? '+' : '\u2212'}${rounded}`;
}

function verdict(difference: Difference, more: string, fewer: string): string {
  if (!isClear(difference)) return 'No clear difference: the interval includes 0.';
  return `Clearly ${difference.value > 0 ? more : fewer}: the interval excludes 0.`;
}
