import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, ReplyControl } from '../../agent/conversation.ts';
import type { Message } from '../../agent/prompt.ts';
import { unwrap } from '../../base/result.ts';
import {
  CHARACTER_TOKENS,
  type FakeRuntime,
  fakeRuntime,
  saysInTurn,
  VOCABULARY,
} from '../../testing/fake-runtime.ts';
import { createPocketStudent } from './session.ts';

const VIEW = { intro: '', steps: [], scripts: [], admissible: () => [] };
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

function open(runtime: FakeRuntime): Conversation {
  let now = 0;
  const clock = (): number => now++;
  return createPocketStudent({
    identity: { name: 'fake' },
    runtime,
    tokenizer: CHARACTER_TOKENS,
    clock,
  }).open();
}

async function ask(
  conversation: Conversation,
  messages: readonly Message[],
  control: ReplyControl = {},
  maxTokens = 50,
) {
  return unwrap(await conversation.reply({ messages, view: VIEW, maxTokens }, control));
}

test('replies, streams the text, and ends at the end of the turn', async () => {
  const runtime = fakeRuntime(saysInTurn(['hello']));
  const pieces: string[] = [];
  const reply = await ask(open(runtime), [user('hi')], { onText: (piece) => pieces.push(piece) });
  expect(reply).toMatchObject({ text: 'hello', finish: 'stop' });
  expect(pieces).toEqual(['h', 'e', 'l', 'l', 'o']);
});

test('after the first turn only new tokens are prefilled', async () => {
  const runtime = fakeRuntime(saysInTurn(['first reply', 'second', 'third']));
  const conversation = open(runtime);
  const messages: Message[] = [{ role: 'system', content: 's' }, user('x'.repeat(300))];
  let held = 0;
  for (const said of ['first reply', 'second', 'third']) {
    const prompt = CHARACTER_TOKENS.encodeChat(messages, true).length;
    const before = runtime.computed.length;
    const { text, counters } = await ask(conversation, messages);
    expect(text).toBe(said);
    // What the cache holds: the prompt and the reply; the token that ended the turn was never computed.
    expect(counters).toMatchObject({
      context: prompt,
      reused: held,
      prefilled: prompt - held,
      decoded: said.length + 1,
    });
    const computed = runtime.computed.slice(before).reduce((sum, n) => sum + n, 0);
    expect(computed).toBe(prompt - held + said.length);
    held = prompt + said.length;
    messages.push(assistant(text), user('o'.repeat(10)));
  }
});

test('a prefix that changed is computed again from the change on', async () => {
  const runtime = fakeRuntime(saysInTurn(['one', 'two']));
  const conversation = open(runtime);
  await ask(conversation, [user('abcdef')]);
  const { text, counters } = await ask(conversation, [user('abcXef'), assistant('other'), user('b')]);
  expect(text).toBe('two');
  expect(counters.reused).toBe(CHARACTER_TOKENS.encodeChat([user('abc')], false).length - 1);
});

test('whatever was asked before, a reply is that of a fresh conversation', async () => {
  const turn = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', 'abab'), { minLength: 1, maxLength: 5 });
  const toMessages = (texts: readonly string[]): Message[] =>
    texts.map((text, i) => (i % 2 === 0 ? user(text) : assistant(text)));
  // A hash of the whole context: any wrong token in the cache gives another reply.
  const hash = (tokens: readonly number[]): number =>
    tokens.length % 7 === 0
      ? 0
      : 2 + (tokens.reduce((h, token) => (h * 31 + token) % 65537, 7) % (VOCABULARY - 2));
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 6 }), async (prompts) => {
      const conversation = open(fakeRuntime(hash));
      for (const texts of prompts) {
        const messages = toMessages(texts);
        const { text, finish } = await ask(conversation, messages, {}, 9);
        expect({ text, finish }).toMatchObject(
          await ask(open(fakeRuntime(hash)), messages, {}, 9).then((fresh) => ({
            text: fresh.text,
            finish: fresh.finish,
          })),
        );
      }
    }),
  );
});

test('an endless reply ends at its limit, and at the end of the context', async () => {
  const endless = fakeRuntime(() => 70);
  expect(await ask(open(endless), [user('hi')], {}, 12)).toMatchObject({
    finish: 'length',
    counters: { decoded: 12 },
  });
  const messages = [user('hi')];
  const limit = CHARACTER_TOKENS.encodeChat(messages, true).length + 5;
  const reply = await ask(open(fakeRuntime(() => 70, limit)), messages, {}, 12);
  expect(reply).toMatchObject({ finish: 'length', counters: { decoded: 5 } });
});

test('a turn that another speaker would begin is the end of this one', async () => {
  const says = saysInTurn(['ab']);
  const runtime = fakeRuntime((tokens) => (says(tokens) === 0 ? 1 : says(tokens)));
  expect(await ask(open(runtime), [user('hi')])).toMatchObject({ text: 'ab', finish: 'stop' });
});

