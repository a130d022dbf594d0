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

/**
 * Where a spreadsheet would begin to compute: at the start of a cell, whatever can't be seen before it, and behind what
 * other countries' spreadsheets take for the end of a cell. The full-width signs are for those of East Asia.
 */
const CELL_START = /([;|\t\n]|^)([\s\p{Cf}]*)/gu;
const FORMULA = /^[=+\-@＝＋－＠]/;

/** One cell of a CSV file (RFC 4180). A text that a spreadsheet would compute gets an apostrophe, as OWASP advises. */
export function csvCell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  // What can't be seen is passed over once: to look ahead from each line of it would take minutes for a long text.
  const text = inert(value).replace(CELL_START, (all, end: string, unseen: string, at: number, whole) => {
    const isFormula = FORMULA.test(whole.charAt(at + all.length));
    const first = at === 0 && (end === '\t' || (end === '\n' && isFormula)) ? "'" : '';
    return first + (isFormula ? `${end}'${unseen.replace(/[\t\n]/g, "$&'")}` : all);
  });
  return /[",\n;|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that stays text in Markdown: in a table's cell and at the start of a line too, and no link of its own making. */
export function markdownText(text: string): string {
  return inert(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]|[-=.](?<=^ ?\d*[-=.])|:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(ADDRESS, '@<!-- -->');
}

/**
 * What GitHub's Markdown finds an address by, and names of people: it looks for them when escapes and entities are
 * characters again, but not across a comment.
 */
const ADDRESS = /@(?=[\p{L}\p{N}_-])/gu;

/** Lines of a table in Markdown; its cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row), ''];
}

/** A text that stays text in an HTML or SVG file or another of XML, in an attribute too. */
export function xmlText(text: string): string {
  return displayed(text)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** More combining marks on one letter than any writing has. */
const PILE = /(\p{M}{16})\p{M}+/gu;
/** Letters that are written from right to left, with what stands between two of them. */
const LEFTWARDS =
  /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}](?:[^\p{L}\p{N}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}])*)\u200e?/gu;
const ACTS = new RegExp(`${ACTING.source}|\\p{M}{17}|${LEFTWARDS.source}`, 'u');
/** Most texts of a page are this, and it is found out in no time. */
const PLAIN = /^[ -~]*$/;

/**
 * The text as a page shows it: {@link inert}, with no more marks on a letter than can be laid out, and with a mark behind
 * what is written from right to left, which would pull the page's own figures to its other side.
 */
export function displayed(text: string): string {
  if (PLAIN.test(text) || !ACTS.test(text)) return text;
  // That mark turns nothing around in a page that is written from left to right.
  const parts = text.replace(PILE, '$1…').split('\u200e');
  return parts.map(inert).join('\u200e').replace(LEFTWARDS, '$1\u200e');
}
