/**
 * One request to an OpenAI-compatible server (POST /chat/completions, streamed): the only file that touches the openai
 * package. It asks once and says what came of it; retry.ts asks again. Nothing that a server does can hang it, fill the
 * memory or throw: an answer has a limit in time, in silence, in characters and in bytes.
 */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { Stream } from 'openai/core/streaming';
import type { Message } from '../../agent/prompt.ts';
import { THINKING_TOKENS } from '../../agent/settings.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Clock } from '../student.ts';
import {
  type Completion,
  garbage,
  type Instead,
  quotedInstead,
  readPiece,
  readReason,
  readWhole,
  saidFailure,
  type TokenCounts,
} from './answer.ts';
import { quote, retryAfter, type ServerFailure, serverFailure } from './failure.ts';

export interface ServerOptions {
  /** Up to and without /chat/completions: `http://localhost:8000/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Undefined: no Authorization header is sent. */
  readonly apiKey: string | undefined;
  /** Milliseconds without a piece of the answer, the time until the first one included. */
  readonly silenceMs: number;
  /** Milliseconds for a whole answer. */
  readonly totalMs: number;
  /** Further fields of the request's body; null takes one out (`{"max_tokens":null,"max_completion_tokens":300}`). */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** A hybrid model (Qwen3) is told to think before it answers, or not to; nothing is said where it isn't given. */
  readonly thinking?: boolean | undefined;
}

export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed?: number | undefined;
}

export interface ChatServer {
  readonly baseUrl: string;
  readonly model: string;
  /** Asks once. After the signal aborted: any failure. */
  complete(request: ChatRequest, signal?: AbortSignal): Promise<Result<Completion, ServerFailure>>;
}

/** No answer has more bytes than this and so many a token, error pages and the overhead of a stream included. */
const MOST_BYTES = 1_000_000;
const MOST_BYTES_A_TOKEN = 2000;
/** A token has about 4 characters; a server that goes on past 16 a token ignores `max_tokens`. */
const MOST_CHARACTERS_A_TOKEN = 16;

