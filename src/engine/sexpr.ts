/**
 * S-expressions as PDDL writes them: symbols, parentheses, `;` comments. Symbols are case-insensitive and come out
 * in lower case, as in the planner that the real engine uses. The parser is iterative and has limits, since the
 * text may come from a stranger.
 */
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';

/** Why it refuses. */
export type PddlCode =
  | 'PDDL_EMPTY'
  | 'PDDL_TOO_DEEP'
  | 'PDDL_TOO_LARGE'
  | 'PDDL_TRAILING'
  | 'PDDL_UNBALANCED'
  | 'PDDL_UNSUPPORTED';

export type SExpr = string | readonly SExpr[];

/** The longest PDDL text that is read, in UTF-16 code units; the longest official one has 105,000. */
const MAX_PDDL_LENGTH = 1_000_000;
/** The deepest nesting that is read; official files nest 10 deep. */
const MAX_PDDL_DEPTH = 64;

const OPEN = 40;
const CLOSE = 41;
const SEMICOLON = 59;
const NEWLINE = 10;

/**
 * Reads exactly one S-expression, with nothing but blanks and comments around it.
 */
export function parseSExpr(text: string, what = 'PDDL'): Parsed<readonly SExpr[], PddlCode> {
  if (text.length > MAX_PDDL_LENGTH) {
    return refuse(
      'PDDL_TOO_LARGE',
      `the ${what} text has ${text.length} characters, more than the ${MAX_PDDL_LENGTH} that are read`,
      what,
    );
  }
  const source = text.toLowerCase();
  const n = source.length;
  const stack: SExpr[][] = [];
  let current: SExpr[] | undefined;
  let root: SExpr[] | undefined;
  let i = 0;
  while (i < n) {
    const c = source.charCodeAt(i);
    if (c <= 32) {
      i++;
    } else if (c === SEMICOLON) {
      while (i < n && source.charCodeAt(i) !== NEWLINE) i++;
    } else if (c === OPEN) {
      if (root !== undefined && current === undefined) return trailing(source, i, what);
      if (stack.length >= MAX_PDDL_DEPTH) {
        return refuse(
          'PDDL_TOO_DEEP',
          `the ${what} text nests more than ${MAX_PDDL_DEPTH} parentheses`,
          placeOf(source, i, what),
        );
      }
      const list: SExpr[] = [];
      if (current === undefined) root = list;
      else {
        current.push(list);
        stack.push(current);
      }
      current = list;
      i++;
    } else if (c === CLOSE) {
      if (current === undefined) {
        return refuse(
          'PDDL_UNBALANCED',
          `the ${what} text closes a parenthesis that was never opened`,
          placeOf(source, i, what),
        );
      }
      current = stack.pop();
      i++;
    } else {
      const start = i;
      do i++;
      while (i < n && !endsSymbol(source.charCodeAt(i)));
      if (current === undefined) return trailing(source, start, what);
      current.push(source.slice(start, i));
    }
  }
  if (root === undefined) return refuse('PDDL_EMPTY', `the ${what} text holds no expression`, what);
  if (current !== undefined) {
    return refuse(
      'PDDL_UNBALANCED',
      `the ${what} text ends before its last parenthesis is closed`,
      placeOf(source, n, what),
    );
  }
  return ok(root);
}

/** The inverse of {@link parseSExpr}, on one line. */
export function formatSExpr(expr: SExpr): string {
  return typeof expr === 'string' ? expr : `(${expr.map(formatSExpr).join(' ')})`;
}

/** The list behind a head symbol such as `:init`, or undefined. */
export function section(expr: readonly SExpr[], head: string): readonly SExpr[] | undefined {
  for (const part of expr) if (typeof part !== 'string' && part[0] === head) return part;
  return undefined;
}

/** The start of an expression, for a message. */
export function shown(expr: SExpr): string {
  const text = formatSExpr(expr);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * Refuses a definition with a section that isn't among those known, or with one twice, since whatever it says would be
 * passed over. Only `:action` may come again.
 */
export function unsupported(
  expr: readonly SExpr[],
  known: ReadonlySet<unknown>,
  place: string,
): Refused<PddlCode> | undefined {
  const seen = new Set<unknown>();
  for (const part of expr.slice(1)) {
    const head = typeof part === 'string' ? undefined : part[0];
    if (!known.has(head))
      return refuse('PDDL_UNSUPPORTED', `it has ${shown(part)}, which this engine doesn't do`, place);
    if (head !== ':action' && seen.has(head))
      return refuse('PDDL_UNSUPPORTED', `it has two sections ${shown(head ?? [])}`, place);
    seen.add(head);
  }
  return undefined;
}

function endsSymbol(c: number): boolean {
  return c <= 32 || c === OPEN || c === CLOSE || c === SEMICOLON;
}

function trailing(source: string, at: number, what: string) {
  return refuse('PDDL_TRAILING', `the ${what} text has more than one expression`, placeOf(source, at, what));
}

function placeOf(source: string, at: number, what: string): string {
  let line = 1;
  let lineStart = 0;
  for (let i = source.indexOf('\n'); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return `${what}, line ${line} column ${at - lineStart + 1}`;
}
