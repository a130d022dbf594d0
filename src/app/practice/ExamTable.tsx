/** The paper's table on one's own chore: before and after practising, without and with memories, and what was forgotten. */
import { mean, wilsonInterval } from '../../base/statistics.ts';
import type { ExamCell, ExamReport } from '../../protocol/practice.ts';

export function ExamTable({ report }: { readonly report: ExamReport }) {
  const rows = [
    ['The chore, without memories', report.before, report.practised],
    ['The chore, with memories of the episodes', report.remembered, report.both],
    ['Ordinary tasks, without memories', report.ordinaryBefore, report.ordinaryAfter],
  ] as const;
  return (
    <div className="table-scroll">
      <table className="exam-table">
        <caption className="quiet">
          Homes that it wasn’t taught in: solved, its 95 % interval (Wilson), and mean steps. A lost game
          counts with all its steps.
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
    </div>
  );
}

function told({ solved, played, steps }: ExamCell): string {
  if (played === 0) return '…';
  const [low, high] = wilsonInterval(solved, played).map((share) => Math.round(100 * share));
  return `${solved} of ${played} (${low} to ${high} %), ${mean(steps).toFixed(1)} steps`;
}
