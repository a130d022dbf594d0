import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conversation, EpisodeView } from '../agent/conversation.ts';
import { playEpisode, prepareEpisode } from '../agent/episode.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { ok, unwrap } from '../base/result.ts';
import { CHARACTER_TOKENS, fakeRuntime, VOCABULARY } from '../testing/fake-runtime.ts';
import { smallWorld } from '../testing/small-game.ts';
import { bytesSource } from '../weights/byte-source.ts';
import { openGguf } from '../weights/gguf/merged.ts';
import { createHumanStudent } from './human.ts';
import type { MlcEngine } from './mlc/engine.ts';
import { createMlcStudent } from './mlc/session.ts';
import { createServerStudent } from './openai/student.ts';
import { parseBpeTokenizer } from './pocket/bpe.ts';
import { createKernelRuntime } from './pocket/kernel-runtime.ts';
import type { Runtime } from './pocket/runtime.ts';
import { createPocketStudent } from './pocket/session.ts';
import { createRandomStudent } from './random.ts';
import { createScriptedStudent } from './scripted.ts';
import { packedWeights } from './smollm2/open.ts';
import type { Student } from './student.ts';

const world = smallWorld();
const clock = (): number => 0;

async function play(student: Student, seed = '', signal = new AbortController().signal) {
  const prepared = unwrap(
    await prepareEpisode({
      world,
      game: { key: 'k', sha256: '', taskType: 't' },
      player: student,
      settings: { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 20 },
      recall: undefined,
      seed,
      program: 'test',
    }),
  );
  const actions: string[] = [];
  let end = '';
  for await (const record of playEpisode(prepared, student.open({ seed }), { signal })) {
    if (record.kind === 'end') end = record.end;
    else actions.push(record.action);
  }
  return { actions, end };
}

test('the scripted teacher wins, and says why', async () => {
  const { actions, end } = await play(createScriptedStudent(clock));
  expect(end).toBe('won');
  expect(actions.length).toBeLessThan(12);
});

test("the scripted teacher refuses a task that it doesn't understand", async () => {
  const view: EpisodeView = {
    intro: 'A room.\n\nYour task is to: juggle.',
    steps: [],
    scripts: [],
    admissible: () => [],
  };
  const reply = await createScriptedStudent(clock).open().reply({ messages: [], view, maxTokens: 9 });
  expect(reply).toMatchObject({ ok: false, error: { code: 'TASK_UNKNOWN' } });
});

describe('chance', () => {
  test('takes admissible commands, the same for the same seed and others for another', async () => {
    const student = createRandomStudent(clock);
    const first = await play(student, 'a');
    expect(await play(student, 'a')).toEqual(first);
    expect((await play(student, 'b')).actions).not.toEqual(first.actions);
    const episode = world.start();
    for (const action of first.actions) {
      expect(episode.admissible()).toContain(action);
      episode.step(action);
    }
  });
});

describe('a person', () => {
  test('is asked for each action, with what the game accepts', async () => {
    const wanted = [...(world.walkthrough ?? [])];
    const asked: string[][] = [];
    const student = createHumanStudent(
      'Ada',
      async (view) => {
        asked.push([...view.admissible()]);
        return wanted.shift();
      },
      clock,
    );
    expect(student.identity).toEqual({ kind: 'human', name: 'Ada' });
    expect(await play(student)).toEqual({ actions: world.walkthrough, end: 'won' });
    expect(asked[0]).toContain('look');
  });

  test('who takes for ever can be stopped', async () => {
    const controller = new AbortController();
    const student = createHumanStudent(
      'Ada',
      () => {
        controller.abort();
        return new Promise(() => {});
      },
      clock,
    );
    expect(await play(student, '', controller.signal)).toEqual({ actions: [], end: 'stopped' });
  });
});

/** Waits for a moment that the test chooses. */
type Pause = () => Promise<void>;

/** What a text is answered, for players that answer by it. */
function answerTo(texts: readonly string[]): string {
  const sum = Array.from(texts.join()).reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 9973, 7);
  return `reply ${sum}`.slice(0, 7 + (sum % 4));
}

