/** The options of an OpenAI-compatible server, the same in every subcommand that can ask one. */

import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { readObject } from '../../base/read-json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { type ChatServer, connectServer } from '../../students/openai/client.ts';
import { number } from '../program/command.ts';

/** Keys are taken from here alone: an option would stand in the shell's history (scripts/imports.test.mjs). */
const KEY = 'OPENAI_API_KEY';
const ADDRESS = 'OPENAI_BASE_URL';
const OPENAI = 'https://api.openai.com/v1';

export const THINKING_NOT_HERE =
  '--thinking is for a model behind a server: give --student openai, or leave it out.';

/** Plain data, so that a thread can be given it. */
export interface ServerChoice {
  readonly baseUrl: string | undefined;
  /** Seconds of silence. */
  readonly timeout: number;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly thinking?: boolean | undefined;
}

export const DEFAULT_SERVER: ServerChoice = { baseUrl: undefined, timeout: 120, body: undefined };

/** Adds --base-url, --timeout, --thinking and --body; --model is each subcommand's own. */
export function withServerOptions<Args extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Args, Options>,
) {
  return command
    .option('--base-url <url>', `for openai: the server's address, up to /v1 (or ${ADDRESS}); key: ${KEY}`)
    .option(
      '--timeout <s>',
      'for openai: seconds of silence before a request is given up',
      number(0.1, 3600),
      DEFAULT_SERVER.timeout,
    )
    .option(
      '--thinking <on|off>',
      'for openai: let a hybrid model (Qwen3) think before it answers, or not; otherwise the server decides',
      onOrOff,
    )
    .option('--body <json>', 'for openai: more fields for each request; null removes one', body);
}

function onOrOff(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new InvalidArgumentError('It must be on or off.');
  return text === 'on';
}

function body(text: string): Readonly<Record<string, unknown>> {
  const json = readObject(text, { code: 'BODY', what: 'It', longest: 1_000_000 });
  if (!json.ok) throw new InvalidArgumentError(json.error.message);
  return json.value;
}

/** What of a subcommand's options concerns the server. */
export function serverChoice(options: {
  readonly baseUrl?: string | undefined;
  readonly timeout: number;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly thinking?: boolean | undefined;
}): ServerChoice {
  const { baseUrl, timeout, body, thinking } = options;
  return { baseUrl, timeout, body, thinking };
}

/** Codes: SERVER_MODEL (none was named), SERVER_ADDRESS. Nothing is asked of the server yet. */
export function openServer(model: string | undefined, choice: ServerChoice): Result<ChatServer> {
  if (model === undefined || model.trim() === '') {
    return refuse('SERVER_MODEL', "Name the server's model with --model.");
  }
  const address = choice.baseUrl ?? (process.env[ADDRESS] || OPENAI);
  const baseUrl = readAddress(address);
  if (baseUrl === undefined) {
    const message =
      'The address of the server must be an http or https URL without a password, query or fragment.';
    return refuse('SERVER_ADDRESS', message, address.replace(/\/\/[^/@]*@/, '//...@'));
  }
  const apiKey = process.env[KEY]?.trim();
  const silenceMs = choice.timeout * 1000;
  return ok(
    connectServer(
      {
        baseUrl,
        model,
        apiKey: apiKey === '' ? undefined : apiKey,
        silenceMs,
        totalMs: 5 * silenceMs,
        body: choice.body,
        thinking: choice.thinking,
      },
      () => performance.now(),
    ),
  );
}

function readAddress(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')}`;
}
