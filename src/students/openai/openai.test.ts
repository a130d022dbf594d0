import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { EpisodeView } from '../../agent/conversation.ts';
import { Random } from '../../base/random.ts';
import type { Usage } from '../../teacher/trajectory.ts';
import {
  type Behaviour,
  type ChatServerForTests,
  type Heard,
  startChatServer,
} from '../../testing/chat-server.ts';
import { connectServer, type ServerOptions } from './client.ts';
import { quote, retryAfter } from './failure.ts';
import { withRetries } from './retry.ts';
import { createServerStudent } from './student.ts';
import { addUsage, costOf, NO_USAGE } from './usage.ts';

const VIEW: EpisodeView = { intro: '', steps: [], scripts: [], admissible: () => [] };
const MESSAGES = [
  { role: 'system', content: 'You are an agent.' },
  { role: 'user', content: 'Your task is to: put a mug in desk.' },
] as const;
const SAID = 'Thought: I look around.\nAction: look';
const POLICY = { attempts: 4, firstMs: 100, longestMs: 1000 };

const servers: ChatServerForTests[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A student on a server that meets its requests with these, the last one for ever. */
async function student(
  behaviours: readonly Behaviour[],
  options: Partial<ServerOptions> = {},
  temperature = 0,
) {
  const server = await startChatServer((_, i) => behaviours[Math.min(i, behaviours.length - 1)]);
  servers.push(server);
  const waits: number[] = [];
  let usage: Usage = NO_USAGE;
  const chat = connectServer(
    {
      baseUrl: server.url,
      model: 'teacher-72b',
      apiKey: 'secret-key',
      silenceMs: 3000,
      totalMs: 9000,
      ...options,
    },
    () => performance.now(),
  );
  const made = createServerStudent(chat, {
    temperature,
    retries: POLICY,
    sleep: async (ms) => void waits.push(ms),
    onUsage: (more) => {
      usage = addUsage(usage, more);
    },
  });
  const reply = (signal?: AbortSignal, seed = 's') =>
    made.open({ seed }).reply({ messages: MESSAGES, view: VIEW, maxTokens: 40 }, signal ? { signal } : {});
  return { server, student: made, waits, reply, usage: () => usage };
}

const SAY = { kind: 'say', text: SAID } as const;

test('asks with the prompt, and counts what the answer took', async () => {
  const { server, student: made, reply, usage } = await student([SAY]);
  const said = await reply();
  expect(said).toMatchObject({
    ok: true,
    value: {
      text: SAID,
      finish: 'stop',
      counters: { context: 100, prefilled: 40, reused: 60, decoded: 6 },
    },
  });
  const { body, authorization, path } = server.heard[0] as Heard;
  expect({ authorization, path }).toEqual({
    authorization: 'Bearer secret-key',
    path: '/v1/chat/completions',
  });
  expect(body).toEqual({
    model: 'teacher-72b',
    messages: MESSAGES,
    max_tokens: 40,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(made.identity).toEqual({ kind: 'openai', name: 'teacher-72b', device: server.url });
  expect(usage()).toMatchObject({ requests: 1, retries: 0, unmetered: 0, tokensIn: 100, tokensOut: 6 });
  expect(JSON.stringify(made.identity)).not.toContain('secret');
});

test('no key, no header; fields of the request can be added and taken out', async () => {
  const body = {
    max_tokens: null,
    max_completion_tokens: 40,
    chat_template_kwargs: { enable_thinking: false },
  };
  const { server, reply } = await student([SAY], { apiKey: undefined, body });
  expect(await reply()).toMatchObject({ ok: true });
  expect(server.heard[0]?.authorization).toBeUndefined();
  expect(server.heard[0]?.body).toMatchObject({ max_completion_tokens: 40 });
  expect(server.heard[0]?.body).toHaveProperty('chat_template_kwargs.enable_thinking', false);
  expect(server.heard[0]?.body).not.toHaveProperty('max_tokens');
});

test.each([false, null])(
  'an answer that is asked for in one piece (stream %s) is read whole',
  async (stream) => {
    const whole = await student([{ kind: 'whole', text: SAID }], { body: { stream } });
    expect(await whole.reply()).toMatchObject({ ok: true, value: { text: SAID, counters: { decoded: 6 } } });
    expect(whole.server.heard).toHaveLength(1);
    const [{ body } = { body: {} }] = whole.server.heard;
    expect(body).not.toHaveProperty('stream_options');
    expect(Object.hasOwn(body, 'stream')).toBe(stream === false);
    // A server that streams all the same is understood, and one that fails is told.
    const streaming = await student([SAY], { body: { stream } });
    expect(await streaming.reply()).toMatchObject({ ok: true, value: { text: SAID } });
    const broken = await student([{ kind: 'status', status: 400, body: 'Must stream' }], {
      body: { stream },
    });
    expect(await broken.reply()).toMatchObject({
      ok: false,
      error: { code: 'SERVER_REFUSED', message: 'The server refused the request: 400 Must stream.' },
    });
  },
);

test('with a temperature the seed goes along: the same for the same seed, another for another', async () => {
  const { server, reply } = await student([SAY], {}, 0.7);
  for (const seed of ['a', 'a', 'b']) await reply(undefined, seed);
  const [a, again, b] = server.heard.map(({ body }) => body.seed);
  expect(a).toEqual(expect.any(Number));
  expect(again).toBe(a);
  expect(b).not.toBe(a);
});

test("a server that doesn't stream, and one that doesn't count", async () => {
  const whole = await student([{ kind: 'whole', text: SAID }]);
  expect(await whole.reply()).toMatchObject({ ok: true, value: { text: SAID, counters: { decoded: 6 } } });
  const uncounted = await student([{ ...SAY, uncounted: true }]);
  expect(await uncounted.reply()).toMatchObject({ ok: true, value: { counters: { decoded: 0 } } });
  expect(uncounted.usage()).toMatchObject({ requests: 1, unmetered: 1 });
});

test('an answer at its limit says so; what was thought aloud before the reply is left out', async () => {
  const cut = await student([{ ...SAY, finish: 'length' }]);
  expect(await cut.reply()).toMatchObject({ ok: true, value: { finish: 'length' } });
  const thinking = await student([{ kind: 'say', text: `<think>\nAction: help?\n</think>\n\n${SAID}` }]);
  expect(await thinking.reply()).toMatchObject({ ok: true, value: { text: SAID } });
  // Qwen3 Thinking's template opens the block in the prompt, so that only its end is in the answer.
  const opened = await student([{ kind: 'say', text: `So?\nAction: help\n</think>\n\n${SAID}` }]);
  expect(await opened.reply()).toMatchObject({ ok: true, value: { text: SAID } });
});

describe('what may pass is asked again', () => {
  const impatient = { silenceMs: 500 };
  const passing: readonly (readonly [string, Behaviour, Partial<ServerOptions>])[] = [
    ['429', { kind: 'status', status: 429 }, {}],
    ['500', { kind: 'status', status: 500 }, {}],
    ['a gateway page', { kind: 'status', status: 502, body: '<html>Bad gateway</html>' }, {}],
    ['a page in place of a stream', { kind: 'status', status: 200 }, {}],
    ['a wrong content type', { kind: 'status', status: 200, headers: { 'content-type': 'image/png' } }, {}],
    ['a cut stream', { kind: 'cut' }, {}],
    ['a stream without its end', { kind: 'unfinished' }, {}],
    ['a closed connection', { kind: 'closed' }, {}],
    ['garbage', { kind: 'garbage' }, {}],
    ['JSON of another kind', { kind: 'shapeless' }, {}],
    ['an error in the middle', { kind: 'mid-error' }, {}],
    ['one event without end', { kind: 'flood' }, {}],
    ['silence after the headers', { kind: 'silent' }, impatient],
    ['silence before them', { kind: 'mute' }, impatient],
    ['comments for ever', { kind: 'breathing' }, impatient],
    [
      'half a JSON object',
      { kind: 'status', status: 200, headers: { 'content-type': 'application/json' }, body: '{"cho' },
      {},
    ],
  ];
  test.each(passing)('%s', async (_, behaviour, options) => {
    const { server, reply, waits, usage } = await student([behaviour, behaviour, SAY], options);
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID, finish: 'stop' } });
    expect(server.heard).toHaveLength(3);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeGreaterThanOrEqual(50);
    expect(waits[0]).toBeLessThanOrEqual(100);
    expect(waits[1]).toBeGreaterThanOrEqual(100);
    expect(usage()).toMatchObject({ requests: 1, retries: 2, tokensIn: 100 });
  });

  test('a wait that the server asks for is kept', async () => {
    const busy = (headers: Record<string, string>): Behaviour => ({ kind: 'status', status: 429, headers });
    const date = 'Fri, 20 Nov 2026 12:00:00 GMT';
    const later = 'Fri, 20 Nov 2026 12:00:04 GMT';
    const asked = [
      busy({ 'retry-after': '7' }),
      busy({ 'retry-after-ms': '12.5' }),
      busy({ date, 'retry-after': later }),
    ];
    const { reply, waits } = await student([...asked, SAY]);
    expect(await reply()).toMatchObject({ ok: true });
    expect(waits).toEqual([7000, 12.5, 4000]);
  });

  test('but not for hours', async () => {
    const { reply, waits } = await student([
      { kind: 'status', status: 429, headers: { 'retry-after': '7200' } },
    ]);
    expect(await reply()).toMatchObject({ ok: false, error: { code: 'SERVER_BUSY' } });
    expect(waits).toEqual([]);
  });

  test('an answer of another kind is named, and asked for three times at most', async () => {
    const { server, reply } = await student([{ kind: 'status', status: 200 }]);
    expect(await reply()).toMatchObject({
      ok: false,
      error: { code: 'SERVER_NOT_OPENAI', message: expect.stringContaining('text/html') },
    });
    expect(server.heard).toHaveLength(3);
  });

  test('a flood ends by its bytes, not by its time', async () => {
    const { reply } = await student([{ kind: 'flood' }], { silenceMs: 60_000, totalMs: 60_000 });
    expect(await reply()).toMatchObject({ ok: false, error: { code: 'SERVER_ENDLESS' } });
  });

  test('and not for ever', async () => {
    const { server, reply } = await student([{ kind: 'status', status: 503, body: 'Out of order' }]);
    expect(await reply()).toEqual({
      ok: false,
      error: { code: 'SERVER_FAILED', message: 'The server failed: 503 Out of order.' },
    });
    expect(server.heard).toHaveLength(POLICY.attempts);
  });
});