/** An engine that holds one conversation and stands no second reply beside the one it gives. */
function fakeEngine(pause: Pause): MlcEngine {
  let interrupted = false;
  let busy = false;
  let loaded = true;
  return {
    lost: false,
    countTokens: (text) => text.length,
    interrupt: () => {
      interrupted = true;
    },
    async generate({ messages }, onText) {
      if (busy || !loaded) throw new Error(busy ? 'two replies at once' : 'it was freed');
      busy = true;
      interrupted = false;
      const reply = answerTo(messages.map(({ content }) => content));
      let said = 0;
      while (said < reply.length && !interrupted) {
        await pause();
        onText(reply.slice(0, ++said));
      }
      busy = false;
      const finish = said < reply.length ? ('abort' as const) : ('stop' as const);
      return { text: reply.slice(0, said), finish, prefilled: 1, decoded: said, held: said };
    },
    async unload() {
      if (busy) throw new Error('freed in the middle of a reply');
      loaded = false;
    },
  };
}

async function tinyLlama() {
  const file = readFileSync(new URL('../weights/fixtures/gguf/tiny-llama.gguf', import.meta.url));
  const { config, tokenizer: texts, merged } = unwrap(await openGguf(bytesSource(file)));
  const weights = packedWeights(unwrap(merged(undefined)));
  const runtime = unwrap(await createKernelRuntime(config, weights, { breathe: async () => {} }));
  const [json = '', settings = ''] = ['tokenizer.json', 'tokenizer_config.json'].map((name) =>
    texts.get(name),
  );
  return { runtime, tokenizer: unwrap(parseBpeTokenizer(json, settings)) };
}

/** Its methods and getters as plain properties. */
function bound(runtime: Runtime): Runtime {
  const { device, vocabulary, contextLimit } = runtime;
  return {
    device,
    vocabulary,
    contextLimit,
    empty: () => runtime.empty(),
    extend: (cache, tokens, rows) => runtime.extend(cache, tokens, rows),
    rewind: (cache, length) => runtime.rewind(cache, length),
    release: (cache) => runtime.release(cache),
    breathe: () => runtime.breathe(),
    dispose: () => runtime.dispose(),
  };
}

const TIMELESS = { clock, identity: { name: 'fake' } };
/** A hash of the whole context: a token of another conversation in the cache gives another reply. */
const hashed = (tokens: readonly number[]): number =>
  tokens.length % 7 === 0
    ? 0
    : 2 + (tokens.reduce((h, token) => (h * 31 + token) % 65537, 7) % (VOCABULARY - 2));

/** A small Llama as SmolLM2 is opened: a base that was merged, its own tokenizer, weights of eight bits on the kernels. */
const llama = await tinyLlama();

const STUDENTS: Record<string, (pause: Pause) => Student> = {
  smollm2(pause) {
    const { runtime, tokenizer } = llama;
    const paused: Runtime = {
      ...bound(runtime),
      // As with weights that no cache holds.
      guesses: 8,
      extend: async (cache, tokens, rows) => {
        await pause();
        return runtime.extend(cache, tokens, rows);
      },
      breathe: pause,
      // The others' too.
      dispose: async () => {},
    };
    return createPocketStudent({
      clock,
      identity: { kind: 'smollm2', name: 'tiny' },
      runtime: paused,
      tokenizer,
    });
  },
  pocket(pause) {
    const runtime = fakeRuntime(hashed);
    runtime.computing = pause;
    runtime.breathe = pause;
    return createPocketStudent({ ...TIMELESS, runtime, tokenizer: CHARACTER_TOKENS });
  },
  mlc: (pause) =>
    createMlcStudent({
      ...TIMELESS,
      engine: fakeEngine(pause),
      reopen: async () => fakeEngine(pause),
      contextLimit: 4096,
      model: 'never',
      thinking: false,
    }),
  openai: (pause) =>
    createServerStudent(
      {
        baseUrl: 'http://localhost/',
        model: 'fake',
        async complete({ messages }) {
          await pause();
          const text = answerTo(messages.map(({ content }) => content));
          return ok({ text, finish: 'stop', tokens: undefined, reasoning: 0, firstMs: 0, restMs: 0 });
        },
      },
      { temperature: 0 },
    ),
  human: (pause) =>
    createHumanStudent(
      'Ada',
      async () => {
        await pause();
        return 'look';
      },
      clock,
    ),
  scripted: () => createScriptedStudent(clock),
  random: () => createRandomStudent(clock),
};

