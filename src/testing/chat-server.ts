/**
 * A real HTTP server that speaks the chat completions protocol and plays as the scripted teacher, or misbehaves as a
 * test tells it to. What it knows is what the messages say.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adviseAfter } from '../teacher/scripted.ts';
import { closeServer } from './close-server.ts';

export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly [field: string]: unknown;
}

export interface Heard {
  readonly body: ChatBody;
  readonly authorization: string | undefined;
  readonly path: string | undefined;
}

/**
 * What a request is met with. `say`: an answer in three pieces, with tokens counted; `whole`: the same as one JSON
 * object; `events`: these, with or without `[DONE]`; `slow`: a word at a time, with pauses, and without end where the text is empty; `cut`: the connection goes in the middle, `unfinished`: it ends in good order but too early; `garbage`: an event
 * that isn't JSON, `shapeless`: JSON that isn't a completion; `endless`: tokens for ever, `flood`: one event for ever,
 * `breathing`: comments for ever; `silent`: headers and nothing more, `mute`: not even headers; `closed`: the
 * connection goes before any answer; `mid-error`: an error as an event.
 */
export type Behaviour =
  | { readonly kind: 'say'; readonly text: string; readonly finish?: string; readonly uncounted?: boolean }
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'events'; readonly events: readonly unknown[]; readonly done: boolean }
  | { readonly kind: 'slow'; readonly text: string; readonly ms: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | {
      readonly kind:
        | 'cut'
        | 'unfinished'
        | 'garbage'
        | 'shapeless'
        | 'endless'
        | 'flood'
        | 'breathing'
        | 'silent'
        | 'mute'
        | 'closed'
        | 'mid-error';
    };

export interface ChatServerForTests {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** Requests that are being answered now, and the most there ever were. */
  readonly busy: { now: number; most: number };
  close(): Promise<void>;
}

/** Long enough for requests to overlap. */
const LATENCY_MS = 5;

/** Starts a server; `behave` says what each request is met with (undefined: as the scripted teacher). */
export async function startChatServer(
  behave: (heard: Heard, index: number) => Behaviour | undefined = () => undefined,
): Promise<ChatServerForTests> {
  const heard: Heard[] = [];
  const busy = { now: 0, most: 0 };
  const server = createServer(async (request, response) => {
    busy.most = Math.max(busy.most, ++busy.now);
    response.on('close', () => busy.now--);
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    const one: Heard = {
      body: JSON.parse(text) as ChatBody,
      authorization: request.headers.authorization,
      path: request.url,
    };
    heard.push(one);
    const behaviour = behave(one, heard.length - 1) ?? { kind: 'say', text: play(one.body) };
    setTimeout(() => answer(behaviour, request, response), LATENCY_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    heard,
    busy,
    close: () => closeServer(server),
  };
}

/** What the scripted teacher would say; a script where one is asked for. */
function play({ messages }: ChatBody): string {
  const last = messages.at(-1)?.content ?? '';
  if (last.includes('Write guidelines')) return 'Guidelines: Go there, take it, put it down.';
  const turns = messages.filter(({ role }) => role !== 'system');
  const steps = [];
  for (let i = 1; i + 1 < turns.length; i += 2) {
    const action = /Action: (.*)$/.exec(turns[i]?.content ?? '')?.[1] ?? '';
    const observation = (turns[i + 1]?.content ?? '').replace(/^Observation: /, '');
    steps.push({ action, observation });
  }
  const advice = adviseAfter(turns[0]?.content ?? '', steps);
  if (!advice.ok) return 'I do not understand.';
  return `Thought: ${advice.value.thought}\nAction: ${advice.value.action}`;
}

function answer(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  const stream = (): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  };
  const event = (json: unknown): void => void response.write(`data: ${JSON.stringify(json)}\n\n`);
  const piece = (content: string, finish: string | null = null): void =>
    event({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { content }, finish_reason: finish }],
    });
  switch (behaviour.kind) {
    case 'say': {
      const { text, finish = 'stop', uncounted } = behaviour;
      stream();
      const third = Math.ceil(text.length / 3);
      for (let i = 0; i < 3; i++) piece(text.slice(i * third, (i + 1) * third));
      piece('', finish);
      if (!uncounted) event({ choices: [], usage: usageOf(text) });
      response.end('data: [DONE]\n\n');
      return;
    }
    case 'events':
      stream();
      for (const one of behaviour.events) event(one);
      response.end(behaviour.done ? 'data: [DONE]\n\n' : '');
      return;
    case 'whole': {
      const { text } = behaviour;
      const choices = [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices, usage: usageOf(text) }));
      return;
    }
    case 'slow': {
      const { text, ms } = behaviour;
      const words = text === '' ? [] : text.split(/(?<=\s)/);
      stream();
      drip(response, words.length === 0 ? Number.POSITIVE_INFINITY : words.length, ms, (i) =>
        piece(words[i] ?? '.', i === words.length - 1 ? 'stop' : null),
      );
      return;
    }
    case 'status':
      response.writeHead(behaviour.status, { 'content-type': 'text/html', ...behaviour.headers });
      response.end(behaviour.body ?? '<html><body><h1>Sorry</h1></body></html>');
      return;
    case 'cut':
      stream();
      piece('Thought: I');
      setTimeout(() => request.socket.destroy(), 20);
      return;
    case 'unfinished':
      stream();
      piece('Thought: I');
      response.end();
      return;
    case 'garbage':
      stream();
      piece('Thought: I');
      response.end('data: {"choices": [{"delta"\n\n');
      return;
    case 'shapeless':
      stream();
      event({ hello: 'world' });
      response.end('data: [DONE]\n\n');
      return;
    case 'mid-error':
      stream();
      piece('Thought: I');
      event({ error: { message: 'The GPU is on fire.', code: 500 } });
      response.end();
      return;
    case 'endless':
      stream();
      repeat(response, () => piece('and on and on '));
      return;
    case 'flood':
      stream();
      response.write('data: {"choices": [{"delta": {"content": "');
      repeat(response, () => void response.write('x'.repeat(65_536)));
      return;
    case 'breathing':
      stream();
      repeat(response, () => void response.write(': keep-alive\n\n'), 20);
      return;
    case 'silent':
      stream();
      response.flushHeaders();
      return;
    case 'mute':
      return;
    case 'closed':
      request.socket.destroy();
  }
}

/** Writes this many pieces with pauses between them, then ends. */
function drip(response: ServerResponse, count: number, ms: number, write: (i: number) => void, i = 0): void {
  if (response.destroyed) return;
  if (i === count) {
    response.end();
    return;
  }
  write(i);
  setTimeout(() => drip(response, count, ms, write, i + 1), ms);
}

/** Writes for as long as somebody reads. */
function repeat(response: ServerResponse, write: () => void, ms = 0): void {
  if (response.destroyed) return;
  for (let i = 0; i < 20 && !response.writableNeedDrain; i++) write();
  setTimeout(() => repeat(response, write, ms), ms);
}

function usageOf(text: string) {
  const completion_tokens = text.split(/\s+/).length;
  return { prompt_tokens: 100, completion_tokens, prompt_tokens_details: { cached_tokens: 60 } };
}
