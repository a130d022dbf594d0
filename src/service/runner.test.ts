/** The buttons of an episode, without a worker around them. */
import { afterEach, expect, test, vi } from 'vitest';
import { NO_COUNTERS } from '../agent/conversation.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { formatTrace } from '../agent/trace-file.ts';
import { deferred } from '../base/deferred.ts';
import { ok, unwrap } from '../base/result.ts';
import type { EpisodeEvent, EpisodePlan } from '../protocol/agent.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import type { Student } from '../students/student.ts';
import { createAgent } from './agent.ts';
import type { OpenPocket } from './pocket-students.ts';

afterEach(() => vi.useRealTimers());

const SETTINGS = { ...DEFAULT_SETTINGS, memory: 'none' } as const;
const refused = async () => ({ ok: false, error: { code: 'NONE', message: 'not here' } }) as const;

function agentAlone(openPocket: OpenPocket = refused) {
  return createAgent({
    program: 'test',
    readImported: refused,
    openPocket,
    memory: { open: refused, index: refused, recall: refused, changed: () => {} },
  });
}

async function begin(student: 'scripted' | 'human', before: Pick<EpisodePlan, 'continueFrom' | 'from'> = {}) {
  const agent = agentAlone();
  const events: EpisodeEvent[] = [];
  const id = unwrap(
    await agent.begin(
      {
        source: { kind: 'home', home: 4, task: 1 },
        student,
        settings: SETTINGS,
        seed: 0,
        ...before,
      },
      (event) => events.push(event),
    ),
  );
  const kinds = (kind: EpisodeEvent['kind']): number => events.filter((event) => event.kind === kind).length;
  return { agent, id, events, kinds };
}

