/** The figures of one run, by what they were measured on. */
import {
  FIGURES,
  type Figure,
  figureTitle,
  formatValue,
  SUBJECT_NAMES,
  SUBJECTS,
} from '../../bench/figures.ts';
import { limitWords } from '../../bench/limit.ts';
import { spreadOf } from '../../bench/spread.ts';
import { sentence } from '../parts/words.ts';

export function ResultTable({ figures }: { figures: readonly Figure[] }) {
  const subjects = SUBJECT_NAMES.filter((subject) => figures.some((figure) => figure.subject === subject));
  return (
    // A table that is wider than a phone is pushed along; a keyboard must be able to as well.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="scroll" aria-label="Figures" tabIndex={0}>
      <table className="bench-table">
        <thead>
          <tr>
            <th>Figure</th>
            <th>Median</th>
            <th>Quartiles</th>
            <th>Limit</th>
            <th>Share</th>
            <th>Limited by</th>
          </tr>
        </thead>
        {subjects.map((subject) => (
          <tbody key={subject}>
            <tr>
              <th colSpan={6} scope="rowgroup" className="bench-subject">
                {sentence(SUBJECTS[subject].title)}
              </th>
            </tr>
            {figures
              .filter((figure) => figure.subject === subject)
              .map((figure) => (
                <Row key={`${figure.name} ${figure.context}`} figure={figure} all={figures} />
              ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Row({ figure, all }: { figure: Figure; all: readonly Figure[] }) {
  const { unit } = FIGURES[figure.name];
  const { low, median, high } = spreadOf(figure.samples);
  const { limit, share, binds } = limitWords(figure, all);
  return (
    <tr>
      <td>{sentence(figureTitle(figure))}</td>
      <td>{formatValue(median, unit)}</td>
      <td>{low === high ? '' : `${formatValue(low, unit)} – ${formatValue(high, unit)}`}</td>
      <td>{limit}</td>
      <td>{share}</td>
      <td>{binds}</td>
    </tr>
  );
}
