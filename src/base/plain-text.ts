/**
 * Strangers' texts where they leave the program. Games, traces, servers and file names may hold characters that do
 * something in place of standing there: a terminal obeys escape sequences, a page and a terminal turn a line around
 * from a direction mark on, a spreadsheet computes formulas, Markdown makes tables and tags.
 */

/** Control characters but for the end of a line and the tab, marks of direction, and separators of lines. */
const ACTING = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * The text with every character that acts written out as `\u001b`. That is how JSON writes it too, so that a line of
 * JSON keeps its meaning.
 */
export function inert(text: string): string {
  return text.replace(ACTING, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One cell of a CSV file (RFC 4180). A text that a spreadsheet would compute gets an apostrophe, as OWASP advises. */
export function csvCell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = /^[\s]*[=+\-@]|^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that stays text in Markdown, in a table's cell too. */
export function markdownText(text: string): string {
  return inert(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Lines of a table in Markdown; its cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row), ''];
}

/** A text that stays text in an SVG file or another of XML, in an attribute too. */
export function xmlText(text: string): string {
  return displayed(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** More combining marks on one letter than any writing has. */
const PILE = /(\p{M}{16})\p{M}+/gu;
const ACTS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|\p{M}{17}/u;

/** The text as a page shows it: {@link inert}, and with no more marks on a letter than can be laid out. */
export function displayed(text: string): string {
  return ACTS.test(text) ? inert(text.replace(PILE, '$1…')) : text;
}
