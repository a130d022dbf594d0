/**
 * The teacher against a small room of our own, written as a table of texts rather than an engine, so that what it
 * knows is exactly what these tests let it see.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import type { ObservedStep } from '../player/belief.ts';
import { CLOSED, introOf, TOY_PLACES, ToyRoom } from '../testing/toy-room.ts';
import { type Playable, playTeacher } from './play.ts';
import { adviseAfter, beginScripted, type ScriptedEpisode, type ScriptedOptions } from './scripted.ts';

function begin(task: string, options?: ScriptedOptions): ScriptedEpisode {
  return unwrap(beginScripted(introOf(task), options));
}

async function transcript(room: ToyRoom, task: string, options?: ScriptedOptions): Promise<string[]> {
  const { steps } = await playTeacher(room, begin(task, options), 40);
  return steps.flatMap(({ thought, action }) => [thought, `> ${action}`]);
}

test('fetches, treats and delivers, and says why', async () => {
  const room = new ToyRoom(
    { 'shelf 2': ['mug 1'] },
    (r) => r.in('cabinet', 'mug') === 1 && r.done.has('clean mug 1'),
  );
  expect(await transcript(room, 'put a clean mug in cabinet.')).toMatchInlineSnapshot(`
    [
      "Plan: find mug, clean it, put it in cabinet. First I check desk 1.",
      "> go to desk 1",
      "No mug here. Next I check sinkbasin 1.",
      "> go to sinkbasin 1",
      "No mug here. Next I check fridge 1.",
      "> go to fridge 1",
      "It is closed. I open it.",
      "> open fridge 1",
      "No mug here. Next I check shelf 3.",
      "> go to shelf 3",
      "No mug here. Next I check shelf 2.",
      "> go to shelf 2",
      "Here is mug 1. I take it.",
      "> take mug 1 from shelf 2",
      "I have mug 1. Next I clean it. I go to sinkbasin 1.",
      "> go to sinkbasin 1",
      "Here is sinkbasin 1. I clean it.",
      "> clean mug 1 with sinkbasin 1",
      "It is clean now. I bring it to cabinet 2.",
      "> go to cabinet 2",
      "It is closed. I open it.",
      "> open cabinet 2",
      "I put mug 1 in cabinet 2.",
      "> move mug 1 to cabinet 2",
    ]
  `);
});

test("two objects are counted, and the one that is there already isn't taken again", async () => {
  const room = new ToyRoom({ 'desk 1': ['book 2', 'book 1'] }, (r) => r.in('shelf', 'book') === 2);
  expect(await transcript(room, 'put two book in shelf.')).toMatchInlineSnapshot(`
    [
      "Plan: find two book, put them on shelf. First I check desk 1.",
      "> go to desk 1",
      "Here is book 2. I take it.",
      "> take book 2 from desk 1",
      "I have book 2. I bring it to shelf 3.",
      "> go to shelf 3",
      "I put book 2 on shelf 3. That makes one.",
      "> move book 2 to shelf 3",
      "I need one more. I saw book 1 on desk 1. I go there.",
      "> go to desk 1",
      "Here is book 1. I take it.",
      "> take book 1 from desk 1",
      "I have book 1. I bring it to shelf 3.",
      "> go to shelf 3",
      "I put book 1 on shelf 3. That makes two.",
      "> move book 1 to shelf 3",
    ]
  `);
});

test('a lamp seen on the way is remembered', async () => {
  const room = new ToyRoom({ 'desk 1': ['desklamp 1'], 'shelf 1': ['cd 3'] }, (r) =>
    r.done.has('desklamp 1 with cd 3'),
  );
  expect(await transcript(room, 'examine the cd with the desklamp.')).toMatchInlineSnapshot(`
    [
      "Plan: find cd, turn on desklamp. First I check desk 1.",
      "> go to desk 1",
      "No cd here. I see desklamp 1. Next I check cabinet 2.",
      "> go to cabinet 2",
      "It is closed. I open it.",
      "> open cabinet 2",
      "No cd here. Next I check cabinet 1.",
      "> go to cabinet 1",
      "It is closed. I open it.",
      "> open cabinet 1",
      "No cd here. Next I check shelf 3.",
      "> go to shelf 3",
      "No cd here. Next I check shelf 2.",
      "> go to shelf 2",
      "No cd here. Next I check shelf 1.",
      "> go to shelf 1",
      "Here is cd 3. I take it.",
      "> take cd 3 from shelf 1",
      "I have cd 3. I saw desklamp 1 on desk 1. I go there.",
      "> go to desk 1",
      "Here is desklamp 1. I turn it on.",
      "> use desklamp 1",
    ]
  `);
});

test('memory says where to look first; when it is outdated the search goes on', async () => {
  const won = (r: ToyRoom): boolean => r.in('desk', 'mug') === 1;
  const hints = [
    { object: 'mug', place: 'safe 4' },
    { object: 'mug', place: 'cabinet 1' },
  ];
  const room = new ToyRoom({ 'cabinet 1': ['mug 2'] }, won);
  expect((await transcript(room, 'put a mug in desk.', { hints })).slice(0, 6)).toMatchInlineSnapshot(`
    [
      "Plan: find mug, put it on desk. My memory says mug was in cabinet 1. I go there.",
      "> go to cabinet 1",
      "It is closed. I open it.",
      "> open cabinet 1",
      "Here is mug 2. I take it.",
      "> take mug 2 from cabinet 1",
    ]
  `);
  const moved = new ToyRoom({ 'cabinet 2': ['mug 2'] }, won);
  const lines = await transcript(moved, 'put a mug in desk.', { hints });
  expect(moved.won).toBe(true);
  expect(lines.filter((line) => line.startsWith('My memory') || line.includes(' My memory'))).toHaveLength(1);
  expect(lines).toContain('No mug here. Next I check shelf 3.');
});

const TASKS: readonly [string, (room: ToyRoom) => boolean][] = [
  ['put a clean mug in shelf.', (r) => r.in('shelf', 'mug') >= 1 && r.done.size > 0],
  ['put two mug in cabinet.', (r) => r.in('cabinet', 'mug') >= 2],
  ['put some mug on desk.', (r) => r.in('desk', 'mug') >= 1],
  [
    'look at mug under the desklamp.',
    (r) => [...r.done].some((use) => use.startsWith('desklamp 1 with mug')),
  ],
];
/** Sentences outside the six kinds. */
const CHORES = [
  'put a sliced apple in shelf.',
  'slice and heat some apple and put it in fridge.',
  'clean some mug and put it where it was.',
  'hold a hot mug.',
  'turn on the desklamp.',
  'put a mug in shelf and a mug in desk.',
];
const contents = fc.record(
  Object.fromEntries(
    TOY_PLACES.map((place) => [
      place,
      fc.subarray([`pen ${TOY_PLACES.indexOf(place) + 1}`, `book ${TOY_PLACES.indexOf(place) + 1}`]),
    ]),
  ),
);

