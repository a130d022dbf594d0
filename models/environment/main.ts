/**
 * The training environment as a process: requests are JSON lines on standard input, each is answered by one JSON line
 * on standard output. models/training/environment.py speaks with it.
 *
 *     node --import tsx models/environment/main.ts
 *
 *     {"op":"open","games":PATH|null,"stream":{...StreamOptions}}          -> {"official":3553}
 *     {"op":"conversations","count":64}                                    -> {"conversations":[...]}
 *     {"op":"begin","count":100,"memory":"memp"|null,"k":10|null}          -> {"episodes":[...]}
 *     {"op":"beginSplit","games":PATH,"split":"valid_seen","memory":...,"k":...,"every":1}
 *     {"op":"step","replies":[[index,text,"stop"],...]}                    -> {"steps":[...]}
 * A request that fails is answered by {"error":{"code","message"}}.
 */
import { createInterface } from 'node:readline';
import type { Refusal } from '../../src/engine/index.ts';
import {
  type Conversation,
  DEFAULT_STREAM,
  type Setting,
  Stream,
  type StreamOptions,
} from './conversations.ts';
import { OfficialGames } from './games.ts';
import { DEFAULT_MIX, isConfiguration, type MemoryMix, plainMix } from './memories.ts';
import { Rollouts } from './rollouts.ts';

type Request = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

let stream: Stream | undefined;
const rollouts = new Rollouts();

async function answer(request: Request): Promise<Answer> {
  switch (request.op) {
    case 'open':
      return open(request);
    case 'conversations':
      return conversations(Number(request.count));
    case 'begin':
      return begin(request);
    case 'beginSplit':
      return beginSplit(request);
    case 'step':
      return step(request.replies as readonly [number, string, 'stop' | 'length'][]);
    default:
      return failure({ code: 'REQUEST_UNKNOWN', message: `There is no request "${String(request.op)}".` });
  }
}

async function open(request: Request): Promise<Answer> {
  let official: OfficialGames | undefined;
  if (typeof request.games === 'string') {
    const opened = await OfficialGames.open(request.games, 'train');
    if (!opened.ok) return failure(opened.error);
    official = opened.value;
  }
  stream = await Stream.open(official, {
    ...DEFAULT_STREAM,
    ...(request.stream as Partial<StreamOptions> | undefined),
  });
  return { official: official?.count ?? 0 };
}

async function conversations(count: number): Promise<Answer> {
  if (stream === undefined) return notOpen();
  const made: Conversation[] = [];
  for (let i = 0; i < count; i++) made.push(await stream.next());
  return { conversations: made };
}

async function begin(request: Request): Promise<Answer> {
  if (stream === undefined) return notOpen();
  const { mix, k } = memoryOptions(request);
  const drawn = [];
  for (let i = 0; i < Number(request.count); i++) {
    const setting = await stream.setting();
    drawn.push({ setting, memory: stream.draw(setting, mix, k) });
  }
  return { episodes: rollouts.begin(drawn) };
}

/** Every game of an official split once, with the training games' memories. */
async function beginSplit(request: Request): Promise<Answer> {
  if (stream === undefined) return notOpen();
  const opened = await OfficialGames.open(String(request.games), String(request.split));
  if (!opened.ok) return failure(opened.error);
  const { mix, k } = memoryOptions(request);
  const drawn = [];
  const every = Math.max(1, Number(request.every ?? 1));
  for (let i = 0; i < opened.value.count; i += every) {
    const game = await opened.value.at(i);
    if (game === undefined) continue;
    const setting: Setting = { game, own: [], outdated: [] };
    drawn.push({ setting, memory: stream.draw(setting, mix, k) });
  }
  return { episodes: rollouts.begin(drawn) };
}

function memoryOptions(request: Request): { mix: MemoryMix; k: number | undefined } {
  const mix = isConfiguration(request.memory) ? plainMix(request.memory) : DEFAULT_MIX;
  return { mix, k: typeof request.k === 'number' ? request.k : undefined };
}

function step(replies: readonly [number, string, 'stop' | 'length'][]): Answer {
  return { steps: replies.map(([index, text, finish]) => rollouts.step(index, text, finish) ?? null) };
}

function notOpen(): Answer {
  return failure({ code: 'NOT_OPEN', message: 'Send "open" first.' });
}

function failure({ code, message, place }: Refusal): Answer {
  return { error: { code, message: place === undefined ? message : `${place}: ${message}` } };
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() === '') continue;
  let result: Answer;
  try {
    result = await answer(JSON.parse(line) as Request);
  } catch (error) {
    // A defect of this program, or a request from something that isn't environment.py.
    result = failure({
      code: 'REQUEST_FAILED',
      message: error instanceof Error ? (error.stack ?? '') : String(error),
    });
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
