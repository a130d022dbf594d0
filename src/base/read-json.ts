/** Reads JSON from outside the page, within limits; what the values are is for schema.ts and the parsers to say. */
import { type Fields, isObject } from './json-fields.ts';
import { ok, type Parsed, refuse } from './result.ts';
import { Problems, type Read } from './schema.ts';

export interface JsonBounds<Code extends string> {
  /** Of the refusal, whichever limit or rule the text breaks. */
  readonly code: Code;
  /** What the text is, as a sentence begins: `config.json`. */
  readonly what: string;
  /** The longest that is read, in UTF-16 code units, or in bytes. */
  readonly longest: number;
  /** The deepest nesting that is read. */
  readonly deepest?: number;
  /** Of the refusal. */
  readonly place?: string;
}

/** Deeper than any file that is read here; what walks over values by recursion gets through. */
const DEEPEST = 64;

/** The value of a text, or of its UTF-8; a byte order mark of an editor on Windows may stand before it. */
export function readJson<const Code extends string>(
  source: string | Uint8Array,
  { code, what, longest, deepest = DEEPEST, place }: JsonBounds<Code>,
): Parsed<unknown, Code> {
  if (source.length > longest) {
    const unit = typeof source === 'string' ? 'characters' : 'bytes';
    return refuse(code, `${what} has more than ${longest} ${unit}.`, place);
  }
  try {
    const text =
      typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
    if (nestsDeeper(text, deepest)) {
      return refuse(code, `${what} nests more than ${deepest} brackets.`, place);
    }
    return ok(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return refuse(code, `${what} isn't JSON.`, place);
  }
}

/** A value that this very program wrote as JSON: a key made of a value, a file of its own build, its database's. */
export function readOwn<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** The fields of a text that is one JSON object. */
export function readObject<const Code extends string>(
  source: string | Uint8Array,
  bounds: JsonBounds<Code>,
): Parsed<Fields, Code> {
  const json = readJson(source, bounds);
  if (!json.ok) return json;
  return isObject(json.value)
    ? ok(json.value)
    : refuse(bounds.code, `${bounds.what} isn't a JSON object.`, bounds.place);
}

/** A value by its schema; the first problem of it is the refusal. */
export function readShape<T, const Code extends string>(
  value: unknown,
  read: Read<T>,
  { code, what, whole, place }: ShapeWords<Code>,
): Parsed<T, Code> {
  const problems = new Problems();
  const shaped = read(value, '', problems);
  if (problems.first === undefined) return ok(shaped);
  const { path, message } = problems.first;
  return refuse(code, `In ${what} ${path === '' ? whole : path} ${message}.`, place);
}

export interface ShapeWords<Code extends string> {
  readonly code: Code;
  /** `the trace`. */
  readonly what: string;
  /** What stands for it where the problem isn't a field's: `the record`. */
  readonly whole: string;
  readonly place?: string;
}

/** Whether brackets outside of strings nest deeper than a limit. */
function nestsDeeper(text: string, limit: number): boolean {
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
