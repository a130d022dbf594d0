/**
 * Plays one game of a run from its file's text to its trace: what a thread of `duomem eval` and the page's runs do.
 */
import { type PreparedEpisode, playEpisode, prepareEpisode } from '../agent/episode.ts';
import type { Recall } from '../agent/recall.ts';
import type { EpisodeSettings } from '../agent/settings.ts';
import type { Trace, TraceEnd, TraceHeader, TraceStep } from '../agent/trace.ts';
import { ok, type Result } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { parseGame } from '../engine/index.ts';
import { memoryHome } from '../homes/index.ts';
import type { Student } from '../students/student.ts';
import { episodeSeed } from './run.ts';

export interface GameToPlay {
  readonly key: string;
  readonly taskType: string;
  /** The game file. */
  readonly text: string;
  /** Words in which the file asks for the task, in place of its own sentence. */
  readonly words?: string;
}

interface PlayGameOptions {
  readonly student: Student;
  readonly settings: EpisodeSettings;
  readonly recall: Recall | undefined;
  /** Of the run; each game has a seed of its own, from this and its key. */
  readonly seed: number;
  readonly program: string;
  readonly signal?: AbortSignal;
  /** Called before the first step. */
  readonly onHeader?: (header: TraceHeader) => void;
  /** Called with each step as it was taken. */
  readonly onStep?: (step: TraceStep) => void;
  readonly onText?: (piece: string, step: number) => void;
}

/** Makes an episode of a game file. Codes: those of parseGame, and of the memory. */
async function prepareGame(
  { key, taskType, text, words }: GameToPlay,
  { student, settings, recall, seed, program }: PlayGameOptions,
): Promise<Result<PreparedEpisode>> {
  const world = parseGame(text);
  if (!world.ok) return world;
  return prepareEpisode({
    world: world.value,
    game: { key, sha256: sha256Text(text), taskType, ...memoryHome(key), ...(words && { words }) },
    player: student,
    settings,
    recall,
    seed: episodeSeed(seed, key),
    program,
  });
}

/** Plays it once. A student that fails, or a stop, gives a trace as well: look at its end. */
export async function playGame(game: GameToPlay, options: PlayGameOptions): Promise<Result<Trace>> {
  const prepared = await prepareGame(game, options);
  if (!prepared.ok) return prepared;
  const { student, signal, onHeader, onStep, onText } = options;
  onHeader?.(prepared.value.header);
  const conversation = student.open({ seed: prepared.value.header.seed });
  const steps: TraceStep[] = [];
  let end: TraceEnd | undefined;
  try {
    const control = {
      ...(signal === undefined ? {} : { signal }),
      ...(onText === undefined ? {} : { onText }),
    };
    for await (const record of playEpisode(prepared.value, conversation, control)) {
      if (record.kind === 'end') {
        end = record;
      } else {
        steps.push(record);
        onStep?.(record);
      }
    }
  } finally {
    await conversation.dispose();
  }
  return ok({ header: prepared.value.header, steps, end });
}
