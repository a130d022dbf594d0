/**
 * What every memory store must do, as checks that can run anywhere: in a unit test on the store in memory and on a
 * simulated IndexedDB, in a page on the real one. Each check gets fresh stores and returns the sentences that don't
 * hold; an empty list means that the store keeps the contract.
 */
import type { Result } from '../base/result.ts';
import type { MemoryStore } from '../memory/store.ts';
import { SAMPLE_EMBEDDER, sampleBank, sampleEntry, sampleVector } from './sample.ts';

/** Opens an empty store; `again` opens the same one a second time after it was closed, where it outlives that. */
export interface StoreMaker {
  open(): Promise<{ readonly store: MemoryStore; readonly again?: () => Promise<MemoryStore> }>;
}

type Check = (maker: StoreMaker) => Promise<string[]>;

const [A, B, C] = ['a', 'b', 'c'].map((id) => sampleEntry({ id, task: `task ${id}` })) as [
  ReturnType<typeof sampleEntry>,
  ReturnType<typeof sampleEntry>,
  ReturnType<typeof sampleEntry>,
];
const OTHER = { ...SAMPLE_EMBEDDER, hash: 'another' };

export const STORE_CHECKS: Readonly<Record<string, Check>> = {
  'an empty store has nothing': async (maker) => {
    const { store } = await maker.open();
    return expectAll(store, [
      ['banks', await store.banks(), []],
      ['all', await store.all(), []],
      ['entries', await store.entries(['a']), []],
      ['ids', await ids(store), []],
    ]);
  },

  'an installed bank is there whole, and a second build replaces it': async (maker) => {
    const { store } = await maker.open();
    const first = await store.install(sampleBank('bank', [A, B]), '1');
    const again = await store.install(sampleBank('bank', [B, C]), '2');
    const about = { name: 'bank', build: '2', embedder: SAMPLE_EMBEDDER, entries: 2 };
    return expectAll(store, [
      ['first', first, { ...about, build: '1' }],
      ['again', again, about],
      ['banks', await store.banks(), [about]],
      ['all', await store.all(), [B, C]],
      ['entries', await store.entries(['c', 'a', 'b']), [C, B]],
      ['ids', await ids(store), ['b', 'c']],
    ]);
  },

  'banks stand in the order of their names, and the first of two equal ids is seen': async (maker) => {
    const { store } = await maker.open();
    const second = sampleEntry({ id: 'a', task: 'another task' });
    await store.install(sampleBank('two', [second, C]), '1');
    await store.install(sampleBank('one', [A, B]), '1');
    return expectAll(store, [
      ['names', mapped(await store.banks(), (banks) => banks.map((bank) => bank.name)), ['one', 'two']],
      ['all', await store.all(), [A, B, C]],
      ['entries', await store.entries(['a']), [A]],
      ['ids', await ids(store), ['a', 'b', 'c']],
    ]);
  },

  'packed vectors and columns are those of the entries': async (maker) => {
    const { store } = await maker.open();
    const bank = sampleBank('bank', [A, sampleEntry({ id: 'a2', task: A.task, home: 'home-1' }), B]);
    await store.install(bank, '1');
    const packed = await store.packed(SAMPLE_EMBEDDER);
    return expectAll(store, [
      ['matrix', mapped(packed, ({ bank: b }) => [...b.vectors.matrix]), [...bank.vectors.matrix]],
      ['scales', mapped(packed, ({ bank: b }) => [...b.vectors.scales]), [...bank.vectors.scales]],
      ['rows', mapped(packed, ({ bank: b }) => [...b.rows]), [0, 0, 1]],
      ['homes', mapped(packed, ({ bank: b }) => b.homes), ['', 'home-1', '']],
      ['games', mapped(packed, ({ bank: b }) => b.games), ['a/trial_1', 'a2/trial_1', 'b/trial_1']],
      ['steps', mapped(packed, ({ bank: b }) => [...b.steps]), [1, 1, 1]],
    ]);
  },

  "the user's entries stand beside the banks, edits in place of what they edit": async (maker) => {
    const { store } = await maker.open();
    await store.install(sampleBank('bank', [A, B]), '1');
    const edited = sampleEntry({ id: 'a', task: 'an edited task' });
    await store.write(C, sampleVector(C.task), SAMPLE_EMBEDDER);
    await store.write(edited, sampleVector(edited.task), SAMPLE_EMBEDDER);
    return expectAll(store, [
      ['all', await store.all(), [B, C, edited]],
      ['entries', await store.entries(['a', 'c']), [edited, C]],
      ['ids', await ids(store), ['b', 'c', 'a']],
    ]);
  },

  'a deleted shipped entry is hidden, an added one is gone': async (maker) => {
    const { store } = await maker.open();
    await store.install(sampleBank('bank', [A, B]), '1');
    await store.write(C, sampleVector(C.task), SAMPLE_EMBEDDER);
    await store.remove('a');
    await store.remove('c');
    await store.remove('never there');
    const removed = [
      ['all', await store.all(), [B]],
      ['entries', await store.entries(['a', 'b', 'c']), [B]],
      ['ids', await ids(store), ['b']],
    ] as const;
    await store.install(sampleBank('bank', [A, B]), '2');
    return expectAll(store, [
      ...removed,
      ['still hidden after an update of the bank', await store.all(), [B]],
    ]);
  },

  "a home's own memories are found by it, the oldest first, without what a person made": async (maker) => {
    const { store } = await maker.open();
    const of = (id: string, home: string, made: 'teacher' | 'person' = 'teacher') =>
      sampleEntry({ id, home, provenance: { ...A.provenance, maker: made } });
    const [old, shown, other, young] = [
      of('z', 'here'),
      of('shown', 'here', 'person'),
      of('b', 'there'),
      of('a', 'here'),
    ] as const;
    await store.install(sampleBank('bank', [of('shipped', 'here')]), '1');
    for (const entry of [old, shown, other, young])
      await store.write(entry, sampleVector(entry.task), SAMPLE_EMBEDDER);
    const packed = await store.packed(SAMPLE_EMBEDDER);
    return expectAll(store, [
      ['lived', await store.lived('here'), [old, young]],
      ['nowhere', await store.lived('elsewhere'), []],
      ['own', mapped(packed, ({ ownTasks }) => ownTasks), [old, shown, other, young].map(({ task }) => task)],
    ]);
  },

  'vectors of different embedding models are never put together': async (maker) => {
    const { store } = await maker.open();
    await store.install(sampleBank('bank', [A]), '1');
    const asked = await store.packed(OTHER);
    await store.write(B, sampleVector(B.task), OTHER);
    const mixed = await store.packed(SAMPLE_EMBEDDER);
    return [
      ...(asked.ok || asked.error.code !== 'BANK_OTHER_EMBEDDER'
        ? ['a bank of another model was taken']
        : []),
      ...(mixed.ok || mixed.error.code !== 'BANK_OTHER_EMBEDDER'
        ? ['an entry of another model was taken']
        : []),
      ...close(store),
    ];
  },

  'a bank that fails half-way leaves what was there before': async (maker) => {
    const { store } = await maker.open();
    await store.install(sampleBank('bank', [A, B]), '1');
    const broken = sampleBank('bank', [C, A]);
    // No storage can keep a function: the second entry fails after the first was written.
    const poisoned = { ...broken, entries: [C, { ...A, task: (() => '') as unknown as string }] };
    const failed = await store.install(poisoned, '2').catch(() => ({ ok: false as const, error: undefined }));
    const kept = await store.all();
    await store.install(broken, '2');
    return expectAll(store, [
      ...(failed.ok ? [] : [['kept', kept, [A, B]] as const]),
      ['healed', await store.all(), [C, A]],
    ]);
  },

  'retrievals are counted': async (maker) => {
    const { store } = await maker.open();
    await store.countRetrievals(['a', 'b']);
    await store.countRetrievals(['b', 'b']);
    const counts = mapped(await store.retrievals(['b', 'a', 'c']), (map) => [...map].sort());
    return expectAll(store, [
      [
        'counts',
        counts,
        [
          ['a', 1],
          ['b', 3],
        ],
      ],
    ]);
  },

  'what was written outlives the closing of the store': async (maker) => {
    const { store, again } = await maker.open();
    await store.install(sampleBank('bank', [A, B]), '1');
    await store.write(C, sampleVector(C.task), SAMPLE_EMBEDDER);
    await store.remove('a');
    if (again === undefined) return close(store);
    store.close();
    const reopened = await again();
    return expectAll(reopened, [
      ['all', await reopened.all(), [B, C]],
      ['ids', await ids(reopened), ['b', 'c']],
    ]);
  },
};

type Expectation = readonly [what: string, got: Result<unknown>, want: unknown];

/** Compares by value and closes the store. */
function expectAll(store: MemoryStore, expectations: readonly Expectation[]): string[] {
  const broken = expectations.flatMap(([what, got, want]) => {
    if (!got.ok) return [`${what}: ${got.error.code} ${got.error.message}`];
    const [is, should] = [canonical(got.value), canonical(want)];
    return is === should ? [] : [`${what}: is ${is}, should be ${should}`];
  });
  return [...broken, ...close(store)];
}

function close(store: MemoryStore): string[] {
  store.close();
  return [];
}

async function ids(store: MemoryStore): Promise<Result<readonly string[]>> {
  return mapped(await store.packed(SAMPLE_EMBEDDER), ({ bank }) => bank.ids);
}

function mapped<T, U>(result: Result<T>, f: (value: T) => U): Result<U> {
  return result.ok ? { ok: true, value: f(result.value) } : result;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