interface Act {
  /** Which of the conversations. */
  readonly at: number;
  readonly what: 'reply' | 'score' | 'read' | 'stop' | 'dispose';
  readonly text: string;
  /** Whether what is done next waits for this. */
  readonly wait: boolean;
}

const acts = fc.array(
  fc.record<Act>({
    at: fc.nat(2),
    what: fc.constantFrom('reply', 'reply', 'reply', 'score', 'read', 'stop', 'dispose'),
    text: fc.constantFrom('a', 'b', 'abcab'),
    wait: fc.boolean(),
  }),
  { maxLength: 14 },
);

describe.each(Object.entries(STUDENTS))('whatever is asked of several conversations of %s', (_, make) => {
  const view = (): EpisodeView => ({
    intro: world.intro,
    steps: [],
    scripts: [],
    admissible: () => world.start().admissible(),
  });
  const request = (content: string) => ({
    messages: [{ role: 'user', content } as const],
    view: view(),
    maxTokens: 9,
  });

  /** What a conversation replies that is alone, and how probable it finds a reply. */
  async function alone(text: string) {
    const conversation = make(async () => {}).open({ seed: 's' });
    const reply = await conversation.reply(request(text));
    const score = await conversation.score?.(request(text).messages, text);
    return { reply: reply.ok ? reply.value.text : '', score: score?.ok ? score.value.logProbability : 0 };
  }

  test('at once, stopped and freed in between: all of it ends, and says what it would say alone', async () => {
    const expected = new Map<string, Awaited<ReturnType<typeof alone>>>();
    for (const text of ['a', 'b', 'abcab']) expected.set(text, await alone(text));
    const says = async (conversation: Conversation, text: string, signal: AbortSignal) => {
      const reply = await conversation.reply(request(text), { signal });
      if (!reply.ok) return reply.error.code;
      const { text: said, finish } = reply.value;
      const whole = expected.get(text)?.reply ?? '';
      // What is stopped may end within a character, and shows a sign in its place.
      return finish === 'aborted' ? whole.startsWith(said.replace(/\uFFFD+$/, '')) : said === whole;
    };
    const scores = async (conversation: Conversation, text: string, signal: AbortSignal) => {
      const score = await conversation.score?.(request(text).messages, text, { signal });
      if (score === undefined) return true;
      return score.ok ? score.value.logProbability === expected.get(text)?.score : score.error.code;
    };
    const reads = async (conversation: Conversation, text: string, signal: AbortSignal) => {
      await conversation.read?.(request(text).messages, { signal });
    };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), acts, fc.option(fc.nat(14)), async (scheduler, plan, freedAt) => {
        const student = make(() => scheduler.schedule(Promise.resolve()));
        const conversations = [0, 1, 2].map(() => student.open({ seed: 's' }));
        const stopping: AbortController[][] = [[], [], []];
        const outcomes: unknown[] = [];
        const act = async ({ at, what, text }: Act): Promise<unknown> => {
          const conversation = conversations[at] as Conversation;
          if (what === 'dispose') return conversation.dispose();
          if (what === 'stop') return stopping[at]?.pop()?.abort();
          const controller = new AbortController();
          stopping[at]?.push(controller);
          return { reply: says, score: scores, read: reads }[what](conversation, text, controller.signal);
        };
        let over = false;
        const drive = async (): Promise<void> => {
          const asked: Promise<unknown>[] = [];
          for (const [i, one] of plan.entries()) {
            if (i === freedAt) asked.push(student.dispose());
            const doing = act(one);
            asked.push(doing);
            await (one.wait ? doing : scheduler.schedule(Promise.resolve()));
          }
          outcomes.push(...(await Promise.all(asked)));
          for (const conversation of conversations) await conversation.dispose();
          await student.dispose();
          over = true;
        };
        const driven = drive();
        // The scheduler may call itself idle within a long chain of promises; a turn of the event loop ends the chain.
        do {
          await scheduler.waitIdle();
          await new Promise((resolve) => setImmediate(resolve));
        } while (scheduler.count() > 0);
        // Nothing is left that could still bring an answer: whatever has none by now would never have one.
        expect(over).toBe(true);
        await driven;
        const allowed = ['STUDENT_STOPPED', ...(freedAt === null ? [] : ['STUDENT_FREED'])];
        const wrong = outcomes.filter((one) => one !== undefined && one !== true);
        expect(wrong.filter((one) => !allowed.includes(String(one)))).toEqual([]);
      }),
    );
  });
});
