/**
 * The plainest host there is: files of a folder, below a path, without any header that a page might hope for. It can
 * be stopped while a test runs.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeServer } from '../src/testing/close-server.ts';

/** The built page; DUOMEM_DIST names another build. */
export const DIST = process.env.DUOMEM_DIST ?? fileURLToPath(new URL('../dist', import.meta.url));

/** By the ending of a file's name. */
export const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export interface StaticServer {
  /** With the path, closed by a slash. */
  readonly address: string;
  /** The folder that is served may change while the server runs. */
  folder: string;
  /** Answers in the place of the folder where it returns true: a host that does everything wrong that hosts do. */
  meddle: ((path: string, response: ServerResponse) => boolean) | undefined;
  stop(): Promise<void>;
}

/** @param path below which the page lies, such as `/duomem/` */
export async function serveFolder(folder: string, path = '/'): Promise<StaticServer> {
  const served: StaticServer = { address: '', folder, meddle: undefined, stop: () => closeServer(server) };
  const server = createServer((request, response) => {
    const asked = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    if (served.meddle?.(asked.slice(path.length), response)) return;
    let file = asked.startsWith(path) ? join(served.folder, normalize(asked.slice(path.length))) : '';
    if (file !== '' && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (file === '' || !existsSync(file)) {
      response.writeHead(404).end('not here');
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(served, { address: `http://localhost:${port}${path}` });
}

type Body = string | Buffer;

/** For {@link StaticServer.meddle}: a host that hands out something else where `bodyOf` has it. */
export function handingOut(
  bodyOf: (path: string) => Body | Promise<Body> | undefined,
): NonNullable<StaticServer['meddle']> {
  return (path, response) => {
    const body = bodyOf(path);
    if (body === undefined) return false;
    void Promise.resolve(body).then((bytes) => response.end(bytes));
    return true;
  };
}
