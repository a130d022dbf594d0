/** Two runs side by side: the difference by the games that both have played, with its interval and how it was made. */
import { compareRuns, type Difference, isClear } from '../../eval/compare-runs.ts';
import type { RunRecord } from '../../protocol/data.ts';
import { playerName, plural } from '../parts/words.ts';
import { memoryOf, whenOf } from './RunList.tsx';

/** The earlier one first. */
export function CompareRuns({ runs }: { runs: readonly [RunRecord, RunRecord] }) {
  const [first, second] = runs;
  const { games, solved, success, steps } = compareRuns(first.results, second.results);
  const [one, other] = namesOf(runs);
  const agreement = [
    ['solved in both', solved.both],
    [`only in “${one}”`, solved.first],
    [`only in “${other}”`, solved.second],
    ['in neither', solved.neither],
  ] as const;
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
            <DifferenceIn name="Solved" difference={success} format={points} />
            <DifferenceIn name="Steps a task" difference={steps} format={signed} />
          </dl>
          <table className="agreement">
            <caption>Of {plural(games, 'game')} that both have played</caption>
            <tbody>
              {agreement.map(([name, count]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="number">{count}</td>
                </tr>
              ))}
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

interface DifferenceInProps {
  readonly name: string;
  readonly difference: Difference;
  readonly format: (value: number) => string;
}

function DifferenceIn({ name, difference, format }: DifferenceInProps) {
  const [low, high] = difference.interval;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{format(difference.value)}</b> {`(${format(low)} to ${format(high)})`}
      </dd>
      <dd className="quiet">{verdict(difference)}</dd>
    </div>
  );
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

function verdict(difference: Difference): string {
  if (!isClear(difference)) return 'No clear difference: the interval includes 0.';
  return `Clearly ${difference.value > 0 ? 'more' : 'fewer'}: the interval excludes 0.`;
}
