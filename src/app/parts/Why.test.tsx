import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { WhyPart } from '../../agent/why.ts';
import { WhyAnswer } from './Why.tsx';

test("a memory's bar is as long as the probability that stands beside it", () => {
  const part = (label: string, probability: number): WhyPart => ({
    ...{ kind: 'script', ids: [label], label, instead: 'look' },
    logProbability: Math.log(probability),
  });
  const parts = [part('heat', 0.125), part('cool', 0.8), part('clean', 0.82)];
  const report = { step: 1, action: 'look', logProbability: Math.log(0.8), parts };
  const html = renderToStaticMarkup(<WhyAnswer report={report} />);
  const rows = html.matchAll(/style="width:([\d.]+)%"[^>]*>(?:<[^>]*>)*([\d.]+) %, ([^<]+)</g);
  expect([...rows].map(([, ...shown]) => shown)).toEqual([
    ['12.5', '12.5', '6.4 times less'],
    ['80.0', '80.0', 'as likely'],
    ['82.0', '82.0', 'as likely'],
  ]);
});
