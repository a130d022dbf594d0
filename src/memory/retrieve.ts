/**
 * Which memories go into a prompt.
 *
 * The rule: cosine similarity of the task descriptions, exact, nearest first (paper, section 3.2), with six additions.
 *  1. Never an entry that was made from the game that is being played.
 *  2. Own home first. Where the player's home is known, up to half of the k places (rounded up) belong to the home's own
 *     entries, the nearest of them; only they can tell where this home keeps its things, and among thousands of entries
 *     from elsewhere they would hardly ever come up. They stand first. What they don't fill, and the other half, is
 *     open to every entry, the home's further ones included.
 *  3. Other homes' entries count OTHER_HOME less than their similarity: what they say of places is true of another
 *     home. One that knows a chore which nobody else knows still comes first.
 *  4. No script twice: of entries whose scripts say the same, only the first is taken.
 *  5. A chore outside the six kinds of tasks that everybody has memories of: up to half of the places belong to the
 *     nearest entries of the same chore, whatever their home, and these stand first; what a household calls a chore is
 *     one word of the sentence, and among thousands of entries about the same things nobody would be reminded of it.
 *     Where the chore has a name of the household's own, the nearest entry that tells what it means is the only one:
 *     every further script, of the same chore too, makes it likelier that the plan leaves out what the name asks for.
 *  6. Ties: of a home's own entries the newest, since habits change; of others the one that stands first in the bank.
 *
 * Measured on 40 generated training homes with strong habits after 10 tasks in each, k = 10, the official bank beside
 * them: the own home's word on where the wanted thing is kept comes up in 51 % of tasks without rule 2 and in 92 % with
 * it, which is whenever there is one (after 3 tasks in 21 % and 52 %); of the 10, 0.61 come from other homes without
 * rule 3 and 0.08 with it.
 */
import { TASK_TYPES } from '../homes/index.ts';
import type { Maker } from './entry.ts';
import { gameIdentity } from './packed-bank.ts';
import type { Comparison, SearchIndex } from './search-index.ts';

export interface Filter {
  /** Key of the game that is being played: nothing made from it comes back. */
  readonly game?: string | undefined;
  /** The home that is being played in. */
  readonly home?: string | undefined;
  /** Whose scripts; everyone's where it isn't given. */
  readonly makers?: readonly Maker[] | undefined;
}

export interface RetrieveOptions extends Filter {
  /** How many scripts; the paper's k is 10. */
  readonly k: number;
  /** The task's type, where it is known: rule 5. */
  readonly taskType?: string | undefined;
}

/** One found memory. */
interface Hit {
  readonly id: string;
  /** Position in the index's columns. */
  readonly position: number;
  /** Cosine of the task descriptions. */
  readonly similarity: number;
  /** Whether it came from the home that is being played in. */
  readonly ownHome: boolean;
}

/** The share of the k places kept for the home's own entries. */
const HOME_SHARE = 0.5;
/** What an entry of another home has to be nearer by. */
export const OTHER_HOME = 0.2;

/** At most k memories for a task, by the rule above. */
export function retrieve(index: SearchIndex, query: Float32Array, options: RetrieveOptions): Hit[] {
  const { k, home, taskType } = options;
  const comparison = index.compare(query);
  const allowed = filterOf(index, options);
  const taken = new Set<string>();
  const hits: Hit[] = [];
  const take = (positions: Iterable<number>, limit: number): void => {
    for (const position of positions) {
      if (hits.length >= limit) return;
      const script = index.bank.scripts[position] as string;
      if (taken.has(script) || !allowed(position)) continue;
      taken.add(script);
      hits.push(hitAt(index, comparison, position, home));
    }
  };
  if (isChore(taskType)) {
    const named = isCalledByName(taskType);
    take(ofChore(index, comparison, taskType), named ? Math.min(1, k) : Math.ceil(k / 2));
    if (named && hits.length > 0) return hits;
  }
  if (home !== undefined)
    take(ownNearest(index, comparison, home), Math.min(k, hits.length + Math.ceil(k * HOME_SHARE)));
  take(nearestHere(index, comparison, home), k);
  return hits;
}

/** True for what the official games never ask for. */
function isChore(taskType: string | undefined): taskType is string {
  return taskType !== undefined && taskType !== '' && !TASK_TYPES.some((type) => type === taskType);
}

/** The type of a task whose sentence calls it by a name of the household's own: `boots_time`. */
function isCalledByName(taskType: string): boolean {
  return taskType.endsWith('_time');
}

/** Entries of a chore, nearest first, the newest first among equals. */
function ofChore({ bank }: SearchIndex, comparison: Comparison, taskType: string): number[] {
  return [...bank.taskTypes.keys()]
    .filter((position) => bank.taskTypes[position] === taskType)
    .sort((a, b) => comparison.similarity(b) - comparison.similarity(a) || b - a);
}

/** The condition that a filter puts on positions of an index. */
export function filterOf({ bank }: SearchIndex, { game, makers }: Filter): (position: number) => boolean {
  const playing = game === undefined ? '' : gameIdentity(game);
  const whose = makers === undefined ? undefined : new Set<string>(makers);
  return (position) =>
    (playing === '' || bank.games[position] !== playing) &&
    (whose === undefined || whose.has(bank.makers[position] as string));
}

/** A home's entries, nearest first, the newest first among equals. */
export function ownNearest(index: SearchIndex, comparison: Comparison, home: string): number[] {
  return [...index.ofHome(home)].sort((a, b) => comparison.similarity(b) - comparison.similarity(a) || b - a);
}

/** All positions, nearest first, those of other homes as if they were {@link OTHER_HOME} less near. */
function* nearestHere(
  index: SearchIndex,
  comparison: Comparison,
  home: string | undefined,
): Generator<number> {
  const { homes } = index.bank;
  const waiting: number[] = [];
  let next = 0;
  for (const position of comparison.nearest()) {
    const similarity = comparison.similarity(position);
    for (; next < waiting.length; next++) {
      const other = waiting[next] as number;
      if (comparison.similarity(other) - OTHER_HOME <= similarity) break;
      yield other;
    }
    const of = homes[position];
    if (of === '' || of === home) yield position;
    else waiting.push(position);
  }
  yield* waiting.slice(next);
}

function hitAt(index: SearchIndex, comparison: Comparison, position: number, home: string | undefined): Hit {
  return {
    id: index.bank.ids[position] as string,
    position,
    similarity: comparison.similarity(position),
    ownHome: home !== undefined && index.bank.homes[position] === home,
  };
}
