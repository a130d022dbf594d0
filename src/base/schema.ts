/**
 * Reads values of unknown shape, as files from strangers have them. A reader returns the value that it read; where it
 * finds another shape it notes the first problem with its path and goes on with a stand-in, so that readers compose
 * without a test after each. Keys that a reader doesn't know are left out.
 */

import { isObject } from './json-fields.ts';

/** Collects the first problem of a reading. */
export class Problems {
  first: { readonly path: string; readonly message: string } | undefined;

  note(path: string, message: string): void {
    this.first ??= { path, message };
  }
}

export type Read<T> = (value: unknown, path: string, problems: Problems) => T;

type Shape = Readonly<Record<string, Read<unknown>>>;
type Required<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K]> };
type Optional<S extends Shape> = { readonly [K in keyof S]?: ReturnType<S[K]> };

/** A text of at most `max` UTF-16 code units, and at least `min` when trimmed. */
export function text(max: number, min = 0): Read<string> {
  return (value, path, problems) => {
    if (typeof value !== 'string') problems.note(path, 'must be a text');
    else if (value.length > max) problems.note(path, `is longer than ${max} characters`);
    else if (value.trim().length < min) problems.note(path, 'must not be empty');
    else return value;
    return '';
  };
}

/** A whole number from min to max. */
export function whole(min: number, max: number): Read<number> {
  return (value, path, problems) => {
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
      return withoutSign(value as number);
    }
    problems.note(path, `must be a whole number from ${min} to ${max}`);
    return min;
  };
}

/** A finite number from min to max. */
export function amount(min: number, max: number): Read<number> {
  return (value, path, problems) => {
    if (typeof value === 'number' && value >= min && value <= max) return withoutSign(value);
    problems.note(path, `must be a number from ${min} to ${max}`);
    return min;
  };
}

/** -0 is 0: JSON has both, and writes only one of them. */
function withoutSign(value: number): number {
  return value === 0 ? 0 : value;
}

export const flag: Read<boolean> = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.note(path, 'must be true or false');
  return value === true;
};

/** In place of a value: see {@link either}. */
export const nothing: Read<null> = (value, path, problems) => {
  if (value !== null) problems.note(path, 'must be null');
  return null;
};

/** One of a few words. */
export function oneOf<const Word extends string | number>(words: readonly [Word, ...Word[]]): Read<Word> {
  return (value, path, problems) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) problems.note(path, `must be one of ${words.join(', ')}`);
    return word ?? words[0];
  };
}

/** Either of two readings; the second one's problem is told where both fail. */
export function either<A, B>(first: Read<A>, second: Read<B>): Read<A | B> {
  return (value, path, problems) => {
    const attempt = new Problems();
    const read = first(value, path, attempt);
    return attempt.first === undefined ? read : second(value, path, problems);
  };
}

/** A list of at most `max` values. */
export function list<T>(item: Read<T>, max: number): Read<readonly T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) problems.note(path, 'must be a list');
    else if (value.length > max) problems.note(path, `has more than ${max} entries`);
    else return value.map((one: unknown, i) => item(one, `${path}[${i}]`, problems));
    return [];
  };
}

/** An object with these keys, and perhaps with the optional ones. */
export function object<S extends Shape, O extends Shape>(
  required: S,
  optional: O = {} as O,
): Read<Required<S> & Optional<O>> {
  return (value, path, problems) => {
    if (!isObject(value)) problems.note(path, 'must be an object');
    const fields = isObject(value) ? value : {};
    const out: Record<string, unknown> = {};
    for (const [key, read] of Object.entries(required)) {
      const place = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(fields, key)) problems.note(place, 'is missing');
      out[key] = read(Object.hasOwn(fields, key) ? fields[key] : undefined, place, problems);
    }
    for (const [key, read] of Object.entries(optional)) {
      if (!Object.hasOwn(fields, key) || fields[key] === undefined) continue;
      out[key] = read(fields[key], path === '' ? key : `${path}.${key}`, problems);
    }
    return out as Required<S> & Optional<O>;
  };
}
