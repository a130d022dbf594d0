/** What speaks for and against a model on this device, before a byte is fetched. */
import type { PreflightCard, Verdict } from '../../weights/preflight.ts';

const ORDER: readonly Verdict[] = ['refused', 'warning', 'fine'];
const WORDS: Readonly<Record<Verdict, string>> = { fine: 'Good', warning: 'Note', refused: 'Not here' };

export function Preflight({ card }: { card: PreflightCard | undefined }) {
  if (card === undefined) return <p className="quiet">Looking at this device …</p>;
  if (card.findings.length === 0) return null;
  return (
    <ul className="findings" aria-label="Whether it runs on this device">
      {card.findings
        .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
        .map(({ code, verdict, message }) => (
          <li key={code} className={verdict}>
            <span className="verdict">{WORDS[verdict]}</span>
            <span>{message}</span>
          </li>
        ))}
    </ul>
  );
}
