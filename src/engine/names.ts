/**
 * How the real engine turns ids into names (ALFWorld's Demangler, not shuffled): an id with `_bar_` in it is called
 * by the part before, with `basin` behind it if the id contains that word, and a number. Ids in ascending order get
 * descending numbers.
 */
/** Names by id, for all ids that occur in a fact of the start. Ids without `_bar_` get no name. */
export function nameEntities(ids: Iterable<string>): Map<string, string> {
  // Ids are ASCII (facts.ts), so that the default order is the one by code point, and much faster.
  const sorted = [...ids].filter((id) => id.includes('_bar_')).sort();
  const words = sorted.map(wordOf);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const names = new Map<string, string>();
  for (let i = 0; i < sorted.length; i++) {
    const word = words[i] as string;
    const number = counts.get(word) as number;
    counts.set(word, number - 1);
    names.set(sorted[i] as string, `${word} ${number}`);
  }
  return names;
}

function wordOf(id: string): string {
  const word = unmangle(id.slice(0, id.indexOf('_bar_')));
  return id.includes('basin') ? `${word}basin` : word;
}

function unmangle(text: string): string {
  return text
    .replaceAll('_minus_', '-')
    .replaceAll('_plus_', '+')
    .replaceAll('_dot_', '.')
    .replaceAll('_comma_', ',');
}
