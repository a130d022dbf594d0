/** The paper's table on one's own chore: before and after practising, without and with memories, and what was forgotten. */
import { mean, wilsonInterval } from '../../base/statistics.ts';
import type { ExamCell, ExamReport } from '../../protocol/practice.ts';

export function ExamTable({ report }: { readonly report: ExamReport }) {
  const rows = [
    ['The chore, without memories', report.before, report.practised],
    ['The chore, with memories of the episodes', report.remembered, report.both],
    ['Ordinary tasks, without memories', report.ordinaryBefore, report.ordinaryAfter],
  ] as const;
  const over = rows.every(([, before, after]) => before.played > 0 && before.played === after.played);
  return (
    <>
      {over && (
        <p>
          In homes that it wasn't taught in it does the chore without a memory in its prompt in{' '}
          <b>{solved(report.practised)}</b>, before in {solved(report.before)}. Of ordinary tasks it solves{' '}
          {solved(report.ordinaryAfter)}, before {solved(report.ordinaryBefore)}.
        </p>
      )}
      <table className="exam-table">
        <caption className="quiet">
          Solved, the 95 % interval (Wilson), and mean steps; a lost game counts with all its steps.
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Before</th>
            <th scope="col">After practising</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, before, after]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{told(before)}</td>
              <td>{told(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function solved(cell: ExamCell): string {
  return `${cell.solved} of ${cell.played}`;
}

function told(cell: ExamCell) {
  if (cell.played === 0) return '…';
  const [low, high] = wilsonInterval(cell.solved, cell.played).map((share) => Math.round(100 * share));
  return (
    <>
      <b>{solved(cell)}</b>
      <span>
        {low} to {high} %
      </span>
      <span>{mean(cell.steps).toFixed(1)} steps</span>
    </>
  );
}
