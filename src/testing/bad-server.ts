/**
 * A host of files that misbehaves on purpose, for tests of downloads in Node and in the browser: it can be slow, cut
 * connections, send wrong bytes, lengths and parts, ignore ranges, redirect, and answer with a web page.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from './close-server.ts';

/** What happens to one request for a file, once; the next one is served as it should be unless there is a further one. */
export type Misdeed =
  | 'cut' // half of the bytes, then the connection ends
  | 'cut-at-once' // not even a header
  | 'stall' // half of the bytes, then nothing for ever
  | 'wrong-bytes' // one bit differs
  | 'longer'
  | 'shorter'
  | 'other-part' // 206 with bytes that weren't asked for
  | 'no-ranges' // the whole file whatever was asked
  | 'html' // a web page with status 200
  | 'html-as-data' // the same, called octet-stream
  | 'redirect'
  | 404
  | 403
  | 416
  | 429
  | 500;

export interface BadServer {
  /** `http://localhost:1234/` */
  readonly address: string;
  /** By path, without the leading slash. */
  readonly files: Map<string, Uint8Array>;
  /** For each path what the next requests meet, in order. */
  readonly misdeeds: Map<string, Misdeed[]>;
  /** Done to every request, after the path's own are used up. */
  always: Misdeed | undefined;
  /** Bytes a second of every answer. */
  bytesPerSecond: number;
  /** `path` or `path range`, in order. */
  readonly requests: string[];
  /** Bytes that were sent as bodies. */
  sent: number;
  stop(): Promise<void>;
}

export async function badServer(port = 0): Promise<BadServer> {
  const files = new Map<string, Uint8Array>();
  const misdeeds = new Map<string, Misdeed[]>();
  const requests: string[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const state: BadServer = {
    address: '',
    files,
    misdeeds,
    always: undefined,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    requests,
    sent: 0,
    stop: () => closeServer(server),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Any page may read it, and send a range.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'range');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const path = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0] ?? '').replace(
      /^moved\//,
      '',
    );
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    requests.push(range === undefined ? path : `${path} ${range}`);
    const misdeed = misdeeds.get(path)?.shift() ?? state.always;
    const file = files.get(path);
    if (file === undefined || misdeed === 404) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not here');
      return;
    }
    if (misdeed === 'cut-at-once') {
      request.socket.destroy();
      return;
    }
    if (misdeed === 'html' || misdeed === 'html-as-data') {
      const type = misdeed === 'html' ? 'text/html; charset=utf-8' : 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type }).end('<!doctype html><title>Sign in</title>');
      return;
    }
    if (typeof misdeed === 'number') {
      response.writeHead(misdeed, { 'Content-Type': 'text/plain', 'Retry-After': '0' }).end('no');
      return;
    }
    if (misdeed === 'redirect' && !(request.url ?? '').startsWith('/moved/')) {
      response.writeHead(302, { Location: `/moved/${path}` }).end();
      return;
    }
    await send(response, file, range === undefined ? undefined : Number(range), misdeed);
  };

  const send = async (
    response: ServerResponse,
    file: Uint8Array,
    from: number | undefined,
    misdeed: Misdeed | undefined,
  ): Promise<void> => {
    const ranged = from !== undefined && misdeed !== 'no-ranges';
    const start = ranged ? from : 0;
    if (ranged && start >= file.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
      return;
    }
    let body = file.slice(misdeed === 'other-part' ? 0 : start);
    const middle = Math.floor(body.length / 2);
    if (misdeed === 'wrong-bytes') body[middle] = (body[middle] ?? 0) ^ 1;
    if (misdeed === 'shorter') body = body.slice(0, middle);
    if (misdeed === 'longer') body = Buffer.concat([body, Uint8Array.of(1, 2, 3)]);
    const first = misdeed === 'other-part' ? 0 : start;
    response.writeHead(ranged ? 206 : 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(body.length),
      ...(ranged ? { 'Content-Range': `bytes ${first}-${file.length - 1}/${file.length}` } : {}),
    });
    const cut = misdeed === 'cut' || misdeed === 'stall';
    const sent = cut ? body.subarray(0, middle) : body;
    const piece = Math.max(1, Math.min(65_536, Math.ceil(state.bytesPerSecond / 20)));
    for (let at = 0; at < sent.length; at += piece) {
      if (response.destroyed) return;
      const bytes = sent.subarray(at, at + piece);
      state.sent += bytes.length;
      await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
      const wait = (1000 * bytes.length) / state.bytesPerSecond;
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    if (misdeed === 'stall') return;
    if (misdeed === 'cut') {
      // What was sent arrives; a connection that is reset at once would take it along.
      await new Promise((resolve) => setTimeout(resolve, 100));
      response.destroy();
    } else response.end();
  };

  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return Object.assign(state, { address: `http://localhost:${taken}/` });
}
