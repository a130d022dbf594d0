/** How an episode ended, in a sentence. */
import type { TraceEnd } from '../../agent/trace.ts';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import { plural, seconds } from './words.ts';

export function Ending({ end, refusal }: { end: TraceEnd | undefined; refusal: Refusal | undefined }) {
  if (refusal !== undefined) return <p className="notice bad">{formatRefusal(refusal)}</p>;
  if (end === undefined) return null;
  const steps = plural(end.steps, 'step');
  switch (end.end) {
    case 'won':
      return (
        <p className="notice good">
          <b>Solved</b> in {steps}
          {end.ms >= 1 && `, ${seconds(end.ms)} of thinking`}.
        </p>
      );
    case 'limit':
      return (
        <p className="notice">
          <b>Not solved:</b> all {steps} are used.
        </p>
      );
    case 'stopped':
      return <p className="notice">Stopped after {steps}.</p>;
    case 'failed':
      return (
        <p className="notice bad">
          <b>Broke off</b> after {steps}. {end.refusal === undefined ? '' : formatRefusal(end.refusal)}
        </p>
      );
  }
}
