/** Reading ahead, counted in tokens: what an episode computes of its opening when somebody has looked at it before. */
import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { deferred } from '../base/deferred.ts';
import { ok, unwrap } from '../base/result.ts';
import type { EpisodeEvent } from '../protocol/agent.ts';
import { CHUNK } from '../students/pocket/cached-context.ts';
import { createPocketStudent } from '../students/pocket/session.ts';
import { CHARACTER_TOKENS, fakeRuntime, saysInTurn } from '../testing/fake-runtime.ts';
import { createAgent } from './agent.ts';

const plan = (task: number, model?: string) =>
  ({
    source: { kind: 'home', home: 4, task },
    student: 'pocket',
    settings: { ...DEFAULT_SETTINGS, memory: 'none' },
    seed: 0,
    ...(model && { model }),
  }) as const;
const never = new Promise<never>(() => {});
const SAYS = 'Thought: hm\nAction: look';

function agentWith() {
  const runtimes: ReturnType<typeof fakeRuntime>[] = [];
  const agent = createAgent({
    program: 'test',
    readImported: () => never,
    openPocket: async () => {
      const runtime = fakeRuntime(saysInTurn([SAYS]));
      runtimes.push(runtime);
      const identity = { name: 'fake' };
      const student = createPocketStudent({ identity, runtime, tokenizer: CHARACTER_TOKENS, clock: () => 0 });
      return ok({ student, note: '', lost: never });
    },
    memory: { open: () => never, index: () => never, recall: () => never, changed: () => {} },
  });
  /** What the first step of an episode counts, which then is stopped. */
  const firstStep = async (task: number) => {
    const events: EpisodeEvent[] = [];
    const id = unwrap(await agent.begin(plan(task), (event) => events.push(event)));
    await agent.step(id);
    const step = await vi.waitFor(() => events.find((event) => event.kind === 'step') ?? expect.fail());
    await agent.stop(id);
    await vi.waitFor(() => expect(events.at(-1)?.kind).toBe('end'));
    if (step.kind !== 'step') throw new Error('no step');
    expect(step.step.reply).toBe(SAYS);
    return step.step.counters;
  };
  return { agent, runtimes, firstStep };
}

test('an episode that was read before it began computes one token of its opening, not all of them', async () => {
  const { agent, runtimes, firstStep } = agentWith();
  const fresh = await firstStep(1);
  expect(fresh).toMatchObject({ reused: 0, prefilled: fresh.context });
  expect(await agent.readAhead(plan(1))).toBe(true);
  expect(await firstStep(1)).toMatchObject({ reused: fresh.context - 1, prefilled: 1 });
  // What was read is used up.
  expect(await firstStep(1)).toMatchObject({ prefilled: fresh.context });
  expect([...(runtimes[0]?.open ?? [])]).toEqual([]);
});

test('another episode than the one that was read takes what they have in common, and says what it would say', async () => {
  const { agent, firstStep } = agentWith();
  expect(await agent.readAhead(plan(1))).toBe(true);
  expect(await agent.readAhead(plan(2))).toBe(true);
  const { context, prefilled, reused } = await firstStep(1);
  expect(prefilled).toBeGreaterThan(1);
  expect(reused).toBeGreaterThan(0);
  expect(prefilled + reused).toBe(context);
});

test('an episode that begins ends the reading and goes on with the part that was read', async () => {
  const { agent, runtimes, firstStep } = agentWith();
  await agent.warmUp('pocket', false);
  const [runtime] = runtimes;
  if (runtime === undefined) throw new Error("it wasn't opened");
  const { promise: computed, resolve } = deferred();
  runtime.computing = () => computed;
  const reading = agent.readAhead(plan(1));
  await vi.waitFor(() => expect(runtime.open.size).toBe(1));
  const stepping = firstStep(1);
  // The piece that is being read ends; no other one is begun for it.
  resolve();
  expect(await reading).toBe(false);
  const { prefilled, reused, context } = await stepping;
  expect({ prefilled, reused }).toEqual({ prefilled: context - CHUNK, reused: CHUNK });
  expect(runtime.computed.slice(0, 2)).toEqual([CHUNK, CHUNK]);
});

test('what nobody looks at any more is not read to its end; what was read is forgotten with its student', async () => {
  const { agent, runtimes, firstStep } = agentWith();
  const reading = agent.readAhead(plan(1));
  await agent.stopReadingAhead();
  expect(await reading).toBe(false);
  expect(await agent.readAhead(plan(1))).toBe(true);
  // Freed at once, though it has read: nobody plays with it.
  await agent.chooseDevice('pocket', 'wasm');
  await vi.waitFor(() => expect(() => runtimes[0]?.extend(runtimes[0].empty(), [1], 1)).rejects.toThrow());
  expect(await firstStep(1)).toMatchObject({ reused: 0 });
  expect(runtimes).toHaveLength(2);
});
