/** Who holds the pocket student while another device is chosen, and how measuring and learning are stopped. */
import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { ok, unwrap } from '../base/result.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import type { EpisodeEvent } from '../protocol/agent.ts';
import { createScriptedStudent } from '../students/scripted.ts';
import type { Student } from '../students/student.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { createAgent } from './agent.ts';
import type { DeviceWish } from './device-choice.ts';

const SETTINGS = { ...DEFAULT_SETTINGS, memory: 'none' } as const;
const PLAN = {
  source: { kind: 'home', home: 4, task: 1 },
  student: 'pocket',
  settings: SETTINGS,
  seed: 0,
} as const;
const never = new Promise<never>(() => {});

/** An agent whose pocket student is one that needs no model; `freed` lists the devices whose student was freed. */
function agentWith(student: () => Student = () => createScriptedStudent(() => 0)) {
  const opened: DeviceWish[] = [];
  const freed: DeviceWish[] = [];
  const store = createInMemoryStore();
  const agent = createAgent({
    program: 'test',
    readImported: () => never,
    openPocket: async (wish) => {
      opened.push(wish);
      const dispose = async (): Promise<void> => void freed.push(wish);
      return ok({ student: { ...student(), dispose }, note: '', lost: never });
    },
    memory: {
      open: async () => ok({ store, embedder: sampleEmbedder() }),
      index: () => never,
      recall: () => never,
      changed: () => {},
    },
  });
  return { agent, opened, freed, store };
}

test('a student whose device is changed plays its episode to the end, and is freed then', async () => {
  const { agent, opened, freed } = agentWith();
  const ends: EpisodeEvent[] = [];
  const begin = () => agent.begin(PLAN, (event) => void (event.kind === 'end' && ends.push(event)));
  const [first, second] = [unwrap(await begin()), unwrap(await begin())];
  await agent.chooseDevice('pocket', 'wasm');
  expect(freed).toEqual([]);
  const third = unwrap(await begin());
  expect(opened).toEqual(['auto', 'wasm']);
  await agent.run(first, 0);
  await vi.waitFor(() => expect(ends).toMatchObject([{ end: { end: 'won' } }]));
  expect(freed).toEqual([]);
  await agent.stop(second);
  await vi.waitFor(() => expect(freed).toEqual(['auto']));
  await agent.run(third, 0);
  await vi.waitFor(() => expect(ends).toHaveLength(3));
  expect(freed).toEqual(['auto']);
  // Nobody has it: it is freed at once, and once.
  await agent.chooseDevice('pocket', 'webgpu');
  expect(freed).toEqual(['auto', 'wasm']);
});

test('measuring is stopped at once, also where the model never answers', async () => {
  const deaf: Student = {
    ...createScriptedStudent(() => 0),
    open: () => ({ reply: () => never, dispose: async () => {} }),
  };
  const { agent } = agentWith(() => deaf);
  const measured = agent.measure('pocket');
  await agent.stopMeasuring();
  expect(await measured).toMatchObject({ ok: false, error: { code: 'MEASURING_STOPPED' } });
});

test('the teacher stops after the task that is under way, and what was learnt is kept', async () => {
  const { agent, store } = agentWith();
  const learnt = await agent.learnHome(7, 10, ({ tried }) => void (tried === 2 && agent.stopLearning()));
  expect(learnt).toMatchObject({ ok: true, value: { tried: 2 } });
  const kept = await store.all();
  expect(kept).toMatchObject({ ok: true, value: { length: learnt.ok ? learnt.value.solved : -1 } });
  // It can be begun again.
  expect(await agent.learnHome(7, 3, () => {})).toMatchObject({ ok: true, value: { tried: 3 } });
});
