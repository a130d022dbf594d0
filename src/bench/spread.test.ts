import { expect, test } from 'vitest';
import { spreadOf } from './spread.ts';

// numpy.percentile(x, [25, 50, 75]), its default method
test.each([
  [[7], { low: 7, median: 7, high: 7 }],
  [[3, 1], { low: 1.5, median: 2, high: 2.5 }],
  [[4, 1, 3, 2], { low: 1.75, median: 2.5, high: 3.25 }],
  [[10, 2, 38, 23, 38, 23, 21], { low: 15.5, median: 23, high: 30.5 }],
])('%j', (samples, spread) => {
  expect(spreadOf(samples)).toEqual(spread);
});

test('one slow repetition moves neither the median nor the quartiles', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toEqual(spreadOf([1, 2, 3, 4, 5000]));
});
