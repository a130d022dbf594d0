/** The results that people contributed (bench/results), built into the page. */
import { type BenchResult, parseBench } from '../../bench/bench-file.ts';

const FILES = import.meta.glob<string>('../../../bench/results/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** A test holds that all of them can be read; one that can't is left out. */
export function collectedResults(): BenchResult[] {
  return Object.values(FILES).flatMap((content) => {
    const result = parseBench(content);
    return result.ok ? [result.value] : [];
  });
}
