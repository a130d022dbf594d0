/** What is read from a row of logits. */

/** The token with the greatest logit, the first of equals; undefined where one isn't a number. */
export function argmax(logits: Float32Array): number | undefined {
  let best = 0;
  let value = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] as number;
    if (logit > value) {
      best = i;
      value = logit;
    } else if (Number.isNaN(logit)) return undefined;
  }
  return value === Number.NEGATIVE_INFINITY ? undefined : best;
}

/** Tokens by their logits, the greatest first. */
export function byLogit(logits: Float32Array): number[] {
  return Array.from(logits.keys()).sort((a, b) => (logits[b] as number) - (logits[a] as number));
}

/** Natural logarithm of a token's probability; NaN where a logit isn't a number. */
export function logProbability(logits: Float32Array, token: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) largest = Math.max(largest, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return (logits[token] as number) - largest - Math.log(sum);
}
