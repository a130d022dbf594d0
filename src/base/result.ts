/** Bad input is a value: every parser returns a {@link Result} instead of throwing. */
export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/**
 * Why an input wasn't taken. The page and the command line both print {@link message} as it stands.
 */
export interface Refusal<Code extends string = string> {
  /** Stable identifier, upper snake case, for code and tables; a parser declares the ones that it gives. */
  readonly code: Code;
  /** One plain sentence for a person: what is wrong and, where it helps, what to do. */
  readonly message: string;
  /** Where in the input: a file path, a key, `line 3 column 7`. */
  readonly place?: string;
}

/** What a parser makes of an input: its value, or one of these refusals. */
export type Parsed<T, Code extends string> = Result<T, Refusal<Code>>;

/** A result that is a refusal. */
export type Refused<Code extends string = string> = { readonly ok: false; readonly error: Refusal<Code> };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** What a message quotes of an input may be as long as the input; a person reads no further than this. */
const MAX_MESSAGE = 1_000;

export function refuse<const Code extends string>(
  code: Code,
  message: string,
  place?: string,
): Refused<Code> {
  const cut = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  return {
    ok: false,
    error: place === undefined ? { code, message: cut } : { code, message: cut, place },
  };
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A refusal with the file before the place in it. */
export function placedIn<T>(path: string, result: Result<T>): Result<T> {
  if (result.ok) return result;
  const { place } = result.error;
  return { ok: false, error: { ...result.error, place: place === undefined ? path : `${path}, ${place}` } };
}

/** The value, where a refusal would be a fault of the program or of a test rather than of its input. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(formatRefusal(result.error));
  return result.value;
}

/** The sentence that the page and the command line print for a refusal. */
export function formatRefusal(refusal: Refusal): string {
  return refusal.place === undefined ? refusal.message : `${refusal.place}: ${refusal.message}`;
}