test('nothing happens before a button is pressed; a step is one step; a run goes to the end', async () => {
  const { agent, id, kinds } = await begin('scripted');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(kinds('step')).toBe(0);
  await agent.step(id);
  await vi.waitFor(() => expect(kinds('step')).toBe(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(kinds('step')).toBe(1);
  await agent.run(id, 0);
  await vi.waitFor(() => expect(kinds('end')).toBe(1));
});

test('a stop ends an episode that waits for a person, and counts no step', async () => {
  const { agent, id, events, kinds } = await begin('human');
  await agent.run(id, 0);
  await vi.waitFor(() => expect(kinds('asked')).toBe(1));
  await agent.stop(id);
  await vi.waitFor(() => expect(kinds('end')).toBe(1));
  expect(events.at(-1)).toMatchObject({ kind: 'end', end: { end: 'stopped', steps: 0 } });
});

test('of a reply that is being written the page is told now and then, not piece by piece', async () => {
  const text = 'Thought: I look.\nAction: look';
  const { promise: said, resolve: say } = deferred();
  const student: Student = {
    ...createScriptedStudent(() => 0),
    open: () => ({
      async reply(_, { onText } = {}) {
        for (const piece of text) onText?.(piece);
        await said;
        onText?.('.');
        return ok({ text, finish: 'stop', counters: NO_COUNTERS });
      },
      async dispose() {},
    }),
  };
  const never = new Promise<never>(() => {});
  const agent = agentAlone(async () => ok({ student, note: '', lost: never }));
  const events: EpisodeEvent[] = [];
  const plan = { source: { kind: 'home', home: 4, task: 1 }, settings: SETTINGS, seed: 0 } as const;
  const id = unwrap(await agent.begin({ ...plan, student: 'pocket' }, (event) => events.push(event)));
  await agent.step(id);
  await vi.waitFor(() => expect(events.at(-1)).toEqual({ kind: 'text', piece: text }));
  expect(events.map(({ kind }) => kind)).toEqual(['begun', 'text']);
  say();
  await vi.waitFor(() => expect(events.at(-1)?.kind).toBe('step'));
  // What was written last is in the step; told after it, it would stand there as the next reply.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(events.map(({ kind }) => kind)).toEqual(['begun', 'text', 'step']);
});

test('what a person does is done once', async () => {
  const { agent, id, kinds } = await begin('human');
  await agent.run(id, 0);
  await vi.waitFor(() => expect(kinds('asked')).toBe(1));
  await agent.act(id, 'look');
  await agent.act(id, 'inventory');
  await vi.waitFor(() => expect(kinds('asked')).toBe(2));
  expect(kinds('step')).toBe(1);
  await agent.stop(id);
});

test("an episode that broke off goes on from its steps and ends as if it hadn't", async () => {
  const whole = await begin('scripted');
  await whole.agent.run(whole.id, 0);
  await vi.waitFor(() => expect(whole.kinds('end')).toBe(1));
  const { header, steps } = traceOf(whole.events);
  const rest = await begin('scripted', { continueFrom: { header, steps: steps.slice(0, 3) } });
  await rest.agent.run(rest.id, 0);
  await vi.waitFor(() => expect(rest.kinds('end')).toBe(1));
  const later = rest.events.flatMap((event) => (event.kind === 'step' ? [event] : []));
  expect(later.map(({ step }) => step.action)).toEqual(steps.slice(3).map(({ action }) => action));
  expect(later.at(-1)?.goal.every(({ holds }) => holds)).toBe(true);
});

test('an episode that goes on keeps the memories that it had, and is refused where the game or the student is another', async () => {
  const { events } = await begin('scripted');
  const [begun] = events;
  if (begun?.kind !== 'begun') throw new Error("it didn't begin");
  const script = { taskName: 'put a mug in shelf', guidelines: 'The mug was in cabinet 3.' };
  const header = {
    ...begun.header,
    memory: {
      scripts: [{ id: 'shipped:1', similarity: 0.9, ownHome: false, script }],
      bank: 'official',
      dropped: { scripts: 0, trajectory: false },
    },
    settings: { ...SETTINGS, memory: 'script' as const },
  };
  const agent = agentAlone();
  const heard: EpisodeEvent[] = [];
  const goOn = (of: typeof header) =>
    agent.begin(
      {
        source: { kind: 'home', home: 4, task: 1 },
        student: 'scripted',
        settings: header.settings,
        seed: 0,
        continueFrom: { header: of, steps: [] },
      },
      (event) => heard.push(event),
    );
  // The memory of this agent can't be opened at all: it isn't asked.
  expect(await goOn(header)).toMatchObject({ ok: true });
  expect(heard[0]).toMatchObject({ kind: 'begun', header: { memory: header.memory } });
  const otherGame = { ...header, game: { ...header.game, sha256: '0' } };
  const otherStudent = { ...header, student: { ...header.student, weights: '0' } };
  for (const other of [otherGame, otherStudent]) {
    expect(await goOn(other)).toMatchObject({ ok: false, error: { code: 'EPISODE_OTHER' } });
  }
});

test("a branch goes on from the steps of another player, plays again as a whole, and refuses what isn't of its game", async () => {
  const first = await begin('human');
  await first.agent.run(first.id, 0);
  for (const [i, action] of ['look', 'go to the moon', 'inventory'].entries()) {
    await vi.waitFor(() => expect(first.kinds('asked')).toBe(i + 1));
    await first.agent.act(first.id, action);
  }
  await vi.waitFor(() => expect(first.kinds('step')).toBe(3));
  const played = traceOf(first.events);
  const steps = played.steps.slice(0, 2);
  const branch = await begin('scripted', { from: { ...played, steps } });
  await branch.agent.run(branch.id, 0);
  await vi.waitFor(() => expect(branch.kinds('end')).toBe(1));
  const { header, steps: own, end } = traceOf(branch.events);
  expect(header).toMatchObject({
    student: { kind: 'scripted' },
    branch: { steps: 2, student: { kind: 'human' } },
  });
  expect(own[0]?.step).toBe(3);
  expect(end).toMatchObject({ end: 'won', steps: 2 + own.length });
  const text = formatTrace({ header, steps: [...steps, ...own], end });
  const replayed = await branch.agent.replay(text);
  expect(replayed).toMatchObject({ ok: true, value: { mismatches: [] } });

  // A reload goes on with it as with any other.
  const again = await begin('scripted', {
    from: { ...played, steps },
    continueFrom: { header, steps: [...steps, ...own.slice(0, 1)] },
  });
  await again.agent.run(again.id, 0);
  await vi.waitFor(() => expect(again.kinds('end')).toBe(1));
  expect(traceOf(again.events).header.branch).toEqual(header.branch);

  const refuses = async (from: EpisodePlan['from'], code: string) => {
    const plan = {
      source: { kind: 'home', home: 4, task: 1 },
      student: 'scripted',
      settings: SETTINGS,
    } as const;
    const begun = await agentAlone().begin({ ...plan, seed: 0, ...(from && { from }) }, () => {});
    expect(begun).toMatchObject({ ok: false, error: { code } });
  };
  const forged = steps.map((step) => ({ ...step, observation: 'You see a golden mug.' }));
  await refuses({ ...played, steps: forged }, 'BRANCH_OTHER');
  const game = { ...played.header.game, sha256: '0' };
  await refuses({ steps, header: { ...played.header, game } }, 'BRANCH_OTHER');
  await refuses({ header, steps: [...steps, ...own] }, 'BRANCH_OVER');
  await refuses({ header, steps: [] }, 'BRANCH_OVER');
});

/** What an episode's events tell, as its trace. */
function traceOf(events: readonly EpisodeEvent[]) {
  const header = events.flatMap((event) => (event.kind === 'begun' ? [event.header] : []))[0];
  if (header === undefined) throw new Error("it didn't begin");
  return {
    header,
    steps: events.flatMap((event) => (event.kind === 'step' ? [event.step] : [])),
    end: events.flatMap((event) => (event.kind === 'end' ? [event.end] : []))[0],
  };
}
