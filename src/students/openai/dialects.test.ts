/** How servers differ from the protocol: each as the named project sends it. */
import { afterEach, describe, expect, test } from 'vitest';
import type { EpisodeView } from '../../agent/conversation.ts';
import { type Behaviour, type ChatServerForTests, startChatServer } from '../../testing/chat-server.ts';
import { connectServer } from './client.ts';
import { createServerStudent } from './student.ts';

const VIEW: EpisodeView = { intro: '', steps: [], scripts: [], admissible: () => [] };
const SAID = 'Thought: I look around.\nAction: look';

const servers: ChatServerForTests[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Replies of one student to a server that meets its requests with these, the last one for ever. */
async function asking(...behaviours: readonly Behaviour[]) {
  const server = await startChatServer((_, i) => behaviours[Math.min(i, behaviours.length - 1)]);
  servers.push(server);
  const waiting: string[] = [];
  const options = { baseUrl: server.url, model: 'm', apiKey: 'secret-key', silenceMs: 3000, totalMs: 9000 };
  const student = createServerStudent(
    connectServer(options, () => performance.now()),
    {
      temperature: 0,
      retries: { attempts: 5, firstMs: 100, longestMs: 1000 },
      sleep: async () => {},
      onWait: (sentence) => waiting.push(sentence),
    },
  );
  const messages = [{ role: 'user', content: 'Your task is to: put a mug in desk.' }] as const;
  const reply = () => student.open().reply({ messages, view: VIEW, maxTokens: 40 });
  return { server, waiting, reply };
}

const json = (status: number, body: unknown): Behaviour => ({
  kind: 'status',
  status,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const delta = (of: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: of, finish_reason }],
});

describe('the reason of a refusal is told', () => {
  test.each([
    [
      'OpenAI',
      { error: { message: 'max_tokens is too large: 9.', type: 'invalid' } },
      'max_tokens is too large: 9',
    ],
    [
      'vLLM, older',
      { object: 'error', message: 'too many tokens', type: 'BadRequestError', code: 400 },
      'too many tokens',
    ],
    ['Ollama', { error: 'model "m" does not support tools' }, 'model "m" does not support tools'],
    ['FastAPI', { detail: 'Unknown adapter' }, 'Unknown adapter'],
    [
      'FastAPI, of fields',
      {
        detail: [
          { type: 'int', loc: ['body', 'max_tokens'], msg: 'Input should be positive' },
          { loc: ['body'], msg: 'No' },
        ],
      },
      'body.max_tokens: Input should be positive; body: No',
    ],
    ['a proxy', '<html><h1>Request too large</h1></html>', 'Request too large'],
    ['a key that is told back', { detail: 'secret-key is bad' }, '... is bad'],
  ])('%s', async (_, body, reason) => {
    const { server, reply } = await asking(json(400, body));
    expect(await reply()).toEqual({
      ok: false,
      error: { code: 'SERVER_REFUSED', message: `The server refused the request: 400 ${reason}.` },
    });
    expect(server.heard).toHaveLength(1);
  });
});

describe('an error with status 200', () => {
  test.each([
    [
      'a string (LM Studio)',
      json(200, { error: 'No models loaded. Please load a model.' }),
      'No models loaded. Please load a model',
    ],
    [
      'an object',
      json(200, { error: { message: 'Provider returned error', code: 502 } }),
      'Provider returned error',
    ],
    [
      'an event of a stream',
      { kind: 'events', events: [{ error: 'The model has crashed' }], done: false } as const,
      'The model has crashed',
    ],
  ])('as %s is told, and asked for three times', async (_, behaviour, reason) => {
    const { server, reply, waiting } = await asking(behaviour);
    expect(await reply()).toEqual({
      ok: false,
      error: { code: 'SERVER_FAILED', message: `The server failed: ${reason}.` },
    });
    expect(server.heard).toHaveLength(3);
    expect(waiting).toEqual([
      `asking again in 1 s (try 2 of 3): The server failed: ${reason}.`,
      `asking again in 1 s (try 3 of 3): The server failed: ${reason}.`,
    ]);
  });
});