test('a stop takes effect within one token, and the next reply is right', async () => {
  const runtime = fakeRuntime(saysInTurn(['a long reply']));
  const conversation = open(runtime);
  const controller = new AbortController();
  let tokens = 0;
  const stopped = await ask(conversation, [user('hi')], {
    signal: controller.signal,
    onText: () => {
      if (++tokens === 3) controller.abort();
    },
  });
  expect(stopped).toMatchObject({ finish: 'aborted', text: 'a l' });
  expect(tokens).toBe(3);
  expect(await ask(conversation, [user('hi')])).toMatchObject({ text: 'a long reply', finish: 'stop' });
});

test('a stop is heard during a long prefill', async () => {
  const runtime = fakeRuntime(saysInTurn(['x']));
  const conversation = open(runtime);
  const controller = new AbortController();
  let breaths = 0;
  runtime.onBreath = () => {
    if (++breaths === 3) controller.abort();
  };
  const messages = [user('x'.repeat(2000))];
  expect(await ask(conversation, messages, { signal: controller.signal })).toMatchObject({
    finish: 'aborted',
  });
  expect(runtime.computed.length).toBe(2);
  // What was computed isn't lost.
  const computed = runtime.computed.reduce((sum, n) => sum + n, 0);
  expect((await ask(conversation, messages)).counters.reused).toBe(computed);
});

test("a device that fails is a refusal, and what it held isn't trusted any more", async () => {
  const runtime = fakeRuntime(saysInTurn(['fine']));
  const conversation = open(runtime);
  await ask(conversation, [user('hi')]);
  runtime.failure = new Error('device lost');
  const request = { messages: [user('hi there')], view: VIEW, maxTokens: 9 };
  expect(await conversation.reply(request)).toMatchObject({
    ok: false,
    error: { code: 'STUDENT_FAILED', message: expect.stringContaining('device lost') },
  });
  runtime.failure = undefined;
  const again = await ask(conversation, [user('hi there')]);
  expect(again).toMatchObject({ text: 'fine', counters: { reused: 0 } });
});

test("logits that aren't numbers are a refusal", async () => {
  const runtime = fakeRuntime(() => 5);
  const broken: FakeRuntime = {
    ...runtime,
    extend: async (cache, tokens, rows) => {
      const extended = await runtime.extend(cache, tokens, rows);
      return { ...extended, logits: extended.logits.fill(Number.NaN) };
    },
  };
  const request = { messages: [user('hi')], view: VIEW, maxTokens: 9 };
  expect(await open(broken).reply(request)).toMatchObject({ error: { code: 'STUDENT_NUMBERS' } });
});

test('a conversation that is too long is refused', async () => {
  const conversation = open(fakeRuntime(saysInTurn(['x']), 20));
  const request = { messages: [user('y'.repeat(50))], view: VIEW, maxTokens: 9 };
  expect(await conversation.reply(request)).toMatchObject({ error: { code: 'CONTEXT_FULL' } });
});

test("what others are computed meanwhile isn't part of what a reply took", async () => {
  const runtime = fakeRuntime(saysInTurn(['a reply']));
  let now = 0;
  runtime.computing = async () => {
    now += 10;
    await new Promise((resolve) => setImmediate(resolve));
  };
  const student = createPocketStudent({
    identity: { name: 'fake' },
    runtime,
    tokenizer: CHARACTER_TOKENS,
    clock: () => now,
  });
  const alone = (await ask(student.open(), [user('hi')])).counters;
  const together = await Promise.all([1, 2, 3].map(() => ask(student.open(), [user('hi')])));
  for (const { counters } of together) expect(counters).toEqual(alone);
});

test('scores a given reply, token by token', async () => {
  const conversation = open(fakeRuntime(saysInTurn(['ok'])));
  const score = await conversation.score?.([user('hi')], 'oh');
  if (score?.ok !== true) throw new Error();
  // One logit is 1, the others -1.
  const likely = 1 - Math.log(Math.exp(1) + (VOCABULARY - 1) * Math.exp(-1));
  const unlikely = likely - 2;
  expect(score.value.tokens.map(({ text }) => text)).toEqual(['o', 'h', '']);
  // After 'oh' the fake ends the turn.
  const expected = [likely, unlikely, likely];
  score.value.tokens.forEach(({ logProbability }, i) => {
    expect(logProbability).toBeCloseTo(expected[i] as number, 5);
  });
  expect(score.value.logProbability).toBeCloseTo(2 * likely + unlikely, 5);
  expect(await ask(conversation, [user('hi')])).toMatchObject({ text: 'ok' });
});

test('an empty reply is scored by the end of the turn', async () => {
  const score = await open(fakeRuntime(saysInTurn([]))).score?.([user('hi')], '');
  expect(score).toMatchObject({ ok: true, value: { tokens: [{ text: '' }] } });
});

test('disposing gives the cache back', async () => {
  const runtime = fakeRuntime(saysInTurn(['x', 'y']));
  const conversation = open(runtime);
  await ask(conversation, [user('hi')]);
  await ask(conversation, [user('ho')]);
  await conversation.dispose();
  expect(runtime.open.size).toBe(0);
});
