/** The loss of a practice, batch by batch: what is learnt, and the old skills that are practised along. */
import type { PracticeStep } from '../../students/practice/practice.ts';

const [WIDTH, HEIGHT] = [320, 90];
/** Losses beyond are drawn at the edge: 5 nats is a guess, a thousandth is by heart. */
const [LEAST, MOST] = [0.001, 5];

export function LossCurve({
  steps,
  total,
}: {
  readonly steps: readonly PracticeStep[];
  readonly total: number;
}) {
  const last = steps.at(-1);
  const at = (i: number, loss: number): string => {
    const share = Math.log(Math.min(MOST, Math.max(LEAST, loss)) / LEAST) / Math.log(MOST / LEAST);
    return `${((i + 0.5) / Math.max(1, total)) * WIDTH},${HEIGHT - 2 - share * (HEIGHT - 4)}`;
  };
  const line = (of: (step: PracticeStep) => number): string =>
    steps.flatMap((step, i) => (Number.isFinite(of(step)) ? [at(i, of(step))] : [])).join(' ');
  const now =
    last === undefined ? 'no batch yet' : `${last.loss.toFixed(3)}, of old skills ${last.oldLoss.toFixed(3)}`;
  return (
    <figure className="loss-curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Loss: ${now}`}>
        <polyline className="old" points={line(({ oldLoss }) => oldLoss)} />
        <polyline points={line(({ loss }) => loss)} />
      </svg>
      <figcaption className="quiet">
        Loss in nats per token, on a logarithmic scale: {now}. The thin line is what it could do before.
      </figcaption>
    </figure>
  );
}
