/** What the student's replies cost: tokens and time, of the latest step. */
import type { TraceStep } from '../../agent/trace.ts';
import { seconds } from './words.ts';

export function Figures({ steps }: { steps: readonly TraceStep[] }) {
  const last = steps.at(-1);
  if (last === undefined) return null;
  const { context, prefilled, reused, decoded, prefillMs, decodeMs } = last.counters;
  const total = steps.reduce((sum, { counters }) => sum + counters.prefillMs + counters.decodeMs, 0);
  const hasTokens = context > 0;
  const figures: readonly (readonly [string, string])[] = [
    [steps.length === 1 ? 'step' : 'steps', String(steps.length)],
    ...(hasTokens
      ? ([
          ['tokens in context', context.toLocaleString('en')],
          ['prefilled', prefilled.toLocaleString('en')],
          ['reused', reused.toLocaleString('en')],
          ['decoded', decoded.toLocaleString('en')],
          [
            'tokens a second',
            decodeMs > 0 ? Math.round((1000 * decoded) / decodeMs).toLocaleString('en') : '–',
          ],
          ['this step', seconds(prefillMs + decodeMs)],
        ] as const)
      : []),
    ['a step', seconds(total / steps.length)],
  ];
  return (
    <dl className="figures" aria-label="Figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