describe("what will not pass isn't asked again", () => {
  const error = (status: number, body: object): Behaviour => ({
    kind: 'status',
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: body }),
  });
  const lasting: readonly (readonly [string, Behaviour, string])[] = [
    ['a wrong key', error(401, { message: 'Incorrect API key provided: secret-key.' }), 'SERVER_DENIED'],
    ['an unknown model', error(404, { message: 'no such model' }), 'SERVER_NOT_FOUND'],
    ['too long a prompt', error(400, { message: 'maximum context length is 4096' }), 'SERVER_REFUSED'],
    [
      'a spent account',
      error(429, { message: 'You exceeded it', code: 'insufficient_quota' }),
      'SERVER_QUOTA',
    ],
  ];
  test.each(lasting)('%s', async (_, behaviour, code) => {
    const { server, reply } = await student([behaviour]);
    const said = await reply();
    expect(said).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(said)).not.toContain('secret-key');
    expect(server.heard).toHaveLength(1);
  });

  test('without a key, the variable is named', async () => {
    const { reply } = await student([error(401, { message: 'no key' })], { apiKey: undefined });
    const said = await reply();
    expect(said.ok ? '' : said.error.message).toBe(
      'The server denies access: 401 no key. Set OPENAI_API_KEY.',
    );
  });

  test('nobody there', async () => {
    const { server, reply, waits } = await student([SAY]);
    await server.close();
    const said = await reply();
    expect(said).toMatchObject({ ok: false, error: { code: 'SERVER_UNREACHABLE' } });
    expect(said.ok ? '' : said.error.message).toContain('ECONNREFUSED');
    expect(waits).toHaveLength(POLICY.attempts - 1);
  });
});

