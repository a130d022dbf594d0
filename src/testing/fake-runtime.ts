/**
 * A runtime without a model for tests: the next token is a function of all tokens in the cache, so that a wrong cache
 * shows in what is said. It counts what was computed, and throws where a cache is used that was given away, where it is
 * asked for something while it computes, and where it was freed.
 */
import type { Message } from '../agent/prompt.ts';
import type { KvCache, Runtime } from '../students/pocket/runtime.ts';
import type { ChatTokenizer } from '../students/pocket/session.ts';

const END = 0;
const START = 1;
const FIRST = 2;
export const VOCABULARY = 130;

/** One token a character of ASCII; a turn is START, role, line feed, content, END. */
export const CHARACTER_TOKENS: ChatTokenizer = {
  turnEnd: END,
  encode: (text) => Array.from(text, (character) => (character.codePointAt(0) ?? 0) + FIRST),
  encodeChat(messages: readonly Message[], generationPrompt) {
    const turn = (role: string): number[] => [START, ...this.encode(`${role}\n`)];
    const turns = messages.flatMap(({ role, content }) => [...turn(role), ...this.encode(content), END]);
    return generationPrompt ? [...turns, ...turn('assistant')] : turns;
  },
  decode: (tokens) =>
    tokens.map((token) => (token < FIRST ? '' : String.fromCodePoint(token - FIRST))).join(''),
};

/** Says the n-th of these replies in the n-th assistant's turn that stands in the context. */
export function saysInTurn(replies: readonly string[]): (tokens: readonly number[]) => number {
  return (tokens) => {
    const turns = CHARACTER_TOKENS.decode(tokens.map((token) => (token === START ? 1 + FIRST : token))).split(
      '\u0001',
    );
    const mine = turns.filter((turn) => turn.startsWith('assistant\n'));
    const said = (mine.at(-1) ?? '').slice('assistant\n'.length);
    const reply = replies[mine.length - 1] ?? '';
    return reply.startsWith(said) && said.length < reply.length
      ? (reply.codePointAt(said.length) ?? 0) + FIRST
      : END;
  };
}

interface FakeCache extends KvCache {
  readonly tokens: readonly number[];
  stale: boolean;
}

export interface FakeRuntime extends Runtime {
  /** Tokens computed in each call. */
  readonly computed: number[];
  /** Caches that weren't released yet. */
  readonly open: Set<KvCache>;
  /** Thrown by the next call. */
  failure: Error | undefined;
  /** Called at each breath. */
  onBreath: () => void;
  /** How long a computation takes. */
  computing: () => Promise<void>;
}

export function fakeRuntime(next: (tokens: readonly number[]) => number, contextLimit = 4096): FakeRuntime {
  const open = new Set<KvCache>();
  const make = (tokens: readonly number[]): FakeCache => {
    const cache = { tokens, length: tokens.length, stale: false };
    open.add(cache);
    return cache;
  };
  const take = (cache: KvCache): readonly number[] => {
    const fake = cache as FakeCache;
    if (fake.stale) throw new Error('a cache was used after it was given away');
    fake.stale = true;
    open.delete(cache);
    return fake.tokens;
  };
  let busy = false;
  let freed = false;
  const alone = async <T>(work: () => T): Promise<T> => {
    if (freed) throw new Error('it was freed');
    if (busy) throw new Error('two computations at once');
    busy = true;
    await runtime.computing();
    busy = false;
    return work();
  };
  const runtime: FakeRuntime = {
    device: 'fake',
    vocabulary: VOCABULARY,
    contextLimit,
    computed: [],
    open,
    failure: undefined,
    onBreath: () => {},
    computing: async () => {},
    empty: () => make([]),
    extend: (cache, tokens, rows) =>
      alone(() => {
        if (runtime.failure !== undefined) throw runtime.failure;
        const before = take(cache);
        const all = [...before, ...tokens];
        if (tokens.length === 0 || all.length > contextLimit) throw new Error('tokens out of range');
        runtime.computed.push(tokens.length);
        const logits = new Float32Array(rows * VOCABULARY).fill(-1);
        for (let row = 0; row < rows; row++) {
          logits[row * VOCABULARY + next(all.slice(0, all.length - rows + row + 1))] = 1;
        }
        return { cache: make(all), logits };
      }),
    rewind: (cache, length) => alone(() => make(take(cache).slice(0, length))),
    release: (cache) => {
      take(cache);
    },
    breathe: async () => runtime.onBreath(),
    async dispose() {
      if (busy) throw new Error('freed while it computed');
      freed = true;
    },
  };
  return runtime;
}
