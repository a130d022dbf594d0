/**
 * Environments over HTTP: POST / takes the messages that the pipe takes, /reset, /step, /state and /health are
 * OpenEnv's. For programs on this machine: whoever comes from a page, or under another name than this host's, is refused.
 */

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readObject } from '../../base/read-json.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import { answerOpenEnv, OPENENV_PATHS } from '../../serve/openenv.ts';
import { failure, type Service, tooLarge } from '../../serve/service.ts';
import { readFailure } from '../files/read-failure.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** What clients have to send as `Authorization: Bearer`. */
  readonly token: string | undefined;
}

/** Connections at once; each has one message under way. */
const MAX_CONNECTIONS = 1_024;
const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

/** Whether a host's name means this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host);
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/**
 * Answers until the signal aborts. Code LISTEN where the port can't be had.
 * @param listening is told the address once it is there
 * @returns how many messages were answered
 */
export async function serveHttp(
  service: Service,
  { host, port, token }: HttpOptions,
  signal: AbortSignal,
  listening: (url: string) => void,
): Promise<Result<number>> {
  let messages = 0;
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    void answer(service, request, token, isLoopback(host)).then((reply) => {
      messages++;
      send(response, reply);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  const fault = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(undefined));
  });
  if (fault !== undefined) {
    return refuse('LISTEN', `Can't listen at ${host}:${port}: ${readFailure(fault)}.`);
  }
  const { port: given } = server.address() as AddressInfo;
  listening(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${given}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return ok(messages);
}

async function answer(
  service: Service,
  request: IncomingMessage,
  token: string | undefined,
  local: boolean,
): Promise<Reply> {
  // Not by URL, which throws at what isn't one: `//`, from whatever page knows the port, would end the engine.
  const [pathname = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const fault = unwelcome(request, token, local);
  if (fault !== undefined) return fault;
  if (request.method === 'GET' && pathname === '/health') return reply(200, { status: 'healthy' });
  const known = OPENENV_PATHS.find((path) => path === pathname);
  if (request.method === 'GET' && known === '/state') {
    return openEnv(service, known, Object.fromEntries(new URLSearchParams(query)));
  }
  if (request.method !== 'POST') return refused(405, 'METHOD', 'messages are posted');
  if (known === undefined && pathname !== '/') return refused(404, 'PATH', "there's nothing here; post to /");
  const text = await bodyOf(request, service.limits.message);
  if (text === undefined) return reply(413, failure(null, tooLarge(service.limits.message)));
  if (known === undefined) return { status: 200, body: await service.answer(text) };
  const longest = service.limits.message;
  const body = readObject(text === '' ? '{}' : text, { code: 'REQUEST_NOT_JSON', what: 'the body', longest });
  return body.ok ? openEnv(service, known, body.value) : reply(400, failure(null, body.error));
}

/** Why a request isn't heard at all. */
function unwelcome(request: IncomingMessage, token: string | undefined, local: boolean): Reply | undefined {
  const { origin, host = '', authorization = '' } = request.headers;
  if (token !== undefined && !sameText(authorization, `Bearer ${token}`))
    return refused(401, 'TOKEN', 'this engine wants its token, as Authorization: Bearer …');
  // A page in a browser of this machine must reach nothing here, not by another name for this address either.
  if (origin !== undefined) return refused(403, 'ORIGIN', "pages aren't served");
  if (local && !isLoopback(host.replace(/:\d+$/, '')))
    return refused(403, 'HOST', 'this engine serves its own machine, by the name localhost');
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim();
  if (request.method === 'POST' && type !== 'application/json')
    return refused(415, 'CONTENT_TYPE', 'messages are application/json');
  return undefined;
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** The body, or undefined where it is longer than a message may be. */
async function bodyOf(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      // A character has at most four bytes; the service counts characters.
      if (bytes > 4 * limit) return undefined;
      parts.push(part);
    }
  } catch {
    return ''; // the client went away in the middle; nobody reads the answer
  }
  return Buffer.concat(parts).toString('utf8');
}

async function openEnv(
  service: Service,
  path: (typeof OPENENV_PATHS)[number],
  body: Readonly<Record<string, unknown>>,
): Promise<Reply> {
  const { status, answer } = await answerOpenEnv(service, path, body);
  return reply(status, answer);
}

function refused(status: number, code: string, message: string): Reply {
  return reply(status, failure(null, refuse(code, message).error));
}

function reply(status: number, answer: object): Reply {
  return { status, body: JSON.stringify(answer) };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // What wasn't read of a body that is too long must not become the next request.
  if (status === 413) response.setHeader('Connection', 'close');
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
