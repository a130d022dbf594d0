/**
 * What servers answer, read: a stream's events and whole answers of OpenAI's protocol, and the dialects that vLLM,
 * SGLang, Ollama, LM Studio, llama.cpp, Mistral and FastAPI speak of it.
 */

import { asFields, type Fields, isCount } from '../../base/json-fields.ts';
import { readJson } from '../../base/read-json.ts';
import { ok, type Result } from '../../base/result.ts';
import { quote, type ServerFailure, serverFailure } from './failure.ts';

export interface TokenCounts {
  readonly prompt: number;
  /** Of the prompt, what the server had in its cache. */
  readonly cached: number;
  readonly completion: number;
}

export interface Completion {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** Undefined where the server doesn't say. */
  readonly tokens: TokenCounts | undefined;
  /** Characters of reasoning that came beside the text. */
  readonly reasoning: number;
  /** What came where the text should be. */
  readonly instead?: Instead | undefined;
  /** Milliseconds until the first piece, and from there to the end. */
  readonly firstMs: number;
  readonly restMs: number;
}

/** A model may call a tool that nobody offered, or decline in a field of its own. */
export type Instead =
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'refusal'; readonly said: string };

interface Piece {
  readonly text: string;
  /** Characters of reasoning, which isn't kept but bounded all the same. */
  readonly unseen: number;
  readonly instead: Instead | undefined;
  readonly finish: Completion['finish'] | undefined;
  readonly tokens: TokenCounts | undefined;
}

/** One event of a stream. */
export function readPiece(chunk: unknown, key: string | undefined): Result<Piece, ServerFailure> {
  const { choices, usage } = asFields(chunk);
  if (!Array.isArray(choices)) return garbage();
  const tokens = readTokens(usage);
  const [choice] = choices;
  if (choice === undefined) return ok({ text: '', unseen: 0, instead: undefined, finish: undefined, tokens });
  const broken = brokenOff(asFields(choice), undefined, key);
  if (broken !== undefined) return broken;
  const { delta, finish_reason } = asFields(choice);
  const said = readContent(delta);
  return said === undefined ? garbage() : ok({ ...said, finish: readFinish(finish_reason), tokens });
}

/** The answer of a server that doesn't stream. */
export function readWhole(
  bytes: Uint8Array,
  ms: number,
  key: string | undefined,
): Result<Completion, ServerFailure> {
  const json = readJson(bytes, { code: 'SERVER_GARBAGE', what: 'The answer', longest: bytes.length });
  if (!json.ok) return garbage();
  const { choices, usage, error } = asFields(json.value);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { message, finish_reason } = asFields(choice);
  if (choice === undefined && error !== undefined && error !== null) return saidFailure(json.value, key);
  const broken = brokenOff(asFields(choice), error, key);
  if (broken !== undefined) return broken;
  const said = message === undefined ? undefined : readContent(message);
  if (said === undefined) return garbage();
  const tokens = readTokens(usage);
  const { text, unseen: reasoning } = said;
  const instead = quotedInstead(said.instead, key);
  // A whole answer ended, whether it says why or not.
  const finish = readFinish(finish_reason) ?? 'stop';
  return ok({ text, finish, tokens, reasoning, instead, firstMs: ms, restMs: 0 });
}

/**
 * Why what a choice holds is no whole reply, though it came with status 200 (OpenRouter, vLLM, SGLang, Azure);
 * undefined where nothing says so.
 * @param beside the error that stands beside the choices
 */
function brokenOff(
  { finish_reason: finish, error }: Fields,
  beside: unknown,
  key: string | undefined,
): { readonly ok: false; readonly error: ServerFailure } | undefined {
  const why = typeof finish === 'string' ? finish.toLowerCase() : '';
  const hasError = typeof error === 'string' ? error !== '' : Object.keys(asFields(error)).length > 0;
  if (hasError || why === 'error' || why === 'abort') {
    const reason = reasonOf(error) ?? reasonOf(beside) ?? (hasError ? jsonOf(error) : undefined);
    return reason === undefined
      ? serverFailure('SERVER_CUT', `The server broke the answer off (finish_reason ${why}).`)
      : serverFailure('SERVER_FAILED', `The server failed: ${quote(reason, key)}.`);
  }
  // The same prompt would meet the same filter.
  return why === 'content_filter'
    ? serverFailure(
        'SERVER_REFUSED',
        'The server filtered the reply (finish_reason content_filter). Loosen its filter, or use a model without one.',
      )
    : undefined;
}

