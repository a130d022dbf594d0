import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { sampleBank, sampleEntry, sampleVector } from '../testing/sample.ts';
import { packBank } from './bank.ts';
import type { MemoryEntry } from './entry.ts';
import { referenceTrajectory } from './reference.ts';
import { OTHER_HOME, retrieve } from './retrieve.ts';
import { SearchIndex } from './search-index.ts';
import { packVectors } from './vectors.ts';

const indexOf = (entries: readonly MemoryEntry[]): SearchIndex =>
  new SearchIndex(packBank(sampleBank('bank', entries)));

/** n entries over few tasks, scripts and homes, so that ties and repetitions are common. */
function manyEntries(n: number, seed: number): MemoryEntry[] {
  const random = new Random(seed);
  return Array.from({ length: n }, (_, i) => {
    const id = `e${i}`;
    const task = `task ${random.int(9)}`;
    const steps = Array.from({ length: random.int(4) }, () => ({
      thought: '',
      action: 'look',
      observation: '',
    }));
    return sampleEntry({
      id,
      task,
      taskType: `type ${random.int(3)}`,
      ...(random.chance(0.3) ? { home: `home ${random.int(2)}` } : {}),
      script: { taskName: task, guidelines: `script ${random.int(30)}` },
      trajectory: { intro: '', steps },
      provenance: {
        maker: random.pick(['teacher', 'student']),
        name: 'x',
        game: `train/t/${random.int(20)}`,
        seed: 0,
      },
    });
  });
}

const cosineTo = (query: Float32Array) => {
  const index = new Map<string, number>();
  return (task: string): number => {
    const known =
      index.get(task) ??
      indexOf([sampleEntry({ id: 'x', task })])
        .compare(query)
        .similarity(0);
    index.set(task, known);
    return known;
  };
};

/** What an entry counts for a player whose home nobody knows. */
const countsFor = (entry: MemoryEntry, cosine: (task: string) => number): number =>
  entry.home === undefined ? cosine(entry.task) : cosine(entry.task) - OTHER_HOME;

const question = fc.record({
  n: fc.nat(60),
  seed: fc.nat(),
  task: fc.nat(11).map((i) => `task ${i}`),
  k: fc.integer({ min: 1, max: 12 }),
  home: fc.option(
    fc.nat(2).map((i) => `home ${i}`),
    { nil: undefined },
  ),
  game: fc.option(
    fc.nat(20).map((i) => `elsewhere/t/${i}/game.tw-pddl`),
    { nil: undefined },
  ),
  makers: fc.option(fc.constant(['teacher'] as const), { nil: undefined }),
});