describe('thoughts and no reply', () => {
  const thinking = (key: string): Behaviour => ({
    kind: 'events',
    events: [
      delta({ role: 'assistant', content: '' }),
      delta({ [key]: 'Let me see. ' }),
      delta({}, 'length'),
    ],
    done: true,
  });
  test.each([
    ['Ollama, vLLM', thinking('reasoning')],
    ['SGLang, DeepSeek', thinking('reasoning_content')],
    [
      'at once',
      json(200, {
        choices: [{ message: { content: null, reasoning: 'Let me see. ' }, finish_reason: 'length' }],
      }),
    ],
    ['without a parser for them', { kind: 'say', text: '<think>Let me se', finish: 'length' } as const],
  ])('end with what helps: %s', async (_, behaviour) => {
    const { server, reply } = await asking(behaviour);
    const said = await reply();
    expect(said).toMatchObject({ ok: false, error: { code: 'SERVER_SILENT' } });
    expect(said.ok ? '' : said.error.message).toMatch(
      /^The server's model sent 1\d characters of thoughts and was cut off within them, and no reply\. .*--reply-tokens.*--thinking off.*--body\.$/,
    );
    expect(server.heard).toHaveLength(1);
  });

  test('of a model that has replied before are one lost reply', async () => {
    const { reply } = await asking({ kind: 'say', text: SAID }, thinking('reasoning'));
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID } });
    expect(await reply()).toMatchObject({ ok: true, value: { text: '', finish: 'length' } });
  });
});

describe('a reply that the server broke off', () => {
  const HALF = 'Thought: I go.\nAction: go to shel';
  const ending = (more: object): Behaviour => ({
    kind: 'events',
    events: [delta({ content: HALF }), { choices: [{ index: 0, delta: { content: '' }, ...more }] }],
    done: true,
  });
  const whole = (more: object): Behaviour =>
    json(200, { choices: [{ message: { role: 'assistant', content: HALF }, ...more }] });
  const gone = { finish_reason: 'error', error: { code: 502, message: 'Provider disconnected' } };
  const said = 'The server failed: Provider disconnected.';
  test.each([
    ['an error in its choice (OpenRouter)', ending(gone), 'SERVER_FAILED', said],
    ['an error in its choice, at once', whole(gone), 'SERVER_FAILED', said],
    [
      'an error beside its choice, at once',
      json(200, {
        choices: [{ message: { content: HALF }, finish_reason: 'error' }],
        error: { message: 'Provider disconnected' },
      }),
      'SERVER_FAILED',
      said,
    ],
    [
      'error (vLLM)',
      ending({ finish_reason: 'error' }),
      'SERVER_CUT',
      'The server broke the answer off (finish_reason error).',
    ],
    [
      'abort (SGLang)',
      ending({ finish_reason: 'abort' }),
      'SERVER_CUT',
      'The server broke the answer off (finish_reason abort).',
    ],
    [
      'abort, at once',
      whole({ finish_reason: 'abort' }),
      'SERVER_CUT',
      'The server broke the answer off (finish_reason abort).',
    ],
  ])("isn't played, but asked for again: %s", async (_, behaviour, code, message) => {
    const { server, waiting, reply } = await asking(behaviour);
    expect(await reply()).toEqual({ ok: false, error: { code, message } });
    expect(server.heard).toHaveLength(5);
    expect(waiting[0]).toContain(message);
    const passing = await asking(behaviour, { kind: 'say', text: SAID });
    expect(await passing.reply()).toMatchObject({ ok: true, value: { text: SAID } });
  });

  test.each([
    ['', ending({ finish_reason: 'content_filter' })],
    [', at once', whole({ finish_reason: 'content_filter' })],
  ])("since it filtered it is refused, and isn't asked for again%s", async (_, behaviour) => {
    const { server, reply } = await asking(behaviour);
    expect(await reply()).toMatchObject({
      ok: false,
      error: {
        code: 'SERVER_REFUSED',
        message: expect.stringMatching(/^The server filtered the reply .*Loosen/),
      },
    });
    expect(server.heard).toHaveLength(1);
  });

  test('an empty error is none', async () => {
    const { reply } = await asking(
      json(200, { choices: [{ message: { content: SAID }, finish_reason: 'stop', error: {} }] }),
    );
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID } });
  });
});

