/** The picture of results (src/bench/picture.ts), in the page's own colours. Every row says its value in words. */
import { formatValue } from '../../bench/figures.ts';
import { labelled, type PicturePanel, placeOn } from '../../bench/picture.ts';
import { sentence } from '../parts/words.ts';

interface PictureProps {
  readonly panels: readonly PicturePanel[];
  /** The device title of the run that was made here. */
  readonly own: string | undefined;
}

export function Picture({ panels, own }: PictureProps) {
  return (
    <div className="bench-picture">
      {panels.map((panel) => (
        <Panel key={panel.title} panel={panel} own={own} />
      ))}
    </div>
  );
}

function Panel({ panel, own }: { panel: PicturePanel; own: string | undefined }) {
  const { title, unit, rows, ticks, left } = panel;
  const x = (value: number): string => `${(100 * placeOn(ticks, value)).toFixed(2)}%`;
  return (
    <figure className="bench-panel">
      <figcaption>{sentence(title)}</figcaption>
      <ol>
        {rows.map(({ device, subject, spread, limit, text }) => (
          <li key={`${subject} ${device} ${text}`} className={device === own ? 'own' : undefined}>
            <span className="bench-name">
              {sentence(subject)} <span className="quiet">{device}</span>
            </span>
            <span className="bench-value">{text}</span>
            {/* What the line shows stands in the table as well. */}
            <svg className="bench-line" aria-hidden="true">
              {ticks.map((tick) => (
                <line key={tick} className="tick" x1={x(tick)} x2={x(tick)} y1="0" y2="100%" />
              ))}
              <line className="spread" x1={x(spread.low)} x2={x(spread.high)} y1="50%" y2="50%" />
              {limit !== undefined && (
                <line className="limit" x1={x(limit)} x2={x(limit)} y1="10%" y2="90%" />
              )}
              <circle cx={x(spread.median)} cy="50%" r="5" />
            </svg>
          </li>
        ))}
      </ol>
      <p className="bench-scale" aria-hidden="true">
        {labelled(ticks).map((tick) => (
          <span key={tick} style={{ left: x(tick), transform: `translateX(-${x(tick)})` }}>
            {formatValue(tick, unit)}
          </span>
        ))}
      </p>
      {left > 0 && <p className="quiet">{left} more aren't shown.</p>}
    </figure>
  );
}
