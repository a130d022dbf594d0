/** What the student's replies cost: tokens and time, of the latest step. */
import type { TraceStep } from '../../agent/trace.ts';
import { grouped, seconds } from './words.ts';

export function ReplyFigures({ steps }: { steps: readonly TraceStep[] }) {
  const last = steps.at(-1);
  if (last === undefined) return null;
  const { context, prefilled, reused, decoded, prefillMs, decodeMs } = last.counters;
  const total = steps.reduce((sum, { counters }) => sum + counters.prefillMs + counters.decodeMs, 0);
  const hasTokens = context > 0;
  const figures: readonly (readonly [string, string])[] = [
    [steps.length === 1 ? 'step' : 'steps', String(steps.length)],
    ...(hasTokens
      ? ([
          ['tokens in context', grouped(context)],
          ['prefilled', grouped(prefilled)],
          ['reused', grouped(reused)],
          ['decoded', grouped(decoded)],
          ['tokens a second', decodeMs > 0 ? grouped(Math.round((1000 * decoded) / decodeMs)) : '–'],
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
