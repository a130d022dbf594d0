/** Texts in pictures. */

/** At most this many characters, the last one an ellipsis where something was left out. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