test('a slow answer is waited for, as long as it goes on', async () => {
  const { server, reply } = await student([{ kind: 'slow', text: SAID, ms: 350 }], { silenceMs: 1500 });
  expect(SAID.split(/\s/).length * 350).toBeGreaterThan(1500);
  expect(await reply()).toMatchObject({ ok: true, value: { text: SAID, finish: 'stop' } });
  expect(server.heard).toHaveLength(1);
});

test('but not longer than a whole answer may take', async () => {
  const dripping = { kind: 'slow', text: '', ms: 20 } as const;
  const { reply, waits } = await student([dripping], { silenceMs: 5000, totalMs: 300 });
  expect(await reply()).toEqual({
    ok: false,
    error: { code: 'SERVER_TIMEOUT', message: 'The answer took longer than 0.3 seconds.' },
  });
  expect(waits).toHaveLength(POLICY.attempts - 1);
});

test('an endless answer is cut at 16 characters a token, and the connection ended', async () => {
  const { server, reply } = await student([{ kind: 'endless' }]);
  const said = await reply();
  expect(said).toMatchObject({ ok: true, value: { finish: 'length' } });
  expect(said.ok && said.value.text.length).toBe(256 + 40 * 16);
  await expect.poll(() => server.busy.now).toBe(0);
});

