/** A person's words for a task, as a game can say them. */

/** More is no task. In UTF-16 units. */
export const LONGEST_WORDS = 300;
/** Signs that the grammar of a game would read as its own, and control characters. */
export const UNSAYABLE = /[#{}[\]|]|\p{Cc}/u;

/** Without what can't be said, and not too long; empty where nothing is left. */
export function sayable(words: string): string {
  const said = words.replace(new RegExp(UNSAYABLE, 'gu'), ' ').replace(/\s+/g, ' ');
  return said.trim().slice(0, LONGEST_WORDS).trim();
}