export function connectServer(options: ServerOptions, clock: Clock): ChatServer {
  const { baseUrl, model, apiKey, totalMs } = options;
  const client = new OpenAI({
    apiKey: apiKey ?? 'none',
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: totalMs,
    logLevel: 'off',
    // A server without accounts gets no made-up key.
    ...(apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
  });
  const room = options.thinking === true ? THINKING_TOKENS : 0;
  return {
    baseUrl,
    model,
    complete: (request, signal) =>
      complete(client, options, { ...request, maxTokens: request.maxTokens + room }, clock, signal),
  };
}

async function complete(
  client: OpenAI,
  options: ServerOptions,
  request: ChatRequest,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Result<Completion, ServerFailure>> {
  const watch = new Watch(options, signal);
  const start = clock();
  const wire: Wire = { refusal: undefined, ended: false };
  try {
    const bounded = client.withOptions({
      fetch: boundedFetch(MOST_BYTES + request.maxTokens * MOST_BYTES_A_TOKEN, wire),
    });
    const asked = bounded.chat.completions.create(bodyOf(options, request), { signal: watch.signal });
    // Read here, not by the package: where a request isn't streamed it would have read the body already.
    const response = await asked.asResponse();
    watch.heard();
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (type === 'application/json') {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return readWhole(bytes, clock() - start, options.apiKey);
    }
    if (type !== 'text/event-stream') {
      watch.end();
      return serverFailure(
        'SERVER_NOT_OPENAI',
        `The server answered with ${quote(type, undefined) || 'something unnamed'} in place of a stream of events; is the address right?`,
      );
    }
    let text = '';
    let unseen = 0;
    let instead: Instead | undefined;
    let finish: Completion['finish'] | undefined;
    let tokens: TokenCounts | undefined;
    let first: number | undefined;
    const most = 256 + request.maxTokens * MOST_CHARACTERS_A_TOKEN;
    for await (const chunk of Stream.fromSSEResponse<unknown>(response, watch.controller, bounded)) {
      const read = readPiece(chunk, options.apiKey);
      if (!read.ok) return read;
      const piece = read.value;
      watch.heard();
      if (piece.text !== '') first ??= clock();
      text += piece.text;
      unseen += piece.unseen;
      instead = joined(instead, piece.instead, most);
      finish ??= piece.finish;
      tokens = piece.tokens ?? tokens;
      if (text.length + unseen > most) {
        finish = 'length';
        break;
      }
    }
    if (watch.failure !== undefined && finish === undefined) return watch.failure;
    if (finish === undefined && !wire.ended)
      return serverFailure('SERVER_CUT', 'The answer was cut off before its end.');
    // Some servers end in good order and don't say why: as long as it was allowed to be, it was cut.
    finish ??= (tokens?.completion ?? 0) >= request.maxTokens ? 'length' : 'stop';
    const end = clock();
    const { firstMs, restMs } = { firstMs: (first ?? end) - start, restMs: end - (first ?? end) };
    const said = {
      text: text.slice(0, most),
      reasoning: unseen,
      instead: quotedInstead(instead, options.apiKey),
    };
    return ok({ ...said, finish, tokens, firstMs, restMs });
  } catch (error) {
    return watch.failure ?? failureOf(error, wire.refusal, options);
  } finally {
    watch.end();
  }
}

/** A refusal comes in pieces as a text does; of a tool the first piece has the name. */
function joined(before: Instead | undefined, piece: Instead | undefined, most: number): Instead | undefined {
  if (before?.kind !== 'refusal' || piece?.kind !== 'refusal') return before ?? piece;
  return { kind: 'refusal', said: (before.said + piece.said).slice(0, most) };
}

function bodyOf({ model, body, thinking }: ServerOptions, request: ChatRequest) {
  const { messages, maxTokens, temperature, seed } = request;
  const streams = body?.stream === undefined || body.stream === true;
  const fields = {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    max_tokens: maxTokens,
    temperature,
    ...(seed === undefined ? {} : { seed }),
    stream: true as const,
    // Servers refuse it of a request that isn't streamed.
    ...(streams ? { stream_options: { include_usage: true } } : {}),
    // What vLLM, SGLang and llama.cpp hand on to the model's own template.
    ...(thinking === undefined ? {} : { chat_template_kwargs: { enable_thinking: thinking } }),
    ...body,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null),
  ) as unknown as typeof fields;
}

/** Ends a request that is silent or takes too long, or that the caller has given up. */
class Watch {
  readonly #silence: number;
  readonly controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #total: ReturnType<typeof setTimeout>;
  #timer: ReturnType<typeof setTimeout>;
  failure: { readonly ok: false; readonly error: ServerFailure } | undefined;

  constructor({ silenceMs, totalMs }: ServerOptions, outer: AbortSignal | undefined) {
    this.#silence = silenceMs;
    this.#outer = outer;
    this.#total = setTimeout(() => this.#late(totalMs, 'The answer took longer than'), totalMs);
    this.#timer = this.#listen();
    if (outer?.aborted) this.#stopped();
    outer?.addEventListener('abort', this.#stopped, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#listen();
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#total);
    this.#outer?.removeEventListener('abort', this.#stopped);
    this.controller.abort();
  }

  #listen(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#late(this.#silence, 'The server was silent for more than'), this.#silence);
  }

  #late(ms: number, what: string): void {
    this.failure ??= serverFailure('SERVER_TIMEOUT', `${what} ${ms / 1000} seconds.`);
    this.controller.abort();
  }

  readonly #stopped = (): void => {
    this.failure ??= serverFailure('SERVER_CUT', 'The request was stopped.');
    this.controller.abort();
  };
}

class TooManyBytes extends Error {}

/** Where a server sends its visitors on to. */
class Redirected extends Error {}

