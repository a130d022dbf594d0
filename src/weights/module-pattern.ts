/**
 * The keys of peft's rank_pattern and alpha_pattern: a module's name, its end, or a regular expression for it, matched
 * as `(.*\.)?(KEY)$` (peft, utils/other.py, get_pattern_key). The expressions are strangers', so they aren't handed to
 * a backtracking matcher: what is understood here (characters, `.`, `\.`, `\d`, [sets], groups of alternatives, and
 * `*`, `+`, `?` behind one character) is matched in time that grows with pattern times name, all else is refused.
 */
import { ok, type Parsed, refuse } from '../base/result.ts';

/** Why it refuses. */
export type PatternCode = 'PATTERN';

/** One character, as often as allowed. */
interface Item {
  readonly accepts: (character: string) => boolean;
  readonly optional: boolean;
  readonly repeated: boolean;
}

interface Sequence {
  readonly items: readonly Item[];
  /** It begins with `^`: the whole name, not its end. */
  readonly whole: boolean;
}

/** The alternatives of a key. */
export type ModulePattern = readonly Sequence[];

const MAX_LENGTH = 500;
const MAX_ALTERNATIVES = 256;
const TOKEN = /\\\.|\\d|\[\w+(?:-\w)?\]|\(\?:|[\w.\-^$()|*+?]/gy;

/** Reads a pattern as peft means it. */
export function parseModulePattern(key: string): Parsed<ModulePattern, PatternCode> {
  const tokens = key.length > MAX_LENGTH ? undefined : (key.match(TOKEN) ?? []);
  const sequences = tokens?.join('') === key ? new Parser(tokens).all() : undefined;
  if (sequences !== undefined) return ok(sequences);
  const shown = JSON.stringify(key.slice(0, 60));
  return refuse('PATTERN', `${shown} can't be matched here; name each module by its name or the end of it.`);
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  all(): Sequence[] | undefined {
    const found = this.#alternatives();
    return this.#at === this.#tokens.length ? found : undefined;
  }

  #alternatives(): Sequence[] | undefined {
    const found: Sequence[] = [];
    do {
      const some = this.#sequences();
      if (some === undefined || found.length + some.length > MAX_ALTERNATIVES) return undefined;
      found.push(...some);
    } while (this.#take('|'));
    return found;
  }

  /** What one alternative may be: several sequences where it holds groups. */
  #sequences(): Sequence[] | undefined {
    const whole = this.#take('^');
    let found: Sequence[] = [{ items: [], whole }];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token === '|' || token === ')') return found;
      this.#at++;
      if (token === '$') {
        const next = this.#tokens[this.#at];
        if (next === undefined || next === '|' || next === ')') continue;
        return undefined;
      }
      const ends = token.startsWith('(') ? this.#group() : this.#item(token);
      if (ends === undefined || found.length * ends.length > MAX_ALTERNATIVES) return undefined;
      found = found.flatMap((start) => ends.map((end) => ({ whole, items: [...start.items, ...end] })));
    }
  }

  #group(): (readonly Item[])[] | undefined {
    const inside = this.#alternatives();
    if (inside === undefined || !this.#take(')') || inside.some(({ whole }) => whole)) return undefined;
    return /^[*+?]$/.test(this.#tokens[this.#at] ?? '') ? undefined : inside.map(({ items }) => items);
  }

  #item(token: string): (readonly Item[])[] | undefined {
    if (/^[*+?^]$/.test(token)) return undefined;
    const accepts = characterOf(token);
    const often = ['*', '+', '?'].find((one) => this.#take(one));
    return [
      [{ accepts, optional: often === '*' || often === '?', repeated: often === '*' || often === '+' }],
    ];
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }
}

function characterOf(token: string): Item['accepts'] {
  if (token === '.') return () => true;
  if (token === '\\.') return (character) => character === '.';
  if (token === '\\d') return (character) => /[0-9]/.test(character);
  if (!token.startsWith('[')) return (character) => character === token;
  const set = new RegExp(token);
  return (character) => set.test(character);
}

/** Whether a module's name, or its end behind a dot, is what the pattern says. */
export function matchesModule(pattern: ModulePattern, name: string): boolean {
  const starts = [0, ...[...name].flatMap((character, i) => (character === '.' ? [i + 1] : []))];
  return pattern.some(({ items, whole }) => {
    let places = new Set(whole ? [0] : starts);
    for (const item of items) {
      const after = new Set(item.optional ? places : []);
      for (const place of places)
        for (let at = place; at < name.length && item.accepts(name[at] as string); at++) {
          after.add(at + 1);
          if (!item.repeated) break;
        }
      places = after;
    }
    return places.has(name.length);
  });
}
