/**
 * Tells which dialect a text was written for: a log of episodes, a prompt with examples, a list of commands. A prompt
 * in one dialect with games in the other is why many a reported success rate fell to nothing.
 */
import type { Dialect } from './grammar-text.ts';

/** What only one of the dialects says. A name is a word and a number, or a placeholder in brackets. */
const NAME = String.raw`(?:[a-z]+ \d+|[[({<][^\])}>\n]{1,40}[\])}>])`;
const SIGNS: Readonly<Record<Dialect, RegExp>> = {
  put: new RegExp(
    String.raw`\bput (?:the )?${NAME} (?:in\/on|in|on) (?:the )?${NAME}|\byou put the [a-z]+ \d+ in\/on\b|\byou arrive at loc \d+\.`,
    'gi',
  ),
  move: new RegExp(
    String.raw`\bmove (?:the )?${NAME} to (?:the )?${NAME}|\byou arrive at (?!loc )[a-z]+ \d+\. (?:on|the) `,
    'gi',
  ),
};

export interface DialectSigns {
  readonly count: number;
  /** The first three, with their lines (from 1). */
  readonly first: readonly { readonly line: number; readonly text: string }[];
}

export interface WhichDialect {
  /** Undefined where the text says nothing that only one dialect has, `both` where it mixes them. */
  readonly dialect: Dialect | 'both' | undefined;
  readonly put: DialectSigns;
  readonly move: DialectSigns;
}

/** Looks for what only one dialect says. */
export function whichDialect(text: string): WhichDialect {
  const put = signs(text, 'put');
  const move = signs(text, 'move');
  const only = put.count > 0 ? 'put' : move.count > 0 ? 'move' : undefined;
  return { dialect: put.count > 0 && move.count > 0 ? 'both' : only, put, move };
}

function signs(text: string, dialect: Dialect): DialectSigns {
  const first: { line: number; text: string }[] = [];
  let count = 0;
  let line = 1;
  let at = 0;
  for (const match of text.matchAll(SIGNS[dialect])) {
    if (++count > 3) continue;
    for (; at < match.index; at++) if (text.charCodeAt(at) === 10) line++;
    first.push({ line, text: match[0] });
  }
  return { count, first };
}
