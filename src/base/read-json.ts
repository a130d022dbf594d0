/** Reads JSON that strangers wrote, within limits; what the values are is for schema.ts and the parsers to say. */
import { ok, type Result, refuse } from './result.ts';

export interface JsonBounds {
  /** Of the refusal, whichever limit or rule the text breaks. */
  readonly code: string;
  /** What the text is, as a sentence begins: `config.json`. */
  readonly what: string;
  /** The longest that is read, in UTF-16 code units. */
  readonly longest: number;
  /** The deepest nesting that is read. */
  readonly deepest?: number;
  /** Of the refusal. */
  readonly place?: string;
}

/** Deeper than any file that is read here; what walks over values by recursion gets through. */
const DEEPEST = 64;

/** The value of a text; a byte order mark of an editor on Windows may stand before it. */
export function readJson(
  text: string,
  { code, what, longest, deepest = DEEPEST, place }: JsonBounds,
): Result<unknown> {
  if (text.length > longest) return refuse(code, `${what} has more than ${longest} characters.`, place);
  if (nestsDeeper(text, deepest)) return refuse(code, `${what} nests more than ${deepest} brackets.`, place);
  try {
    return ok(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return refuse(code, `${what} isn't JSON.`, place);
  }
}

/** Whether brackets outside of strings nest deeper than a limit. */
export function nestsDeeper(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      // To the closing quote; one behind an odd number of backslashes doesn't close.
      for (i = text.indexOf('"', i + 1); i > 0; i = text.indexOf('"', i + 1)) {
        let slashes = 0;
        while (text.charCodeAt(i - 1 - slashes) === 92) slashes++;
        if (slashes % 2 === 0) break;
      }
      if (i < 0) return false;
    } else if (c === 91 || c === 123) {
      if (++depth > limit) return true;
    } else if (c === 93 || c === 125) depth--;
  }
  return false;
}
