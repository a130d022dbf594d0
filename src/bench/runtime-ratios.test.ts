import { expect, test } from 'vitest';
import { fakeRuntime, VOCABULARY } from '../testing/fake-runtime.ts';
import { compareRuntimes } from './runtime-ratios.ts';

/** A runtime that takes this many milliseconds a token, on a clock of its own making. */
function paced(clock: { ms: number }, each: number, log: string[], name: string) {
  const runtime = fakeRuntime(() => 1);
  return {
    ...runtime,
    empty: () => runtime.empty(),
    rewind: runtime.rewind.bind(runtime),
    release: runtime.release.bind(runtime),
    breathe: async () => {},
    dispose: async () => {},
    device: name,
    vocabulary: VOCABULARY,
    contextLimit: 4096,
    extend: (...[cache, tokens, rows]: Parameters<typeof runtime.extend>) => {
      clock.ms += each * tokens.length;
      if (log.at(-1) !== name) log.push(name);
      return runtime.extend(cache, tokens, rows);
    },
  };
}

test('measures runtimes by turns, and the first over each other', async () => {
  const clock = { ms: 0 };
  const log: string[] = [];
  const runtimes = new Map([
    ['fast', paced(clock, 1, log, 'fast')],
    ['slow', paced(clock, 4, log, 'slow')],
  ]);
  const measured = await compareRuntimes(
    runtimes,
    {
      contexts: [10],
      decode: 4,
      repetitions: 3,
      now: () => clock.ms,
      cost: (name) => ({ weightBytes: name === 'fast' ? 875 : 1875, kvBytesPerToken: 10 }),
      bandwidth: 2_000_000,
    },
    () => {},
  );
  // A token reads 875 or 1,875 bytes of weights, and on average 12.5 tokens of 10 bytes each.
  const at = (tokens: number, limit: number) => [
    { context: 10, prefill: tokens, decode: tokens, limit, share: tokens / limit },
  ];
  expect(measured).toEqual({
    ok: true,
    value: {
      runtimes: [
        { name: 'fast', speeds: at(1000, 2000) },
        { name: 'slow', speeds: at(250, 1000) },
      ],
      ratios: [{ context: 10, over: 'slow', prefill: 4, decode: 4 }],
    },
  });
  expect(log).toEqual(['fast', 'slow', 'fast', 'slow', 'fast', 'slow', 'fast', 'slow']);
});

test('a context that is too long ends it', async () => {
  const runtimes = new Map([['one', fakeRuntime(() => 1, 100)]]);
  const plan = { decode: 4, repetitions: 1, now: () => 0, bandwidth: 1 };
  const cost = () => ({ weightBytes: 1, kvBytesPerToken: 1 });
  const measured = await compareRuntimes(runtimes, { ...plan, cost, contexts: [98] }, () => {});
  expect(measured).toMatchObject({ ok: false, error: { code: 'CONTEXT_FULL' } });
});