/** Mugs and the lamp lie anywhere among other things. */
const arbitraryRoom = fc.record({
  task: fc.constantFrom(...TASKS),
  contents,
  mugs: fc.tuple(fc.constantFrom(...TOY_PLACES), fc.constantFrom(...TOY_PLACES)),
  lamp: fc.constantFrom(...TOY_PLACES.filter((place) => !CLOSED.includes(place))),
});

type Drawn = typeof arbitraryRoom extends fc.Arbitrary<infer T> ? T : never;

function roomOf({ task, contents: things, mugs, lamp }: Drawn): ToyRoom {
  const all: Record<string, string[]> = {};
  for (const place of TOY_PLACES) all[place] = [...(things[place] ?? [])];
  mugs.forEach((place, i) => {
    all[place]?.push(`mug ${i + 1}`);
  });
  all[lamp]?.push('desklamp 1');
  // Once treated, the mug counts wherever its goal place is: only the mug that was cleaned.
  const goal = task[0].includes('clean')
    ? (r: ToyRoom) =>
        [...r.contents].some(
          ([p, o]) => p.startsWith('shelf') && o.some((name) => r.done.has(`clean ${name}`)),
        )
    : task[1];
  return new ToyRoom(all, goal);
}

test('solves every arrangement, with any seed, within the exhaustive number of steps', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRoom, fc.nat(3), async (drawn, seed) => {
      const { won } = await playTeacher(roomOf(drawn), begin(drawn.task[0], { seed }), 40);
      expect(won).toBe(true);
    }),
  );
});

test('recovers from any actions that someone else took first', async () => {
  const someone = fc.array(
    fc.tuple(fc.constantFrom('go to', 'open', 'close', 'take', 'move', 'examine', 'look'), fc.nat()),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(arbitraryRoom, someone, async (drawn, noise) => {
      const room = roomOf(drawn);
      const teacher = begin(drawn.task[0]);
      for (const [verb, n] of noise) {
        const action = strayAction(room, verb, n);
        teacher.observe(action, room.step(action));
      }
      const { won } = await playTeacher(room, teacher, 60);
      expect(won).toBe(true);
    }),
  );
});

function strayAction(room: ToyRoom, verb: string, n: number): string {
  const place = n % 3 === 0 && room.here !== '' ? room.here : (TOY_PLACES[n % TOY_PLACES.length] as string);
  if (verb === 'take')
    return `take ${room.contents.get(room.here)?.at(0) ?? 'mug 1'} from ${room.here || place}`;
  if (verb === 'move') return `move ${room.held ?? 'mug 1'} to ${room.here || place}`;
  return verb === 'look' ? verb : `${verb} ${place}`;
}

