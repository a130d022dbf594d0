/** What a server was asked and what it costs. */
import type { Usage } from '../../teacher/trajectory.ts';

export const NO_USAGE: Usage = {
  requests: 0,
  retries: 0,
  unmetered: 0,
  tokensIn: 0,
  tokensOut: 0,
  seconds: 0,
};

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    retries: a.retries + b.retries,
    unmetered: a.unmetered + b.unmetered,
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    seconds: Number((a.seconds + b.seconds).toFixed(3)),
  };
}

/** Prices of a million tokens, in any currency. */
export interface Prices {
  readonly in: number;
  readonly out: number;
}

/** In the prices' currency, to a hundredth of a cent; undefined without prices. */
export function costOf({ tokensIn, tokensOut }: Usage, prices: Prices | undefined): number | undefined {
  if (prices === undefined) return undefined;
  return Number(((tokensIn * prices.in + tokensOut * prices.out) / 1e6).toFixed(4));
}
