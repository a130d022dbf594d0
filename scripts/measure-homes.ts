/**
 * Measures how the official ALFWorld training games are furnished, so that homes of our own can be like them:
 *
 *     npm run -s measure:homes -- FOLDER [OUT]
 *
 * FOLDER holds the unpacked training games (json_2.1.1/train); OUT is src/homes/home.stats.json unless said
 * otherwise. Only counts are kept, no game and no room. What each key of the file means stands in
 * src/homes/statistics.ts. The room follows from ALFRED's scene number at the end of a task's name: 1-30 kitchens,
 * 201-230 living rooms, 301-330 bedrooms, 401-430 bathrooms. All games of a scene have the same receptacles, doors
 * and fixtures (measured), so those are counted once a scene, and everything else once a game.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCodePoints } from '../src/base/order.ts';

type Table = Map<string, number>;

interface Game {
  readonly taskType: string;
  readonly object: string;
  readonly target: string;
  readonly scene: number;
  readonly phrase: string;
  readonly facts: Map<string, string[][]>;
}

const TRAITS = [
  'pickupable',
  'cleanable',
  'heatable',
  'coolable',
  'sliceable',
  'toggleable',
  'isReceptacleObject',
] as const;
/** Stands for 'in no receptacle'. */
const NOWHERE = '-';