/** What was thrown, as a failure: by the package for a status, by fetch for a connection, by JSON for garbage. */
function failureOf(
  error: unknown,
  refusal: string | undefined,
  { baseUrl, model, apiKey }: ServerOptions,
): Result<never, ServerFailure> {
  if (causedBy(error, (one) => one instanceof TooManyBytes)) {
    return serverFailure('SERVER_ENDLESS', 'The server sent more bytes than an answer can have.');
  }
  const redirected = causedBy(error, (one) => one instanceof Redirected);
  if (redirected !== undefined) {
    const { message: to } = redirected as Redirected;
    return serverFailure(
      'SERVER_REFUSED',
      `The server redirects the prompt to ${quote(to, apiKey)}: it isn't followed there. If that address is meant, give it.`,
    );
  }
  if (error instanceof SyntaxError) return garbage();
  if (error instanceof APIConnectionTimeoutError) {
    return serverFailure('SERVER_TIMEOUT', "The server didn't answer in time.");
  }
  if (error instanceof APIConnectionError || !(error instanceof APIError)) {
    const cause = causedBy(error, (one) => typeof (one as { code?: unknown }).code === 'string');
    const why = cause === undefined ? String(error) : String((cause as { code?: unknown }).code);
    const started = error instanceof APIConnectionError;
    return started
      ? serverFailure('SERVER_UNREACHABLE', `Can't connect to ${baseUrl} (${quote(why, apiKey)}).`)
      : serverFailure('SERVER_CUT', `The answer was cut off (${quote(why, apiKey)}).`);
  }
  const { status, code, headers } = error as APIError<number | undefined, Headers | undefined>;
  // An event of a stream that holds an error.
  if (status === undefined) return saidFailure(error.error ?? error.message, apiKey);
  const reason = readReason(refusal ?? '');
  const said = quote(reason === undefined ? error.message : `${status} ${reason}`, apiKey);
  const wait = retryAfter(headers);
  if (status === 401 || status === 403) {
    const hint = apiKey === undefined ? ' Set OPENAI_API_KEY.' : '';
    return serverFailure('SERVER_DENIED', `The server denies access: ${said}.${hint}`);
  }
  if (status === 404) {
    return serverFailure(
      'SERVER_NOT_FOUND',
      `The server has no model ${model}, or nothing answers at ${baseUrl}: ${said}.`,
    );
  }
  if (status === 429) {
    return code === 'insufficient_quota'
      ? serverFailure('SERVER_QUOTA', `The account is spent: ${said}.`)
      : serverFailure('SERVER_BUSY', `The server is busy: ${said}.`, wait);
  }
  if (status >= 500 || status === 408 || status === 409) {
    return serverFailure('SERVER_FAILED', `The server failed: ${said}.`, wait);
  }
  return serverFailure('SERVER_REFUSED', `The server refused the request: ${said}.`);
}

/** The first in the chain of causes that the test holds for. */
function causedBy(error: unknown, test: (error: unknown) => boolean): unknown {
  for (let one = error; one instanceof Error; one = one.cause) if (test(one)) return one;
  return undefined;
}

/** What is seen of an answer beneath the package, which keeps it to itself. */
interface Wire {
  /** The body of an answer that isn't 200, its beginning. */
  refusal: string | undefined;
  /** A stream said that it is over. */
  ended: boolean;
}

const MOST_OF_REFUSAL = 20_000;
const OVER = /data:\s*\[DONE\]\s*$/;

/** fetch, with an end to every body, and without redirects. */
function boundedFetch(most: number, wire: Wire): typeof fetch {
  return async (input, init) => {
    // A prompt, and the key with it, goes to the host that was named and to no other.
    const response = await fetch(input, { ...init, redirect: 'manual' });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      throw new Redirected(response.headers.get('location') ?? 'another address');
    }
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    let bytes = 0;
    let tail = '';
    const decoder = new TextDecoder();
    const bounded = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          bytes += chunk.length;
          if (bytes > most) return controller.error(new TooManyBytes('too many bytes'));
          const text = decoder.decode(chunk, { stream: true });
          if (!response.ok) wire.refusal = `${wire.refusal ?? ''}${text}`.slice(0, MOST_OF_REFUSAL);
          tail = (tail + text).slice(-64);
          wire.ended = OVER.test(tail);
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(bounded, { status, statusText, headers });
  };
}
