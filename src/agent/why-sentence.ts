/** The answer to why in one sentence: the same in the page and on the command line. */
import type { WhyPart, WhyReport } from './why.ts';

/** A reply that is less than so many times less probable is as good as the same. */
const NOTICEABLE = 1.5;

/** How many times less probable the reply is without a memory; below 1 where it would be more probable. */
export function timesLess({ logProbability }: WhyReport, part: WhyPart): number {
  return Math.exp(logProbability - part.logProbability);
}

/** `Because of “clean a mug”: without it the student would go to shelf 1 instead.` */
export function whySentence(report: WhyReport): string {
  const { action, parts } = report;
  const [strongest] = parts
    .filter(({ kind }) => kind !== 'all')
    .sort((a, b) => a.logProbability - b.logProbability);
  if (strongest === undefined) return 'No memory was in the prompt, so none can have been the cause.';
  const deciding = parts
    .filter(({ kind, instead }) => kind !== 'all' && instead !== action)
    .sort((a, b) => a.logProbability - b.logProbability)[0];
  if (deciding !== undefined) {
    return `Because of ${name(deciding)}: without it the student ${would(deciding)}.`;
  }
  const all = parts.find(({ kind }) => kind === 'all') ?? strongest;
  const times = timesLess(report, strongest);
  const most = times < NOTICEABLE ? '' : `; ${name(strongest)} counts most`;
  if (all.instead !== action) {
    return `Because of its memories together: without all of them the student ${would(all)}${most}.`;
  }
  const together = timesLess(report, all);
  if (times < NOTICEABLE && together >= NOTICEABLE) {
    return `The student would do the same without its memories, but together they make what it said ${formatTimes(together)} times as likely.`;
  }
  if (times < NOTICEABLE) {
    return 'Not because of any one memory: without it the student would do the same, and find its words about as likely.';
  }
  return `The student would do the same without its memories, but ${name(strongest)} makes what it said ${formatTimes(times)} times as likely.`;
}

/** `1.7`, `12`, `4,200` */
export function formatTimes(times: number): string {
  if (!(times < 1e6)) return 'over a million';
  return times < 10 ? times.toFixed(1) : Math.round(times).toLocaleString('en');
}

function name({ kind, label }: WhyPart): string {
  return kind === 'script' ? `“${label}”` : label;
}

function would({ instead }: WhyPart): string {
  return instead === '' ? 'would say nothing that the game understands' : `would ${instead} instead`;
}