describe('retrieval', () => {
  it('without a home is what sorting everything would give', () => {
    fc.assert(
      fc.property(question, ({ n, seed, task, k, game, makers }) => {
        const entries = manyEntries(n, seed);
        const query = sampleVector(task);
        const cosine = cosineTo(query);
        const seen = new Set<string>();
        const expected = entries
          .map((entry, i) => ({ entry, i, similarity: cosine(entry.task), counts: countsFor(entry, cosine) }))
          .sort(
            (a, b) =>
              b.counts - a.counts || Number('home' in a.entry) - Number('home' in b.entry) || a.i - b.i,
          )
          .filter(
            ({ entry }) =>
              game === undefined || `elsewhere/t/${entry.provenance.game.slice(8)}/game.tw-pddl` !== game,
          )
          .filter(({ entry }) => makers === undefined || entry.provenance.maker === 'teacher')
          .filter(({ entry }) => !seen.has(entry.script.guidelines) && seen.add(entry.script.guidelines))
          .slice(0, k);
        const hits = retrieve(indexOf(entries), query, { k, game, makers });
        expect(hits.map((hit) => hit.id)).toEqual(expected.map(({ entry }) => entry.id));
        hits.forEach((hit, i) => {
          expect(hit.similarity).toBe(expected[i]?.similarity);
        });
      }),
    );
  });

  it('keeps up to half of the places, and the first ones, for the own home', () => {
    fc.assert(
      fc.property(question, ({ n, seed, task, k, game, makers, home }) => {
        const entries = manyEntries(n, seed);
        const index = indexOf(entries);
        const query = sampleVector(task);
        const hits = retrieve(index, query, { k, game, makers, home });
        const homeOf = (id: string) => entries.find((entry) => entry.id === id)?.home;
        expect(hits.map((hit) => hit.ownHome)).toEqual(
          hits.map((hit) => home !== undefined && homeOf(hit.id) === home),
        );
        const own = retrieve(indexOf(entries.filter((entry) => entry.home === home)), query, {
          k,
          game,
          makers,
        });
        const kept = Math.min(own.length, Math.ceil(k / 2));
        if (home !== undefined) expect(hits.slice(0, kept).every((hit) => hit.ownHome)).toBe(true);
        const rest = hits
          .slice(home === undefined ? 0 : kept)
          .map((hit) => hit.similarity - (homeOf(hit.id) === undefined || hit.ownHome ? 0 : OTHER_HOME));
        expect(rest).toEqual([...rest].sort((a, b) => b - a));
      }),
    );
  });

  it('prefers the newest of equally near memories of the own home, the first of others', () => {
    const ids = (home?: string) =>
      retrieve(indexOf(['a', 'b', 'c'].map((id) => sampleEntry({ id, home: 'home 1' }))), sampleVector('x'), {
        k: 2,
        home,
      }).map((hit) => hit.id);
    expect(ids('home 1')).toEqual(['c', 'a']);
    expect(ids()).toEqual(['a', 'b']);
  });

  it("keeps the bank's order among entries of different tasks that are equally near", () => {
    const entries = ['x', 'y', 'x', 'y', 'z'].map((task, i) => sampleEntry({ id: `${i}`, task }));
    const same = sampleVector('same');
    const vectors = packVectors([same, same, same], 8);
    const index = new SearchIndex(packBank({ ...sampleBank('bank', entries), vectors }));
    expect(retrieve(index, same, { k: 5 }).map((hit) => hit.id)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('puts what another home knows behind what is nearly as near', () => {
    const entries = ['other home', 'near', 'far'].map((id, i) =>
      sampleEntry({ id, task: id, ...(i === 0 ? { home: 'home 2' } : {}) }),
    );
    const at = (cosine: number) => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine), 0, 0, 0, 0, 0, 0);
    const vectors = packVectors([at(1), at(0.9), at(0.7)], 8);
    const index = new SearchIndex(packBank({ ...sampleBank('bank', entries), vectors }));
    const ids = (home: string) => retrieve(index, at(1), { k: 3, home }).map((hit) => hit.id);
    expect(ids('home 1')).toEqual(['near', 'other home', 'far']);
    expect(ids('home 2')).toEqual(['other home', 'near', 'far']);
  });

  it('never returns what was made from the game that is played, wherever its set lies', () => {
    const entry = sampleEntry({ id: 'a' });
    const played = { k: 5, game: 'json_2.1.1/train/a/trial_1/game.tw-pddl' };
    expect(retrieve(indexOf([entry]), sampleVector('x'), played)).toEqual([]);
    expect(referenceTrajectory(indexOf([entry]), sampleVector('x'), played)).toBeUndefined();
  });

  it('takes scripts that differ in spacing, case and punctuation only once', () => {
    const written = (id: string, guidelines: string) =>
      sampleEntry({ id, script: { taskName: 'x', guidelines } });
    const index = indexOf([
      written('a', 'Look on the desk 1.'),
      written('b', 'look on  the desk 1'),
      written('c', 'Look on the desk 2.'),
    ]);
    expect(retrieve(index, sampleVector('x'), { k: 5 }).map((hit) => hit.id)).toEqual(['a', 'c']);
  });

  it('of an empty bank is empty', () => {
    expect(retrieve(indexOf([]), sampleVector('x'), { k: 5, home: 'home 1' })).toEqual([]);
    expect(referenceTrajectory(indexOf([]), sampleVector('x'))).toBeUndefined();
  });
});

describe('the reference trajectory', () => {
  const steps = (n: number) => ({
    intro: '',
    steps: Array.from({ length: n }, () => ({ thought: '', action: 'look', observation: '' })),
  });

  it('is the shortest of the nearest tasks of the type, not an empty one', () => {
    const index = indexOf([
      sampleEntry({ id: 'far', task: 'far', trajectory: steps(1) }),
      sampleEntry({ id: 'long', task: 'near', trajectory: steps(9) }),
      sampleEntry({ id: 'empty', task: 'near', trajectory: steps(0) }),
      sampleEntry({ id: 'short', task: 'near', trajectory: steps(4) }),
      sampleEntry({ id: 'short too', task: 'near', trajectory: steps(4) }),
      sampleEntry({ id: 'other type', task: 'near', taskType: 'look_at_obj_in_light', trajectory: steps(2) }),
    ]);
    const id = (options = {}) => referenceTrajectory(index, sampleVector('near'), options)?.id;
    expect(id()).toBe('short');
    expect(id({ taskType: 'look_at_obj_in_light' })).toBe('other type');
    expect(id({ taskType: 'unheard of' })).toBeUndefined();
  });

  it("is the own home's among the nearest, even if it is longer", () => {
    const index = indexOf([
      sampleEntry({ id: 'elsewhere', task: 'near', trajectory: steps(2) }),
      sampleEntry({ id: 'here', task: 'near', home: 'home 1', trajectory: steps(5) }),
      sampleEntry({ id: 'here, far', task: 'far', home: 'home 1', trajectory: steps(1) }),
    ]);
    expect(referenceTrajectory(index, sampleVector('near'), { home: 'home 1' })).toMatchObject({
      id: 'here',
      steps: 5,
    });
    expect(referenceTrajectory(index, sampleVector('near'), { home: 'home 2' })).toMatchObject({
      id: 'elsewhere',
    });
  });
});

describe('a chore outside the six kinds', () => {
  const own = (id: string, taskType: string, task: string, home: string): MemoryEntry =>
    sampleEntry({ id, task, home, taskType, script: { taskName: task, guidelines: id } });
  const index = indexOf([
    ...Array.from({ length: 20 }, (_, i) =>
      sampleEntry({ id: `near ${i}`, task: 'near', script: { taskName: '', guidelines: `${i}` } }),
    ),
    own('first', 'three', 'far', 'home 1'),
    own('second', 'three', 'farther', 'home 2'),
    own('boots', 'boots_time', 'far', 'home 1'),
    own('nearer boots', 'boots_time', 'near', 'home 2'),
  ]);

  it('that has a name is told by the nearest memory of it and by nothing else', () => {
    const ids = (taskType: string, k: number) =>
      retrieve(index, sampleVector('near'), { k, home: 'home 1', taskType }).map(({ id }) => id);
    expect(ids('boots_time', 10)).toEqual(['nearer boots']);
    expect(ids('boots_time', 0)).toEqual([]);
    // A name that nobody has told of leaves the places to others.
    expect(ids('mirror_time', 10)).toHaveLength(10);
  });

  it('is remembered before nearer tasks of other kinds, whatever the home; they fill the rest', () => {
    const ids = (options: { readonly taskType?: string; readonly k?: number }): string[] =>
      retrieve(index, sampleVector('near'), { k: 4, home: 'home 3', ...options }).map(({ id }) => id);
    expect(ids({ taskType: 'three' }).slice(0, 2).sort()).toEqual(['first', 'second']);
    expect(ids({ taskType: 'three' }).slice(2)).toEqual(['near 0', 'near 1']);
    expect(ids({ taskType: 'three', k: 2 })).toHaveLength(2);
    expect(ids({ taskType: 'mirror_time' })).toEqual(['near 0', 'near 1', 'near 2', 'near 3']);
    // What the official games ask for is found as before.
    expect(ids({ taskType: 'pick_and_place_simple' })).toEqual(ids({}));
  });
});
