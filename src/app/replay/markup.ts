/** Text for files that are written as markup. Traces come from strangers: every text of theirs goes through here. */

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/**
 * As it stands between tags, and between quotes in one. Control characters, which XML refuses, and those that turn the
 * direction of what follows become a sign of their own.
 */
export function escapeMarkup(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES.get(sign) ?? '');
}

/** At most so many characters, the last one an ellipsis where something was left out. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