/** What a message or a piece of one holds; undefined where it isn't the protocol's. */
function readContent(message: unknown): Pick<Piece, 'text' | 'unseen' | 'instead'> | undefined {
  const { content, reasoning_content, reasoning } = asFields(message);
  const instead = readInstead(asFields(message));
  let unseen = lengthOf(reasoning_content) + lengthOf(reasoning);
  if (!Array.isArray(content)) {
    return typeof (content ?? '') === 'string'
      ? { text: (content ?? '') as string, unseen, instead }
      : undefined;
  }
  let text = '';
  for (const part of content as readonly unknown[]) {
    const { type, text: piece } = asFields(part);
    if ((type === 'text' || type === 'output_text') && typeof piece === 'string') text += piece;
    else unseen += jsonOf(part).length;
  }
  return { text, unseen, instead };
}

function readInstead({ tool_calls, function_call, refusal }: Fields): Instead | undefined {
  if (typeof refusal === 'string' && refusal !== '') return { kind: 'refusal', said: refusal };
  const call = Array.isArray(tool_calls) ? asFields(tool_calls[0]).function : function_call;
  if (call === undefined || call === null) return undefined;
  const { name } = asFields(call);
  return { kind: 'tool', name: typeof name === 'string' ? name : '' };
}

/** Fit for a sentence. */
export function quotedInstead(instead: Instead | undefined, key: string | undefined): Instead | undefined {
  if (instead === undefined) return undefined;
  return instead.kind === 'tool'
    ? { kind: 'tool', name: quote(instead.name, key) }
    : { kind: 'refusal', said: quote(instead.said, key) };
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

function readFinish(reason: unknown): Completion['finish'] | undefined {
  if (typeof reason !== 'string' || reason === '') return undefined;
  return reason === 'length' ? 'length' : 'stop';
}

function readTokens(usage: unknown): TokenCounts | undefined {
  const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details } = asFields(usage);
  if (!isCount(prompt) || !isCount(completion)) return undefined;
  const { cached_tokens: cached } = asFields(prompt_tokens_details);
  return { prompt, completion, cached: isCount(cached) ? Math.min(cached, prompt) : 0 };
}

export function garbage(): { readonly ok: false; readonly error: ServerFailure } {
  return serverFailure('SERVER_GARBAGE', "The server's answer isn't that of a chat completion.");
}

/** An error that came with status 200: what lasts looks the same as what passes, so it is asked again twice. */
export function saidFailure(
  json: unknown,
  key: string | undefined,
): { readonly ok: false; readonly error: ServerFailure } {
  const reason = reasonOf(json) ?? jsonOf(json);
  return serverFailure('SERVER_FAILED', `The server failed: ${quote(reason, key)}.`, undefined, 'little');
}

/** What a server sent, as JSON; values that nest deeper than can be written are none that anybody reads. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value ?? null);
  } catch {
    return '…';
  }
}

/** Why a server refused, out of the body of its answer, JSON or not; undefined where it says nothing. */
export function readReason(body: string): string | undefined {
  const json = readJson(body, { code: 'SERVER_GARBAGE', what: 'The reason', longest: body.length });
  if (json.ok) return reasonOf(json.value);
  return body.trim() === '' ? undefined : body;
}

/**
 * `{error: {message}}` (OpenAI, vLLM, llama.cpp), `{error: "…"}` (Ollama, LM Studio, TGI), `{message}` (older vLLM),
 * `{detail: "…"}` and `{detail: [{loc, msg}]}` (FastAPI).
 * @param depth how much deeper a stranger's JSON is followed
 */
function reasonOf(json: unknown, depth = 4): string | undefined {
  if (typeof json === 'string') return json === '' ? undefined : json;
  if (typeof json !== 'object' || depth === 0) return undefined;
  if (Array.isArray(json)) {
    const reasons = json
      .slice(0, 5)
      .map((one) => reasonOf(one, depth - 1))
      .filter((reason) => reason !== undefined);
    return reasons.length === 0 ? undefined : reasons.join('; ');
  }
  const { error, message, detail, msg, loc } = asFields(json);
  if (typeof msg === 'string') return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg;
  for (const reason of [error, message, detail]) {
    const found = reasonOf(reason, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
