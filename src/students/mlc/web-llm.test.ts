/** The student over the real web-llm, with a stub where the GPU code would start (src/testing/stub-tvm.mjs). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../agent/prompt.ts';
import { type Result, unwrap } from '../../base/result.ts';
import { memoryCaches } from '../../testing/memory-caches.ts';
import { mlcFolder } from '../../testing/mlc-folder.ts';
import { patchWebLlm } from '../../testing/patch-web-llm.ts';
import { cacheOf, fileAddress } from '../../weights/download/addresses.ts';
import type { Thinking } from '../../weights/registry.ts';
import type { Conversation, Student } from '../student.ts';
import { openMlcStudent } from './open.ts';
import { openMlcEngine, PIECE } from './web-llm.ts';

// Below node_modules, so that the seven megabytes are imported as they are.
const cacheFolder = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
mkdirSync(cacheFolder, { recursive: true });
const folder = mkdtempSync(join(cacheFolder, 'duomem-web-llm-'));
afterAll(() => rmSync(folder, { recursive: true }));

vi.mock('@mlc-ai/web-llm', async () => {
  const path = fileURLToPath(import.meta.resolve('@mlc-ai/web-llm')).replace(/index\.\w+$/, 'index.js');
  const file = join(folder, 'web-llm.mjs');
  // It should take Node for the worker of a page.
  const worker = 'const process = undefined; const importScripts = () => {}; const self = globalThis;';
  writeFileSync(file, `${worker}\n${patchWebLlm(readFileSync(path, 'utf8'))}`);
  return import(/* @vite-ignore */ pathToFileURL(file).href);
});

interface Stub {
  replies: string[];
  tokens: number[];
  forwards: number[];
  engines: number;
  opened: number;
  weights: Map<string, number>;
  loseDevice(): void;
  onForward: () => void;
}
const stub = (): Stub => (globalThis as unknown as { duomemStub: Stub }).duomemStub;

const caches = memoryCaches();
beforeEach(() => {
  vi.stubGlobal('caches', caches);
  // Where a worker of the page would be.
  vi.stubGlobal('location', { origin: 'http://localhost', href: 'http://localhost/' });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('web-llm asked the network')));
  caches.clear();
});

async function install(): Promise<void> {
  const files = mlcFolder({ library: Uint8Array.of(0, 97, 115, 109) });
  for (const [name, content] of files) {
    const cache = await caches.open(cacheOf(name));
    await cache.put(fileAddress('tiny', name), new Response(Uint8Array.from(content)));
  }
}

function openTiny(thinking: Thinking, wanted: boolean): Promise<Result<Student>> {
  const model = { id: 'tiny', title: 'Tiny', weights: 'ab', contextLimit: 4096, thinking };
  let now = 0;
  return openMlcStudent(
    model,
    wanted,
    (id, contextLimit) => openMlcEngine({ id, contextLimit }),
    () => now++,
  );
}

async function open(thinking: Thinking = 'switchable', wanted = false): Promise<Student> {
  await install();
  const opened = await openTiny(thinking, wanted);
  stub().replies.splice(0, Number.POSITIVE_INFINITY, 'Thought: I look.\nAction: look', 'Action: inventory');
  stub().forwards.length = 0;
  stub().onForward = () => {};
  return unwrap(opened);
}

const view = { intro: '', steps: [], scripts: [], admissible: () => [] };
const opening: Message[] = [
  { role: 'system', content: 'You are an agent.' },
  { role: 'user', content: 'A room.' },
];
/** The opening, with a turn after it. */
const turnAfter = (said: string, seen: string): Message[] => [
  ...opening,
  { role: 'assistant', content: said },
  { role: 'user', content: seen },
];

async function say(conversation: Conversation, messages: readonly Message[], maxTokens = 96) {
  return unwrap(await conversation.reply({ messages, view, maxTokens }));
}

