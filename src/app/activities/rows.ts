/** How the header tells what is under way, and what ended unseen: a row for each place, and one for all that is over. */
import { parseRoute } from '../route.ts';
import type { Activity } from './activities.ts';

export interface UnderWayRow {
  readonly title: string;
  readonly href: string;
  readonly status: string;
  readonly state: Activity['state'];
  /** What its button ends or dismisses. */
  readonly all: readonly Activity[];
}

export function rowsOf(shown: readonly Activity[]): readonly UnderWayRow[] {
  const places = groupBy(shown, ({ href }) => href);
  // Of what is over, the last of its kind stands for those before it.
  const rows = groupBy(places, (place) =>
    place.every(({ state }) => state === 'over') ? kindOf(place) : (place[0]?.href ?? ''),
  );
  return rows.flatMap((row) => {
    const last = row.at(-1);
    const [first] = last ?? [];
    if (last === undefined || first === undefined) return [];
    const going = last.filter(({ state }) => state !== 'over');
    const running = going.some(({ state }) => state === 'running');
    const { title, href } = first;
    return {
      ...{ title, href, all: row.flat() },
      status: `${statusOf(last)}${row.length > 1 ? `, and ${row.length - 1} more` : ''}`,
      state: running ? 'running' : going.length > 0 ? 'waiting' : 'over',
    };
  });
}

/** The word that an id begins with says what it is, and its address where. */
function kindOf([first]: readonly Activity[]): string {
  return `${first?.id.split(' ')[0]} ${parseRoute(first?.href ?? '').view}`;
}

/** Two students side by side are told apart by what they remember. */
function statusOf(place: readonly Activity[]): string {
  const [a, b] = [false, true].map(
    (memory) => place.find(({ episode }) => episode?.memory === memory)?.episode,
  );
  if (place.length === 2 && a?.solvedIn !== undefined && b?.solvedIn !== undefined)
    return `${a.solvedIn} → ${b.solvedIn} steps with memory`;
  return place
    .map(({ status, episode }) =>
      place.length === 1 || episode === undefined
        ? status
        : `${episode.memory ? 'with' : 'without'} memory ${status}`,
    )
    .join('; ');
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()];
}
