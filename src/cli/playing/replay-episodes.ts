/** Replays files of recorded episodes and counts where this engine differs; for `duomem replay` and for tests. */
import { performance } from 'node:perf_hooks';
import { ok, type Result } from '../../base/result.ts';
import { compareTranscript, type Mismatch } from '../../engine/conformance.ts';
import type { RecordedGames } from '../files/recorded-games.ts';
import { readTranscripts } from '../files/transcript-file.ts';

interface ReplayCount {
  /** Games that the episodes were played in. */
  readonly games: number;
  readonly episodes: number;
  readonly steps: number;
  /** Every field of every step that differs, so one wrong step mostly counts several times. */
  readonly mismatches: number;
  /** Seconds in the engine and the comparison; reading files and parsing games aren't in them. */
  readonly seconds: number;
}

interface ReplayOptions {
  readonly signal?: AbortSignal;
  /** Called after every episode. */
  readonly onEpisode?: (count: { readonly episodes: number; readonly steps: number }) => void;
  readonly onMismatch?: (mismatch: Mismatch) => void;
}

/** Refuses, with file and line, what readTranscripts and RecordedGames.find refuse; stops early when told to. */
export async function replayEpisodes(
  games: RecordedGames,
  files: readonly string[],
  { signal, onEpisode, onMismatch }: ReplayOptions = {},
): Promise<Result<ReplayCount>> {
  const played = new Set<string>();
  let episodes = 0;
  let steps = 0;
  let mismatches = 0;
  let milliseconds = 0;
  for (const file of files) {
    for await (const line of readTranscripts(file)) {
      if (signal?.aborted) break;
      if (!line.ok) return line;
      const { place, transcript } = line.value;
      const world = await games.find(transcript.game);
      if (!world.ok) return { ok: false, error: { ...world.error, place } };
      const started = performance.now();
      const found = compareTranscript(world.value, transcript);
      milliseconds += performance.now() - started;
      played.add(transcript.game);
      episodes++;
      steps += transcript.steps.length;
      mismatches += found.length;
      for (const mismatch of found) onMismatch?.(mismatch);
      onEpisode?.({ episodes, steps });
    }
  }
  return ok({ games: played.size, episodes, steps, mismatches, seconds: milliseconds / 1000 });
}