describe('something else in place of a reply', () => {
  const call = [{ index: 0, function: { name: 'look', arguments: '{}' } }];
  const once = (message: object, finish_reason: string): Behaviour =>
    json(200, { choices: [{ message: { role: 'assistant', content: null, ...message }, finish_reason }] });
  const streamed = (...deltas: readonly object[]): Behaviour => ({
    kind: 'events',
    events: [...deltas.map((one) => delta(one)), delta({}, 'stop')],
    done: true,
  });
  const tool = /called a tool \(look\) and sent no reply\..*tool_choice.*parser/;
  const declines = /^The server's model declined to reply: I can't help \.\.\. here\. Use another model/;
  test.each([
    ['a tool', once({ tool_calls: call }, 'tool_calls'), 'SERVER_SILENT', tool],
    ['a function', once({ function_call: { name: 'look' } }, 'function_call'), 'SERVER_SILENT', tool],
    ['a tool, in pieces', streamed({ tool_calls: call }), 'SERVER_SILENT', tool],
    ['a refusal', once({ refusal: "I can't help secret-key here." }, 'stop'), 'SERVER_REFUSED', declines],
    [
      'a refusal, in pieces',
      streamed({ refusal: "I can't help sec" }, { refusal: 'ret-key here.' }),
      'SERVER_REFUSED',
      declines,
    ],
  ])('ends with what helps: %s', async (_, behaviour, code, message) => {
    const { server, reply } = await asking(behaviour);
    expect(await reply()).toMatchObject({
      ok: false,
      error: { code, message: expect.stringMatching(message) },
    });
    expect(server.heard).toHaveLength(1);
  });

  test('of a model that has replied before is one lost reply, which says what it said', async () => {
    const refusal = once({ refusal: "I can't help." }, 'stop');
    const { reply } = await asking(
      { kind: 'say', text: SAID },
      refusal,
      once({ tool_calls: call }, 'tool_calls'),
    );
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID } });
    expect(await reply()).toMatchObject({ ok: true, value: { text: "I can't help" } });
    expect(await reply()).toMatchObject({ ok: true, value: { text: '' } });
  });

  test('beside a reply is passed over', async () => {
    const { reply } = await asking(once({ content: SAID, tool_calls: call }, 'tool_calls'));
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID } });
  });
});

describe('other shapes of an answer', () => {
  const parts = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Action: help' }] },
    { type: 'text', text: SAID },
  ];
  test.each([
    [
      'content in parts (Mistral)',
      { kind: 'events', events: [delta({ content: parts }), delta({}, 'stop')], done: true } as const,
    ],
    [
      'content in parts, at once',
      json(200, { choices: [{ message: { content: parts }, finish_reason: 'stop' }] }),
    ],
    ['no finish_reason', { kind: 'events', events: [delta({ content: SAID })], done: true } as const],
    ['no finish_reason, at once', json(200, { choices: [{ message: { content: SAID } }] })],
  ])('%s', async (_, behaviour) => {
    const { server, reply } = await asking(behaviour);
    expect(await reply()).toMatchObject({ ok: true, value: { text: SAID, finish: 'stop' } });
    expect(server.heard).toHaveLength(1);
  });

  test('no finish_reason at the limit of tokens', async () => {
    const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 40 } };
    const { reply } = await asking({ kind: 'events', events: [delta({ content: SAID }), usage], done: true });
    expect(await reply()).toMatchObject({ ok: true, value: { finish: 'length' } });
  });

  test('neither finish_reason nor the end of the stream: cut off', async () => {
    const { reply } = await asking({ kind: 'events', events: [delta({ content: SAID })], done: false });
    expect(await reply()).toMatchObject({ ok: false, error: { code: 'SERVER_CUT' } });
  });
});
