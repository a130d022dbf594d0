/** What an episode remembers of where it's worth looking, for a person to read. */
import { typeOf } from '../../player/names.ts';
import type { Searched } from '../../teacher/searched.ts';

/** `mug: shelf 1 (3 of 4 looks). In vain: cabinet 1 to 6, drawer 2.` */
export function looksInWords({ object, places }: Searched): string {
  const found = [...places].filter(({ there }) => there > 0).sort((a, b) => b.there - a.there);
  const vain = places.filter(({ there }) => there === 0).map(({ place }) => place);
  const where = found.map(({ place, looks, there }) => `${place} (${there} of ${looks} looks)`);
  return [
    `${object}: ${where.length > 0 ? where.join(', ') : 'never seen'}.`,
    ...(vain.length > 0 ? [`In vain: ${inRuns(vain)}.`] : []),
  ].join(' ');
}

/** Names of places, neighbours together: `cabinet 1 to 3, drawer 2`. */
function inRuns(places: readonly string[]): string {
  const numbers = new Map<string, number[]>();
  for (const place of places) {
    const type = typeOf(place);
    numbers.set(type, [...(numbers.get(type) ?? []), Number(place.slice(type.length + 1))]);
  }
  return [...numbers]
    .flatMap(([type, all]) =>
      runsOf(all).map(([from, to]) => (from === to ? `${type} ${from}` : `${type} ${from} to ${to}`)),
    )
    .join(', ');
}

function runsOf(numbers: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && n === last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs;
}
