import { beforeEach, describe, expect, it } from 'vitest';
import type { StudentKind, Trace } from '../agent/trace.ts';
import { unwrap } from '../base/result.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import type { MemoryStore } from '../memory/store.ts';
import { HOME_LIMIT } from '../memory/upkeep.ts';
import { SAMPLE_EMBEDDER, sampleEntry, sampleVector } from '../testing/sample.ts';
import { sampleEmbedder } from '../testing/sample-embedder.ts';
import { traceOf } from '../testing/traces.ts';
import { Games } from './games.ts';
import { learnEpisode, learnHome } from './learn.ts';

const embedder = sampleEmbedder();
const KITCHEN = 'home_7_h090_s000_r090_kitchen';
const keyOf = (object: string, task: number) =>
  `home/pick_and_place_simple-${object}-None-Shelf-7/trial_kitchen_h090_s000_r090_000${task}`;

/** An episode that found a thing in a place of home 7's kitchen. */
function solved(object: string, task: number, place: string, kind: StudentKind = 'pocket'): Trace {
  const thing = object.toLowerCase();
  const sentence = `put a ${thing} in shelf.`;
  const intro = `You are in the middle of a room. Looking quickly around you, you see a desk 1, a drawer 1 and a shelf 1.\n\nYour task is to: ${sentence}`;
  const said = [
    [
      'go to desk 1',
      `You arrive at desk 1. On the desk 1, you see ${place === 'desk 1' ? `a ${thing} 1` : 'nothing'}.`,
    ],
    [`go to ${place}`, `You arrive at ${place}. On the ${place}, you see a ${thing} 1.`],
    [`take ${thing} 1 from ${place}`, `You pick up the ${thing} 1 from the ${place}.`],
    ['go to shelf 1', 'You arrive at shelf 1. On the shelf 1, you see nothing.'],
    [`move ${thing} 1 to shelf 1`, `You move the ${thing} 1 to the shelf 1.`],
  ].map(([action, observation], i) => ({
    reply: `Thought: .\nAction: ${action}`,
    observation: observation as string,
    won: i === 4,
  }));
  const trace = traceOf({ key: keyOf(object, task), intro, task: sentence }, said);
  return { ...trace, header: { ...trace.header, student: { kind, name: kind } } };
}

describe('what is learnt while living in a home', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = createInMemoryStore();
  });
  const all = async () => unwrap(await store.all());
  const keep = async (trace: Trace) =>
    expect(await learnEpisode(trace, { store, embedder })).toMatchObject({ ok: true });

  it("is the home's, with a script by the teacher's rules, so that a search for the teacher's finds it", async () => {
    await keep(solved('Mug', 1, 'drawer 1'));
    await keep(solved('Book', 2, 'drawer 1', 'human'));
    expect(
      (await all()).map(({ home, provenance, script }) => [home, provenance.maker, script.guidelines]),
    ).toEqual([
      [KITCHEN, 'teacher', expect.stringContaining('In this home mug was in drawer 1.')],
      [KITCHEN, 'person', expect.stringContaining('In this home book was in drawer 1.')],
    ]);
  });

  it('takes the place of what was learnt from the same task, but not of what a person showed', async () => {
    await keep(solved('Mug', 1, 'drawer 1'));
    await keep(solved('Mug', 2, 'drawer 1', 'human'));
    await keep(solved('Mug', 3, 'drawer 1'));
    expect((await all()).map(({ provenance }) => [provenance.maker, provenance.game])).toEqual([
      ['person', keyOf('Mug', 2)],
      ['teacher', keyOf('Mug', 3)],
    ]);
  });

  it('corrects what older memories of the home say, and leaves other homes alone', async () => {
    const elsewhere = sampleEntry({
      id: 'elsewhere',
      home: 'home_8_h090_s000_r090_kitchen',
      task: 'put a mug in shelf.',
      script: { taskName: 'x', guidelines: 'In this home mug was on desk 1. Look there.' },
    });
    const here = { ...elsewhere, id: 'here', home: KITCHEN, task: 'cool a mug.' };
    for (const entry of [elsewhere, here])
      await store.write(entry, sampleVector(entry.task), SAMPLE_EMBEDDER);
    await keep(solved('Mug', 1, 'drawer 1'));
    const scripts = new Map((await all()).map(({ id, script }) => [id, script.guidelines]));
    expect(scripts.get('here')).toBe('Look there.');
    expect(scripts.get('elsewhere')).toBe(elsewhere.script.guidelines);
  });

  it('ages: the oldest goes when the home has as many as it may have', async () => {
    for (let i = 0; i < HOME_LIMIT; i++) {
      const entry = sampleEntry({ id: `older ${i}`, home: KITCHEN, task: `task ${i}` });
      await store.write(entry, sampleVector(entry.task), SAMPLE_EMBEDDER);
    }
    await keep(solved('Mug', 1, 'drawer 1'));
    const ids = (await all()).map(({ id }) => id);
    expect(ids).toHaveLength(HOME_LIMIT);
    expect(ids).not.toContain('older 0');
    expect(ids).toContain('older 1');
  });

  it('is kept fit too where the teacher shows a home: of a task that it does twice the newer memory stays', async () => {
    const signal = new AbortController().signal;
    const learnt = unwrap(await learnHome(new Games(), { store, embedder }, 4, 12, () => {}, signal));
    const kept = (await all()).map(({ home, task }) => `${home} ${task}`);
    expect(kept.length).toBeLessThan(learnt.solved);
    expect(new Set(kept).size).toBe(kept.length);
  });
});
