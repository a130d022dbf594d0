/** What runs in the browser for index.ts: the pocket student's runtimes as the Benchmark view opens them, by turns. */
import { unwrap } from '../../src/base/result.ts';
import { spreadOf } from '../../src/bench/spread.ts';
import { openMeasured } from '../../src/service/bench-students.ts';

export interface TurnsAt {
  readonly context: number;
  /** Tokens a second, medians: the kernels', and ONNX Runtime Web's. */
  readonly prefill: readonly [number, number];
  readonly decode: readonly [number, number];
}

/** @param repetitions one more warms up */
export async function byTurns({
  contexts,
  decode,
  repetitions,
}: {
  contexts: readonly number[];
  decode: number;
  repetitions: number;
}): Promise<readonly TurnsAt[]> {
  const now = (): number => performance.now();
  const open = async (subject: 'pocket/kernels' | 'pocket/wasm') => {
    const request = { subject, power: 'high-performance', selfTestTokens: 8 } as const;
    return unwrap(await openMeasured(new URL('./', location.href).href, request, now)).measured;
  };
  const students = [await open('pocket/kernels'), await open('pocket/wasm')];
  const measured: TurnsAt[] = [];
  for (const context of contexts) {
    const samples = students.map(() => ({ prefill: [] as number[], decode: [] as number[] }));
    for (let i = -1; i < repetitions; i++) {
      for (const [at, student] of students.entries()) {
        const speed = unwrap(await student.speed({ context, decode, count: false }));
        if (i < 0) continue;
        samples[at]?.prefill.push(speed.prefillTokens / speed.prefillSeconds);
        samples[at]?.decode.push(speed.decodeTokens / speed.decodeSeconds);
      }
    }
    const median = (of: 'prefill' | 'decode') =>
      samples.map((one) => spreadOf(one[of]).median) as [number, number];
    measured.push({ context, prefill: median('prefill'), decode: median('decode') });
  }
  return measured;
}
