import { request } from 'node:http';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Catalogue } from '../../serve/catalogue.ts';
import { Service } from '../../serve/service.ts';
import { isLoopback, serveHttp } from './http.ts';
import { servePipe } from './pipe.ts';

const stop = new AbortController();
const service = new Service(new Catalogue([]), { version: '1', limits: { message: 2_000 } });
let url = '';
let ended: Promise<unknown>;

beforeAll(async () => {
  url = await listen(undefined);
});
afterAll(async () => {
  stop.abort();
  await ended;
});

function listen(token: string | undefined): Promise<string> {
  return new Promise((resolve) => {
    ended = serveHttp(service, { host: '127.0.0.1', port: 0, token }, stop.signal, resolve);
  });
}

interface Heard {
  readonly status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads, of whatever shape
  readonly body: any;
}

function post(path: string, body: string, headers: Record<string, string> = {}, to = url): Promise<Heard> {
  return send('POST', path, body, { 'Content-Type': 'application/json', ...headers }, to);
}

function send(
  method: string,
  path: string,
  body: string,
  headers: Record<string, string>,
  to = url,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const sent = request(to + path, { method, headers }, async (response) => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      resolve({ status: response.statusCode, body: JSON.parse(text) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('takes the messages that the pipe takes, from two clients at once', async () => {
  const reset = (episode: string) => post('/', JSON.stringify([{ op: 'reset', episode, home: 2 }]));
  const answers = await Promise.all([reset('a'), reset('b')]);
  expect(answers.map(({ status, body }) => [status, body[0].episode])).toEqual([
    [200, 'a'],
    [200, 'b'],
  ]);
  const stepped = await post('/', '{"op":"step","episode":"a","action":"look \u00e9"}');
  expect(stepped.body).toMatchObject({ observation: 'Nothing happens.', steps: 1 });
});

test("speaks OpenEnv's reset, step and state", async () => {
  const reset = await post('/reset', '{"episode_id":"mine","home":2}');
  expect(reset.body).toMatchObject({
    reward: null,
    done: false,
    observation: { won: false, dialect: 'move' },
  });
  expect(reset.body.observation.admissible_commands).toContain('look');
  const step = await post('/step', '{"episode_id":"mine","action":{"command":"look"},"timeout_s":5}');
  expect(step.body).toMatchObject({
    reward: 0,
    done: false,
    observation: { text: expect.stringContaining('room') },
  });
  const state = await send('GET', '/state?episode_id=mine', '', {});
  expect(state.body).toMatchObject({ episode_id: 'mine', step_count: 1, done: false });
  expect(await post('/step', '{"action":{}}')).toMatchObject({
    status: 400,
    body: { error: { place: 'action' } },
  });
  expect(await send('GET', '/health', '', {})).toEqual({ status: 200, body: { status: 'healthy' } });
});

test.each<[string, () => Promise<Heard>, number, string]>([
  ['a page', () => post('/', '{}', { Origin: 'http://evil.example' }), 403, 'ORIGIN'],
  ['another name for this address', () => post('/', '{}', { Host: 'evil.example' }), 403, 'HOST'],
  ['a form', () => post('/', '{}', { 'Content-Type': 'text/plain' }), 415, 'CONTENT_TYPE'],
  ['a GET', () => send('GET', '/', '', {}), 405, 'METHOD'],
  ['another path', () => post('/admin', '{}'), 404, 'PATH'],
  ['more than a message holds', () => post('/', ' '.repeat(8_001)), 413, 'REQUEST_TOO_LARGE'],
  ['no JSON', () => post('/reset', '{'), 400, 'REQUEST_NOT_JSON'],
])('%s is refused', async (_, ask, status, code) => {
  expect(await ask()).toMatchObject({ status, body: { error: { code } } });
});

test('garbage, and clients that go away in the middle of a message or of its answer, disturb nobody', async () => {
  const port = Number(new URL(url).port);
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length:';
  const message = '{"op":"reset","episode":"left","home":2}';
  const sent = [
    '\0\xff\r\n\r\n',
    ...['//', '/\\', 'http://[', 'http://a b/', '*'].map(
      (path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    ),
    `${head} 500\r\n\r\n{"op":`,
    `${head} ${message.length}\r\n\r\n${message}`,
    '',
  ];
  await Promise.all(
    sent.map(
      (bytes) =>
        new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.write(bytes, 'latin1', () => bytes.startsWith('GET') || socket.destroy());
          });
          // What is asked for as a whole is answered, then the connection is let go.
          socket.on('data', () => socket.destroy());
          socket.on('error', () => undefined).on('close', () => resolve());
        }),
    ),
  );
  expect(await post('/', '{"op":"info"}')).toMatchObject({ status: 200, body: { name: 'duomem' } });
});

test('with a token, only who sends it is heard', async () => {
  const guarded = await listen('secret');
  expect(await post('/', '{"op":"info"}', {}, guarded)).toMatchObject({ status: 401 });
  expect(await post('/', '{"op":"info"}', { Authorization: 'Bearer secre' }, guarded)).toMatchObject({
    status: 401,
  });
  const heard = await post('/', '{"op":"info"}', { Authorization: 'Bearer secret' }, guarded);
  expect(heard).toMatchObject({ status: 200, body: { name: 'duomem' } });
});

test('a port that is taken is a sentence', async () => {
  const taken = await serveHttp(
    service,
    { host: '127.0.0.1', port: Number(new URL(url).port), token: undefined },
    stop.signal,
    () => {},
  );
  expect(taken).toMatchObject({ ok: false, error: { code: 'LISTEN' } });
  expect([isLoopback('127.0.0.1'), isLoopback('0.0.0.0'), isLoopback('127.0.0.1.evil.example')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a pipe answers line by line, whatever ends them, and a line that never ends fills nothing', async () => {
  const out = new PassThrough();
  const lines = ['{"op":"info","id":1}\r\n', '\n', 'x'.repeat(5_000), 'y\n{"op":"in', 'fo","id":2}'];
  const messages = await servePipe(
    service,
    Readable.from(lines.map((line) => Buffer.from(line))),
    out,
    stop.signal,
  );
  out.end();
  let said = '';
  for await (const part of out.setEncoding('utf8')) said += part;
  expect(messages).toBe(3);
  expect(
    said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id ?? JSON.parse(line).error.code),
  ).toEqual([1, 'REQUEST_TOO_LARGE', 2]);
});

test('whatever bytes come through the pipe, in whatever pieces, each line has its answer', async () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1').replace(/\n/g, '')),
    fc.constantFrom(
      '{"op":"info"}',
      '{"op":"step","episode":"\u00e9\u{1f600}","action":"look"}',
      '[]',
      '[1,{}]',
      '',
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 40 }),
      async (lines, end, size) => {
        const bytes = Buffer.from(lines.map((one) => one + end).join(''));
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const out = new PassThrough();
        const messages = await servePipe(service, Readable.from(pieces), out, stop.signal);
        out.end();
        let said = '';
        for await (const part of out.setEncoding('utf8')) said += part;
        const answers = said.split('\n').slice(0, -1);
        for (const answer of answers) expect(() => JSON.parse(answer)).not.toThrow();
        const asked = lines.filter((one) => one.trim() !== '').length;
        expect([answers.length, messages]).toEqual([asked, asked]);
      },
    ),
    { numRuns: 100 },
  );
});
