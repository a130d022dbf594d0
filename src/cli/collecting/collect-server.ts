/**
 * A teacher behind a server plays games of a set, several at once. Each game comes out when it is done, in whatever
 * order, so that an end at any moment loses only the games that are being played.
 */
import { ANY_REPLIES, DEFAULT_SETTINGS } from '../../agent/settings.ts';
import { ok, type Result } from '../../base/result.ts';
import type { GameListing, GameSet } from '../../engine/import/index.ts';
import { parseGame } from '../../engine/index.ts';
import { playGame } from '../../eval/play-game.ts';
import { memoryHome } from '../../homes/index.ts';
import type { ChatServer } from '../../students/openai/client.ts';
import { meetsAll } from '../../students/openai/failure.ts';
import { createServerStudent } from '../../students/openai/student.ts';
import { addUsage, NO_USAGE } from '../../students/openai/usage.ts';
import { collectTries, type PlayTry } from '../../teacher/collect.ts';
import { type Collected, formatTrajectoryRecord, type Usage } from '../../teacher/trajectory.ts';
import { PROGRAM } from '../program/version.ts';
import type { CollectedGame } from './collect-games.ts';

export interface ServerTeacher {
  readonly server: ChatServer;
  /** Games that are played at once. */
  readonly concurrency: number;
  readonly tries: number;
  readonly successes: number;
  readonly maxSteps: number;
  readonly seed: number;
  /** Of the second and later tries; the first is greedy. */
  readonly temperature: number;
  readonly replyTokens: number;
  /** Told before each wait for another try, in a sentence. */
  readonly onWait?: (sentence: string) => void;
}

/** A game that was played or can't be; `usage` of one that wasn't finished is nowhere else. */
interface ServedGame {
  readonly key: string;
  readonly result: Result<CollectedGame>;
  readonly usage: Usage;
}

/**
 * Plays the games until all are done, one of them met a failure that the others would meet too (it is the last result
 * then), or the signal aborted. Games that this interrupts come out too, as refused with code COLLECT_STOPPED.
 */
export async function* playOnServer(
  games: readonly GameListing[],
  set: GameSet,
  teacher: ServerTeacher,
  signal: AbortSignal,
): AsyncGenerator<ServedGame> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) stop.abort();
  const running = new Map<string, Promise<ServedGame>>();
  let next = 0;
  let failed: ServedGame | undefined;
  try {
    for (;;) {
      while (running.size < teacher.concurrency && next < games.length && !stop.signal.aborted) {
        const game = games[next++] as GameListing;
        running.set(game.key, play(game, set, teacher, stop.signal));
      }
      if (running.size === 0) break;
      const served = await Promise.race(running.values());
      running.delete(served.key);
      if (!served.result.ok && meetsAll(served.result.error.code)) {
        failed ??= served;
        stop.abort();
      } else {
        yield served;
      }
    }
    if (failed !== undefined) yield failed;
  } finally {
    stop.abort();
    signal.removeEventListener('abort', onAbort);
  }
}

async function play(
  { key, taskType }: GameListing,
  set: GameSet,
  teacher: ServerTeacher,
  signal: AbortSignal,
): Promise<ServedGame> {
  let usage = NO_USAGE;
  const onUsage = (more: Usage): void => {
    usage = addUsage(usage, more);
  };
  const text = await set.read(key);
  const world = text.ok ? parseGame(text.value) : text;
  if (!text.ok) return { key, result: text, usage };
  if (!world.ok) return { key, result: world, usage };
  const { server, tries, successes, seed, maxSteps, temperature, replyTokens } = teacher;
  const settings = { ...DEFAULT_SETTINGS, ...ANY_REPLIES, memory: 'none', maxSteps, replyTokens } as const;
  const playTry: PlayTry = async (number) => {
    const student = createServerStudent(server, {
      temperature: number === 0 ? 0 : temperature,
      onUsage,
      onWait: teacher.onWait,
    });
    const options = { student, settings, recall: undefined, seed: number, program: PROGRAM, signal };
    const trace = await playGame({ key, taskType, text: text.value }, options);
    if (!trace.ok) return trace;
    const { steps, end } = trace.value;
    // A conversation that became too long for the server is a lost try, and no reason to lose the others.
    const grewTooLong = end?.refusal?.code === 'SERVER_REFUSED' && steps.length > 0;
    if (end?.refusal !== undefined && !grewTooLong) return { ok: false, error: end.refusal };
    if (end?.end === 'stopped') return STOPPED;
    return ok({
      won: end?.end === 'won',
      steps: steps.map(({ thought, action, observation }) => ({ thought, action, observation })),
    });
  };
  const game = { key, taskType, ...memoryHome(key), world: world.value };
  const played = await collectTries(server.model, playTry, game, { tries, successes, seed });
  if (!played.ok) return { key, result: played, usage };
  const { trajectories } = played.value;
  const collected: Collected = { ...played.value.collected, usage };
  const lines = [...trajectories, collected].map(formatTrajectoryRecord).join('');
  return { key, result: ok({ lines, trajectories: trajectories.length, collected }), usage };
}

const STOPPED = {
  ok: false,
  error: { code: 'COLLECT_STOPPED', message: 'It was stopped while it was played.' },
} as const;