function readGame(folder: string, task: string, trial: string): Game {
  const [taskType = '', object = '', , target = '', scene = ''] = task.split('-');
  const file = JSON.parse(readFileSync(join(folder, task, trial, 'game.tw-pddl'), 'utf8')) as Record<
    'pddl_problem' | 'grammar',
    string
  >;
  const init = file.pddl_problem.slice(
    file.pddl_problem.indexOf('(:init'),
    file.pddl_problem.indexOf('(:goal'),
  );
  const facts = new Map<string, string[][]>();
  for (const match of init.matchAll(/\((\w+)((?: \w+)+)\s*\)/g)) {
    const [, predicate = '', rest = ''] = match;
    const list = facts.get(predicate) ?? [];
    list.push(rest.trim().split(' '));
    facts.set(predicate, list);
  }
  const sentence = /Your task is to: ([^"\n]*)"/.exec(file.grammar)?.[1] ?? '';
  // The longer word first: a toilet paper that goes on a toilet, or on a toilet paper hanger.
  const words = [
    [object.toLowerCase(), '{o}'],
    [target.toLowerCase(), '{r}'],
  ] as const;
  const longerFirst = [...words].sort((a, b) => b[0].length - a[0].length);
  const phrase = longerFirst.reduce((text, [word, slot]) => text.replace(word, slot), sentence);
  return { taskType, object, target, scene: Number(scene), phrase, facts };
}

function roomOf(scene: number): string {
  return ['kitchen', 'living room', 'bedroom', 'bathroom'][
    Math.max(0, Math.floor(scene / 100) - 1)
  ] as string;
}

/** CabinetType, of a fact's last word: Cabinet. */
function typeOf(word: string | undefined): string {
  return (word ?? '').replace(/Type$/, '');
}

function typesOf(game: Game, predicate: 'objectType' | 'receptacleType'): Map<string, string> {
  return new Map((game.facts.get(predicate) ?? []).map(([id, type]) => [id as string, typeOf(type)]));
}

function add(table: Table, key: string, n = 1): void {
  table.set(key, (table.get(key) ?? 0) + n);
}

function countBy(values: Iterable<string>): Table {
  const table: Table = new Map();
  for (const value of values) add(table, value);
  return table;
}

class Nested<T> extends Map<string, T> {
  readonly #make: () => T;
  constructor(make: () => T) {
    super();
    this.#make = make;
  }
  at(key: string): T {
    let value = this.get(key);
    if (value === undefined) {
      value = this.#make();
      this.set(key, value);
    }
    return value;
  }
}

function sortedObject<T, U>(map: Map<string, T>, convert: (value: T) => U): Record<string, U> {
  const keys = [...map.keys()].sort(compareCodePoints);
  return Object.fromEntries(keys.map((key) => [key, convert(map.get(key) as T)]));
}

const plain = (table: Table) => sortedObject(table, (n) => n);
/** A histogram as [value, how often], ascending by value. */
const histogram = (table: Table) =>
  [...table].map(([k, n]) => [Number(k), n] as const).sort((a, b) => a[0] - b[0]);

/** Where an object lies: the receptacle type at the object's own location first, then others that list it too. */
function placesOf(game: Game): Map<string, string[]> {
  const receptacles = typesOf(game, 'receptacleType');
  const locationOf = new Map(game.facts.get('receptacleAtLocation') as [string, string][]);
  const own = new Map(game.facts.get('objectAtLocation') as [string, string][]);
  const listed = new Nested<string[]>(() => []);
  for (const [object, receptacle] of game.facts.get('inReceptacle') as [string, string][]) {
    const here = locationOf.get(receptacle) === own.get(object);
    const type = receptacles.get(receptacle) as string;
    if (here) listed.at(object).unshift(type);
    else listed.at(object).push(type);
  }
  return listed;
}

class Room {
  scenes = 0;
  games = 0;
  readonly receptacles = new Nested<Table>(() => new Map());
  readonly things = new Nested(newStock);
  readonly fixtures = new Nested(newStock);
}

interface Stock {
  scenes: number;
  readonly counts: Table;
  readonly places: Table;
  readonly wanted: { readonly counts: Table; readonly places: Table };
}

function newStock(): Stock {
  return {
    scenes: 0,
    counts: new Map(),
    places: new Map(),
    wanted: { counts: new Map(), places: new Map() },
  };
}

function measure(games: readonly Game[]) {
  const rooms = new Nested(() => new Room());
  const openable = new Nested(() => [0, 0] as [number, number]);
  const together = new Nested(() => [0, 0] as [number, number]);
  const neighbours: Table = new Map();
  const canContain = new Nested(() => new Set<string>());
  const traits = new Nested<Table>(() => new Map());
  const all: Table = new Map();
  const also = new Nested<Table>(() => new Map());
  const inside = new Nested<Table>(() => new Map());
  const inFridge = { cool: 0, all: 0 };
  const tasks = new Nested(() => ({ games: 0, phrases: new Map() as Table }));
  const goals = new Nested(() => new Nested(() => new Nested<Table>(() => new Map())));
  const sceneThings = new Set<string>();

  for (const game of games) {
    const room = rooms.at(roomOf(game.scene));
    const objects = typesOf(game, 'objectType');
    const carried = new Set((game.facts.get('pickupable') ?? []).map(([id]) => id));
    const places = placesOf(game);
    const first = !sceneThings.has(String(game.scene));
    sceneThings.add(String(game.scene));
    room.games++;
    if (first) measureScene(game, room);

    const task = tasks.at(game.taskType);
    task.games++;
    add(task.phrases, game.phrase);
    add(goals.at(game.taskType).at(roomOf(game.scene)).at(game.object), game.target);
    for (const [rtype, otype] of game.facts.get('canContain') ?? [])
      canContain.at(typeOf(otype)).add(typeOf(rtype));

    const counts = countBy(objects.values());
    for (const [id, type] of objects) {
      add(all, type);
      const fixed = !carried.has(id);
      if (fixed && !first) continue;
      const entry = (fixed ? room.fixtures : room.things).at(type);
      const [place = NOWHERE, ...others] = places.get(id) ?? [];
      add(entry.places, place);
      if (!fixed && type === game.object) add(entry.wanted.places, place);
      for (const other of others) add(also.at(type), [place, other].sort(compareCodePoints).join(' '));
    }
    for (const [type, n] of counts) {
      const fixed = ![...objects].some(([id, t]) => t === type && carried.has(id));
      if (fixed && !first) continue;
      const entry = (fixed ? room.fixtures : room.things).at(type);
      add(entry.counts, String(n));
      if (!fixed && type === game.object) add(entry.wanted.counts, String(n));
      if (first) entry.scenes++;
    }
    for (const trait of TRAITS)
      for (const [id = ''] of game.facts.get(trait) ?? []) {
        const type = objects.get(id);
        if (type !== undefined) add(traits.at(type), trait);
      }
    const cool = new Set((game.facts.get('isCool') ?? []).map(([id]) => id));
    const coolable = new Set((game.facts.get('coolable') ?? []).map(([id]) => id));
    for (const [id, [place]] of places) {
      if (place !== 'Fridge' || !coolable.has(id)) continue;
      inFridge.all++;
      if (cool.has(id)) inFridge.cool++;
    }
    for (const [inner = '', outer = ''] of game.facts.get('inReceptacleObject') ?? []) {
      const holder = objects.get(outer);
      if (inner !== outer && carried.has(inner) && holder !== undefined)
        add(inside.at(holder), objects.get(inner) as string);
    }
  }

  function measureScene(game: Game, room: Room): void {
    room.scenes++;
    const receptacles = typesOf(game, 'receptacleType');
    const doors = new Set((game.facts.get('openable') ?? []).map(([id]) => id));
    for (const [type, n] of countBy(receptacles.values())) add(room.receptacles.at(type), String(n));
    const spots = new Nested<string[]>(() => []);
    for (const [id, type] of receptacles) {
      openable.at(type)[1]++;
      if (doors.has(id)) openable.at(type)[0]++;
    }
    for (const [id = '', spot = ''] of game.facts.get('receptacleAtLocation') ?? []) {
      spots.at(spot).push(receptacles.get(id) as string);
    }
    for (const types of spots.values()) {
      const n = countBy(types);
      for (const [type, k] of n) {
        together.at(type)[1] += k;
        if (k > 1) together.at(type)[0] += k;
      }
      const distinct = [...n.keys()].sort(compareCodePoints);
      distinct.forEach((a, i) => {
        for (const b of distinct.slice(i + 1)) add(neighbours, `${a} ${b}`);
      });
    }
  }

  const entries = (table: Nested<Stock>) =>
    sortedObject(table, ({ scenes, counts, places, wanted }) => ({
      scenes,
      counts: histogram(counts),
      places: plain(places),
      ...(wanted.counts.size === 0
        ? {}
        : { wanted: { counts: histogram(wanted.counts), places: plain(wanted.places) } }),
    }));
  return {
    about: {
      source: 'ALFWorld json_2.1.1, split train',
      command: 'npx tsx scripts/measure-homes.ts FOLDER',
      keys: 'src/homes/statistics.ts',
      games: games.length,
      scenes: sceneThings.size,
    },
    tasks: sortedObject(tasks, (t) => ({ games: t.games, phrases: plain(t.phrases) })),
    goals: sortedObject(goals, (byRoom) =>
      sortedObject(byRoom, (byObject) => sortedObject(byObject, (targets) => plain(targets))),
    ),
    rooms: sortedObject(rooms, (room) => ({
      scenes: room.scenes,
      games: room.games,
      receptacles: sortedObject(room.receptacles, (counts) => {
        const some = [...counts.values()].reduce((a, b) => a + b, 0);
        if (some < room.scenes) counts.set('0', room.scenes - some);
        return histogram(counts);
      }),
      fixtures: entries(room.fixtures),
      things: entries(room.things),
    })),
    openable: sortedObject(openable, (n) => n),
    together: sortedObject(together, (n) => n),
    neighbours: plain(neighbours),
    canContain: sortedObject(canContain, (types) => [...types].sort(compareCodePoints)),
    traits: sortedObject(traits, (table) =>
      [...table]
        .filter(([, n]) => n > 0)
        .map(([trait]) => trait)
        .sort(compareCodePoints),
    ),
    alsoListed: sortedObject(also, plain),
    inside: sortedObject(inside, plain),
    inFridge,
    objects: plain(all),
  };
}

/** JSON with one line for each key down to the given depth, compact below, so that a change can be read. */
function format(value: unknown, depth: number, indent = ''): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value))
    return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([k, v]) => `${indent} ${JSON.stringify(k)}: ${format(v, depth - 1, `${indent} `)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

const [folder, out = 'src/homes/home.stats.json'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run -s measure:homes -- FOLDER [OUT]');
  process.exit(2);
}
const games = readdirSync(folder)
  .sort(compareCodePoints)
  .flatMap((task) =>
    readdirSync(join(folder, task))
      .sort(compareCodePoints)
      .map((trial) => readGame(folder, task, trial)),
  );
const statistics = measure(games);
const text = `${format(statistics, 4)}\n`;
writeFileSync(out, text);
console.error(
  `${games.length} games, ${statistics.about.scenes} scenes, ${text.length} characters in ${out}`,
);
