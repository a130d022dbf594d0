import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { fetchText } from './fetch-text.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function host(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/manifest.json`;
}

test.each<[string, RequestListener]>([
  ['before its headers', () => {}],
  [
    'after its headers',
    (_, response) => void response.writeHead(200, { 'content-length': '9' }).flushHeaders(),
  ],
  ['in the middle', (_, response) => void response.writeHead(200, { 'content-length': '9' }).write('{"a"')],
])('a host that stands still %s is given up', async (_, answer) => {
  const read = await fetchText(fetch, await host(answer), 1000, { stallMs: 50 });
  expect(read).toMatchObject({ ok: false, error: { code: 'HOST_UNREACHABLE' } });
});

test('whoever asks can stop it', async () => {
  const stopping = new AbortController();
  const asking: typeof fetch = (input, init) =>
    fetch(input, { ...init, signal: AbortSignal.any([stopping.signal, init?.signal as AbortSignal]) });
  const read = fetchText(asking, await host(() => stopping.abort()), 1000);
  expect(await read).toMatchObject({ ok: false, error: { code: 'HOST_UNREACHABLE' } });
});

test('a text is read whole, and not past its limit', async () => {
  const url = await host((_, response) => void response.end('né'));
  expect(await fetchText(fetch, url, 3)).toEqual({ ok: true, value: 'né' });
  expect(await fetchText(fetch, url, 2)).toMatchObject({ ok: false, error: { code: 'FILE_TOO_LARGE' } });
});