const text = (): string =>
  String.fromCharCode(...stub().tokens.map((token) => (token < 256 ? token : 0x2460 + token - 256)));

test('loads every file from the caches, without the network, onto one device', async () => {
  const student = await open();
  expect([...stub().weights]).toEqual([
    ['p0', 64_000],
    ['p1', 64_000],
    ['p2', 64_000],
  ]);
  expect(student.identity).toEqual({ kind: 'mlc', name: 'Tiny', weights: 'ab', device: 'webgpu' });
  const { engines } = stub();
  await student.dispose();
  expect(stub().engines).toBe(engines - 1);
});

test('a file that is missing is a refusal, not a fetch', async () => {
  await install();
  const cache = await caches.open('webllm/model');
  await cache.delete(fileAddress('tiny', 'params_shard_1.bin'));
  expect(await openTiny('never', false)).toMatchObject({ ok: false, error: { code: 'MODEL_FAILED' } });
});

describe('the KV cache is reused from turn to turn', () => {
  test.each<[string, Thinking]>([
    ['thinking off', 'switchable'],
    ['a model that knows none', 'never'],
  ])(
    '%s: only what is new is computed, and the context is that of a fresh conversation',
    async (_, thinking) => {
      const student = await open(thinking);
      const conversation = student.open();
      const first = await say(conversation, opening);
      expect(first).toMatchObject({ text: 'Thought: I look.\nAction: look', finish: 'stop' });
      expect(first.counters.reused).toBe(0);
      expect(first.counters.context).toBe(student.countTokens?.(opening));
      expect(first.counters.decoded).toBe(first.text.length + 1);

      const longer = turnAfter(first.text, 'Observation: a mug.');
      stub().forwards.length = 0;
      const second = await say(conversation, longer);
      expect(second.text).toBe('Action: inventory');
      // Everything but the turn's end and the new turn was in the cache: with one token a byte they can be counted.
      const added = `<|im_end|>\n<|im_start|>user\nObservation: a mug.<|im_end|>\n<|im_start|>assistant\n`
        .replaceAll('<|im_end|>', 'E')
        .replaceAll('<|im_start|>', 'S');
      const thinkingTokens = thinking === 'switchable' ? '<\n\n>\n\n'.length : 0;
      expect(second.counters.prefilled).toBe(added.length + thinkingTokens);
      expect(stub().forwards[0]).toBe(second.counters.prefilled);
      expect(second.counters.reused).toBe(first.counters.context + first.text.length);
      expect(second.counters.context).toBe(student.countTokens?.(longer));
      const continued = text();

      // The same conversation from its start gives the same tokens.
      const fresh = await say(student.open(), longer);
      expect(fresh.counters).toMatchObject({ reused: 0, context: second.counters.context });
      expect(fresh.text).toBe(second.text);
      expect(text()).toBe(continued);
    },
  );

  test('over many turns the prefilled tokens add up to the context', async () => {
    const student = await open('never');
    const conversation = student.open();
    const messages = [...opening];
    let prefilled = 0;
    for (let turn = 0; turn < 5; turn++) {
      const reply = await say(conversation, messages);
      prefilled += reply.counters.prefilled;
      expect(reply.counters.context).toBe(student.countTokens?.(messages));
      if (turn > 0) expect(reply.counters.prefilled).toBeLessThan(70);
      messages.push(
        { role: 'assistant', content: reply.text },
        { role: 'user', content: `Observation: ${turn}` },
      );
    }
    const said = messages
      .filter(({ role }) => role === 'assistant')
      .reduce((n, { content }) => n + content.length, 0);
    const last = (student.countTokens?.(messages) ?? 0) - prefilled - said;
    // What is left is the last turn, which hasn't been read yet.
    expect(last).toBe(`E\nSuser\nObservation: 4E\nSassistant\n`.length);
  });

  test('not by another conversation, nor after a change of what was said: all is computed, and counted', async () => {
    const student = await open();
    const conversation = student.open();
    const { text: reply } = await say(conversation, opening);
    const longer = turnAfter(reply, 'Observation: a mug.');
    const other = await say(student.open(), [...opening.slice(0, 1), { role: 'user', content: 'A cellar.' }]);
    expect(other.counters.reused).toBe(0);
    expect((await say(conversation, longer)).counters.reused).toBe(0);
    const changed = longer.map((one) =>
      one.role === 'system' ? { ...one, content: 'You are a cat.' } : one,
    );
    expect((await say(conversation, changed)).counters.reused).toBe(0);
  });

  test('not after a reply that was cut', async () => {
    const student = await open('never');
    const conversation = student.open();
    const cut = await say(conversation, opening, 5);
    expect(cut).toMatchObject({ text: 'Thoug', finish: 'length' });
    const next = await say(conversation, turnAfter(cut.text, 'x'));
    expect(next.counters.reused).toBe(0);
  });
});