test('says the same in the middle of a history as if it had been there all the time', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRoom, fc.nat(3), async (drawn, seed) => {
      const room = roomOf(drawn);
      const teacher = begin(drawn.task[0], { seed });
      const history: ObservedStep[] = [];
      while (!room.won && history.length < 30) {
        const reply = teacher.next();
        expect(adviseAfter(introOf(drawn.task[0]), history, { seed })).toEqual({ ok: true, value: reply });
        const observation = room.step(reply.action);
        teacher.observe(reply.action, observation);
        history.push({ action: reply.action, observation });
      }
    }),
    { numRuns: 30 },
  );
});

test('always has something to propose, whatever it is told', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'Nothing happens.',
      'You arrive at shelf 9. On the shelf 9, you see a mug 1.',
      'You pick up the mug 7 from the attic 3.',
      'You are carrying: a desk 1.',
      'You are facing the desk 1, and shelf 1. Next to it, you see nothing.',
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...TASKS.map(([task]) => task), ...CHORES),
      fc.array(fc.tuple(texts, texts), { maxLength: 8 }),
      fc.boolean(),
      (task, history, own) => {
        const teacher = begin(task);
        for (const [action, observation] of history) {
          const reply = teacher.next();
          expect(reply.thought).not.toBe('');
          expect(reply.action).not.toBe('');
          teacher.observe(own ? reply.action : action, observation);
        }
      },
    ),
  );
});

test("doesn't repeat at once what did nothing", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRoom, fc.nat(12), async (drawn, when) => {
      const teacher = begin(drawn.task[0]);
      await playTeacher(roomOf(drawn), teacher, when);
      const { action } = teacher.next();
      teacher.observe(action, 'Nothing happens.');
      const next = teacher.next();
      expect(next.action).not.toBe(action);
      expect(next.thought).toMatch(/^(Nothing happens\.|Plan:|I am stuck\.)/);
    }),
  );
});

test('looks everywhere again when all was seen, the longest unseen first', async () => {
  const { steps } = await playTeacher(new ToyRoom({}, () => false), begin('put a mug in desk.'), 40);
  const visited = steps.filter(({ action }) => action.startsWith('go to ')).map(({ action }) => action);
  const round = visited.slice(0, TOY_PLACES.length);
  expect(new Set(round).size).toBe(TOY_PLACES.length);
  expect(visited.slice(TOY_PLACES.length, 2 * TOY_PLACES.length)).toEqual(round);
  expect(steps.at(-1)?.thought).toMatch(/I saw all places\. I check \S+ \d again\./);
});

test('sees nothing but the texts: the same texts from a room that lies inside give the same actions', async () => {
  // The lying room shows what the honest one shows, while a proxy counts every other look into it.
  const honest = roomOf({
    task: TASKS[1] as Drawn['task'],
    contents: {},
    mugs: ['fridge 1', 'shelf 1'],
    lamp: 'desk 1',
  } as Drawn);
  const told = await playTeacher(honest, begin('put two mug in cabinet.'), 40);
  const texts = told.steps.map((step) => step.observation);
  const asked: PropertyKey[] = [];
  const liar = new Proxy({} as Playable, {
    get: (_, key) => {
      asked.push(key);
      return key === 'won' ? texts.length === 0 : () => texts.shift();
    },
  });
  const { steps } = await playTeacher(liar, begin('put two mug in cabinet.'), 40);
  expect(steps).toEqual(told.steps);
  expect([...new Set(asked)].sort()).toEqual(['step', 'won']);
});

test('a seed varies the search, and the same seed gives the same', async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 8; seed++) {
    const run = async (): Promise<string> => {
      const room = new ToyRoom({}, () => false);
      return (await playTeacher(room, begin('put a mug in desk.', { seed }), 12)).steps
        .map((step) => step.action)
        .join('; ');
    };
    expect(await run()).toBe(await run());
    orders.add(await run());
  }
  expect(orders.size).toBeGreaterThan(5);
});

test('in the older dialect it puts in the older words', () => {
  const teacher = begin('put some mug on desk.');
  teacher.observe('go to shelf 1', 'You arrive at loc 4. On the shelf 1, you see a mug 1.');
  teacher.observe('take mug 1 from shelf 1', 'You pick up the mug 1 from the shelf 1.');
  teacher.observe('go to desk 1', 'You arrive at loc 2. On the desk 1, you see nothing.');
  expect(teacher.next()).toEqual({ thought: 'I put mug 1 on desk 1.', action: 'put mug 1 in/on desk 1' });
});

test("an intro without a task, or with one that it doesn't know, is refused", () => {
  expect(beginScripted('Hello.')).toMatchObject({ ok: false, error: { code: 'TASK_MISSING' } });
  expect(beginScripted(introOf('wash the dog.'))).toMatchObject({
    ok: false,
    error: { code: 'TASK_UNKNOWN' },
  });
});
