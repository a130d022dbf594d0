/**
 * Reading of this folder's JSON Lines files. A file may come from anywhere, so every record is checked before it is
 * believed; a last line without its line feed is the rest of an interrupted run and passed over.
 */
import { type Fields, isObject } from './json-fields.ts';
import { readObject } from './read-json.ts';
import { ok, type Parsed, type Refused, refuse } from './result.ts';

/** Why it refuses. */
export type LineCode = 'LINE_JSON' | 'LINE_VERSION';

export interface JsonLine {
  readonly json: Fields;
  /** `line 3`, for messages. */
  readonly place: string;
  /** Where the next line starts, in UTF-16 units. */
  readonly end: number;
}

/** All records of a version, in order; empty lines are passed over. */
export function parseLines(text: string, version: number): Parsed<JsonLine[], LineCode> {
  const lines: JsonLine[] = [];
  let start = 0;
  for (let number = 1; ; number++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return ok(lines);
    const line = text.slice(start, end);
    start = end + 1;
    if (line.trim() === '') continue;
    const place = `line ${number}`;
    const read = readObject(line, { code: 'LINE_JSON', what: 'This line', longest: 100_000_000, place });
    if (!read.ok) return read;
    const json = read.value;
    if (json.version !== version) {
      return refuse(
        'LINE_VERSION',
        `This record is of version ${String(json.version)}, not ${version}.`,
        place,
      );
    }
    lines.push({ json, place, end: start });
  }
}

/** The refusal of a record with a missing or wrong key. */
export function refuseShape<const Code extends string>(
  code: Code,
  json: Fields,
  key: string,
  place: string,
): Refused<Code> {
  return refuse(code, `The ${String(json.kind)} record has no valid "${key}".`, place);
}

/** True if the value is an object with a string for each key. */
export function hasStrings(value: unknown, keys: readonly string[]): boolean {
  return isObject(value) && keys.every((key) => typeof value[key] === 'string');
}
