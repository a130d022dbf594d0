/** What can go wrong between us and an OpenAI-compatible server, and whether it is worth asking again. */
import type { Refusal } from '../../base/result.ts';

/**
 * - SERVER_DENIED: the key is missing or wrong. SERVER_QUOTA: the account is spent.
 * - SERVER_NOT_FOUND: no such address or model. SERVER_REFUSED: this request wasn't taken (too long, a bad option,
 *   filtered, declined).
 * - SERVER_BUSY: 429. SERVER_FAILED: 5xx, or an error in the middle of an answer.
 * - SERVER_UNREACHABLE: no connection. SERVER_TIMEOUT: no answer in time. SERVER_CUT: an answer without its end.
 * - SERVER_GARBAGE: an answer that isn't the protocol's. SERVER_NOT_OPENAI: an answer of another kind, such as a page.
 * - SERVER_ENDLESS: more bytes than any answer can have. SERVER_SILENT: it thinks or calls a tool, and says
 *   nothing.
 */
const SERVER_CODES = [
  'SERVER_DENIED',
  'SERVER_QUOTA',
  'SERVER_NOT_FOUND',
  'SERVER_REFUSED',
  'SERVER_BUSY',
  'SERVER_FAILED',
  'SERVER_UNREACHABLE',
  'SERVER_TIMEOUT',
  'SERVER_CUT',
  'SERVER_GARBAGE',
  'SERVER_NOT_OPENAI',
  'SERVER_ENDLESS',
  'SERVER_SILENT',
] as const;
export type ServerCode = (typeof SERVER_CODES)[number];

/** How often a failure may be met by asking again: never, twice (a wrong address looks like this), or as configured. */
export type RetryPatience = 'none' | 'little' | 'much';

export interface ServerFailure extends Refusal {
  readonly code: ServerCode;
  readonly patience: RetryPatience;
  /** How long the server asks to wait, in milliseconds. */
  readonly waitMs?: number;
}

const PATIENCE: Readonly<Record<ServerCode, RetryPatience>> = {
  SERVER_DENIED: 'none',
  SERVER_QUOTA: 'none',
  SERVER_NOT_FOUND: 'none',
  SERVER_REFUSED: 'none',
  SERVER_BUSY: 'much',
  SERVER_FAILED: 'much',
  SERVER_UNREACHABLE: 'much',
  SERVER_TIMEOUT: 'much',
  SERVER_CUT: 'much',
  SERVER_GARBAGE: 'much',
  SERVER_NOT_OPENAI: 'little',
  SERVER_ENDLESS: 'little',
  SERVER_SILENT: 'none',
};

export function serverFailure(
  code: ServerCode,
  message: string,
  waitMs?: number,
  patience: RetryPatience = PATIENCE[code],
): { readonly ok: false; readonly error: ServerFailure } {
  const wait = waitMs === undefined ? {} : { waitMs };
  return { ok: false, error: { code, message, patience, ...wait } };
}

/** True of a failure of the server that the next request would meet as well; one that is refused is its own fault. */
export function meetsAll(code: string): boolean {
  return code.startsWith('SERVER_') && code !== 'SERVER_REFUSED';
}

const LONGEST_QUOTE = 300;

/** What a server said, fit for one sentence: one line, no mark-up, not long, never the key. */
export function quote(said: string, key: string | undefined): string {
  const plain = said
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\bsk-[\w-]{4,}/g, 'sk-...');
  const safe = key === undefined || key === '' ? plain : plain.replaceAll(key, '...');
  const short = safe.length > LONGEST_QUOTE ? `${safe.slice(0, LONGEST_QUOTE)}...` : safe;
  return short.replace(/[.\s]+$/, '');
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '[A-Z][a-z]{2}';
const TIME = '\\d{2}:\\d{2}:\\d{2}';
/** The three forms that a date of HTTP may have (RFC 9110, 5.6.7); the last one doesn't say that it's in GMT. */
const HTTP_DATE = new RegExp(
  `^(?:${DAY}, \\d{2} ${MONTH} \\d{4} ${TIME} GMT|[A-Z][a-z]{5,8}, \\d{2}-${MONTH}-\\d{2} ${TIME} GMT|` +
    `${DAY} ${MONTH} [ \\d]\\d ${TIME} \\d{4})$`,
);
const AMOUNT = /^\d+(\.\d+)?$/;

/**
 * How long the server asks to wait: retry-after-ms, or retry-after in seconds or as a date, which is read against the
 * server's own clock. Undefined where it doesn't say, and where what it says makes no sense: a wait that is made of
 * that would be none.
 */
export function retryAfter(headers: Headers | undefined): number | undefined {
  const exact = headers?.get('retry-after-ms')?.trim() ?? '';
  if (AMOUNT.test(exact)) return Number(exact);
  const text = headers?.get('retry-after')?.trim() ?? '';
  if (AMOUNT.test(text)) return Number(text) * 1000;
  const wait = httpDate(text) - httpDate(headers?.get('date')?.trim() ?? '');
  return wait >= 0 ? wait : undefined;
}

/** Milliseconds; NaN where it's none. `Date.parse` alone takes `2,2` and `-1` for days in 2001. */
function httpDate(text: string): number {
  if (!HTTP_DATE.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