describe('thinking', () => {
  test("is off by default, and its empty block is nobody's reply", async () => {
    const student = await open('switchable');
    const pieces: string[] = [];
    const reply = await student
      .open()
      .reply({ messages: opening, view, maxTokens: 96 }, { onText: (piece) => pieces.push(piece) });
    expect(reply.ok && reply.value.text).toBe('Thought: I look.\nAction: look');
    expect(pieces.join('')).toBe('Thought: I look.\nAction: look');
    expect(text()).toContain('\u2463\n\n\u2464\n\n');
  });

  test('can be switched on: what was thought is part of the reply and left out of later turns', async () => {
    const student = await open('switchable', true);
    stub().replies.splice(0, 9, '<think>Hm.</think>\n\nAction: look', 'Action: inventory');
    const conversation = student.open();
    const reply = await say(conversation, opening, 10);
    expect(reply.text).toBe('<think>Hm.</think>\n\nAction: look');
    const longer = turnAfter(reply.text, 'x');
    const next = await say(conversation, longer);
    expect(next.counters.reused).toBe(0);
    expect(text()).not.toContain('Hm.');
  });

  test('is nothing to models that know none', async () => {
    const student = await open('never', true);
    await say(student.open(), opening);
    expect(text()).not.toContain('\u2463');
  });
});

test('a stop is heard within one token, and what was said until then is there', async () => {
  const student = await open();
  const stopping = new AbortController();
  let pieces = 0;
  const reply = await student.open().reply(
    { messages: opening, view, maxTokens: 96 },
    {
      signal: stopping.signal,
      onText: () => {
        if (++pieces === 3) stopping.abort();
      },
    },
  );
  expect(reply).toMatchObject({
    ok: true,
    value: { text: 'Tho', finish: 'aborted', counters: { decoded: 3 } },
  });
  // And the next conversation is whole.
  expect((await say(student.open(), opening)).finish).toBe('stop');
});

describe('a long prompt is read in pieces', () => {
  const long: Message[] = [
    { role: 'system', content: 'You are an agent.' },
    { role: 'user', content: 'A room. '.repeat(120) },
  ];

  test('of which each is finished before the next, and which come to the same', async () => {
    const student = await open();
    const reply = await say(student.open(), long);
    const read = stub().forwards.slice(0, -reply.text.length);
    expect(read.slice(0, -1)).toEqual(read.slice(1).map(() => PIECE));
    expect(read.length).toBeGreaterThan(3);
    expect(read.reduce((sum, tokens) => sum + tokens, 0)).toBe(reply.counters.prefilled);
    expect(reply.counters).toMatchObject({ context: student.countTokens?.(long), reused: 0 });
  });

  test.each([1, 3])('a stop is heard behind piece %i, and nothing more is computed', async (pieces) => {
    const student = await open();
    const conversation = student.open();
    const stopping = new AbortController();
    // From another task, as the page's messages come.
    stub().onForward = () => {
      if (stub().forwards.length === pieces) setTimeout(() => stopping.abort());
    };
    const reply = await conversation.reply(
      { messages: long, view, maxTokens: 96 },
      { signal: stopping.signal },
    );
    expect(stub().forwards).toEqual(Array.from({ length: pieces }, () => PIECE));
    const read = pieces * PIECE;
    expect(reply).toMatchObject({
      ok: true,
      value: {
        text: '',
        finish: 'aborted',
        counters: { context: read, prefilled: read, reused: 0, decoded: 0 },
      },
    });
    // What is asked next is read from its start, and right.
    const next = await say(conversation, long);
    expect(next).toMatchObject({ text: 'Thought: I look.\nAction: look', finish: 'stop' });
    expect(next.counters).toMatchObject({ context: student.countTokens?.(long), reused: 0 });
    expect(stub().tokens).toHaveLength(next.counters.context + next.text.length);
  });
});