test("being stopped isn't a failure, and ends the request", async () => {
  const { server, reply, waits } = await student([{ kind: 'silent' }]);
  const controller = new AbortController();
  const said = reply(controller.signal);
  await expect.poll(() => server.heard.length).toBe(1);
  controller.abort();
  expect(await said).toMatchObject({ ok: true, value: { text: '', finish: 'aborted' } });
  expect(waits).toEqual([]);
  await expect.poll(() => server.busy.now).toBe(0);
  expect(await reply(controller.signal)).toMatchObject({ ok: true, value: { finish: 'aborted' } });
  expect(server.heard).toHaveLength(1);
});

test("being stopped while waiting isn't a failure either", async () => {
  const controller = new AbortController();
  const failure = { code: 'SERVER_BUSY', message: '', patience: 'much' } as const;
  let asked = 0;
  const answer = await withRetries(
    async () => {
      asked++;
      return { ok: false, error: failure };
    },
    {
      policy: POLICY,
      random: new Random(1),
      sleep: async () => controller.abort(),
      signal: controller.signal,
      onRetry: () => {},
    },
  );
  expect(answer.ok).toBe(false);
  expect(asked).toBe(1);
});

test('what servers say is made fit for a sentence', () => {
  expect(quote('<html><h1>Bad\n\ngateway</h1></html>', undefined)).toBe('Bad gateway');
  expect(quote('key abc and sk-proj-12345678 are wrong.', 'abc')).toBe('key ... and sk-... are wrong');
  expect(quote('x'.repeat(1000), undefined)).toHaveLength(300);
  expect(retryAfter(undefined)).toBeUndefined();
  expect(retryAfter(new Headers({ 'retry-after': 'soon' }))).toBeUndefined();
});

test('one file touches the package, and nothing that the page is made of touches this folder', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const users: string[] = [];
  const inPage: string[] = [];
  for (const folder of ['src', 'workers']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/(?<!\.test)\.tsx?$/.test(name)) continue;
      const path = join(folder, name);
      const text = readFileSync(join(root, path), 'utf8');
      if (/(from|import)\s*\(?'openai['/]/.test(text)) users.push(path);
      const outside = !path.startsWith('src/cli/') && !path.startsWith('src/students/openai/');
      if (outside && /students\/openai\/|'\.\/openai\//.test(text)) inPage.push(path);
    }
  }
  expect(users).toEqual(['src/students/openai/client.ts']);
  expect(inPage).toEqual([]);
});

test('cost by a million tokens', () => {
  const usage = { ...NO_USAGE, tokensIn: 2_000_000, tokensOut: 500_000 };
  expect(costOf(usage, { in: 0.4, out: 1.2 })).toBe(1.4);
  expect(costOf(usage, undefined)).toBeUndefined();
});

test('a prompt follows no redirect, and says where it was to go', async () => {
  const other = await startChatServer(() => SAY);
  servers.push(other);
  for (const status of [301, 302, 307, 308]) {
    const headers = { location: `${other.url}/chat/completions` };
    const { reply } = await student([{ kind: 'status', status, headers }]);
    const said = await reply();
    expect(said).toMatchObject({ ok: false });
    expect(said.ok ? '' : said.error.message).toContain(`redirects the prompt to ${other.url}`);
  }
  expect(other.heard).toEqual([]);
});