test('a device that is lost is opened again, and the turn is taken again', async () => {
  const student = await open();
  const conversation = student.open();
  const first = await say(conversation, opening);
  const { opened } = stub();
  stub().loseDevice();
  await new Promise((resolve) => setTimeout(resolve, 10));
  const next = await say(conversation, turnAfter(first.text, 'Observation: a mug.'));
  expect(stub().opened).toBe(opened + 1);
  expect(next).toMatchObject({ text: 'Action: inventory', finish: 'stop', counters: { reused: 0 } });
});

test('a device that is lost in the middle of a reply: the reply is whole, and nothing of it is shown twice', async () => {
  const student = await open();
  const counted = student.countTokens?.(opening) ?? 0;
  const { opened } = stub();
  const pieces: string[] = [];
  let estimated = 0;
  const reply = await student.open().reply(
    { messages: opening, view, maxTokens: 96 },
    {
      onText: (piece) => {
        pieces.push(piece);
        if (pieces.length === 5) stub().loseDevice();
        if (pieces.length === 8) estimated = student.countTokens?.(opening) ?? 0;
      },
    },
  );
  expect(reply).toMatchObject({
    ok: true,
    value: { text: 'Thought: I look.\nAction: look', finish: 'stop' },
  });
  expect(pieces.join('')).toBe('Thought: I look.\nAction: look');
  expect(stub().opened).toBe(opened + 1);
  // Prompts can be kept within the context meanwhile.
  expect(Math.abs(estimated - counted)).toBeLessThan(20);
});

test('freed in the middle of a reply: it ends, the memory is free, and nothing is loaded again', async () => {
  const student = await open();
  const conversation = student.open();
  const { opened, engines } = stub();
  let pieces = 0;
  let freed: Promise<void> | undefined;
  const reply = await conversation.reply(
    { messages: opening, view, maxTokens: 96 },
    {
      onText: () => {
        if (++pieces === 3) freed = student.dispose();
      },
    },
  );
  expect(reply).toMatchObject({ ok: false, error: { code: 'STUDENT_FREED' } });
  await freed;
  expect(pieces).toBeLessThan(6);
  const later = await conversation.reply({ messages: opening, view, maxTokens: 96 });
  expect(later).toMatchObject({ ok: false, error: { code: 'STUDENT_FREED' } });
  expect(stub()).toMatchObject({ opened, engines: engines - 1 });
});

test('a conversation that is too long is refused', async () => {
  const student = await open();
  const long = turnAfter('x', 'y'.repeat(5000));
  const reply = await student.open().reply({ messages: long, view, maxTokens: 9 });
  expect(reply).toMatchObject({ ok: false, error: { code: 'CONTEXT_FULL' } });
});

test('replies of several conversations come one after the other, as if each were alone', async () => {
  const student = await open();
  const asked = [opening, opening.slice(1), opening];
  const alone = [];
  for (const messages of asked) alone.push(await say(student.open(), messages));
  expect(await Promise.all(asked.map((messages) => say(student.open(), messages)))).toEqual(alone);
});
