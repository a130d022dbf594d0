/** Records episodes of this engine in the format of the reference engine's recordings, to be spoilt by tests. */
import type { Transcript, TranscriptStep, World } from '../engine/index.ts';

/** Plays the commands in a world and writes down what happens. */
export function recordEpisode(
  world: World,
  game: string,
  kind: string,
  commands: readonly string[],
): Transcript {
  const episode = world.start();
  const won0 = episode.won;
  const admissible0 = [...episode.admissible()];
  let before: readonly string[] = admissible0;
  const steps: TranscriptStep[] = commands.map((action) => {
    const observation = episode.step(action);
    const list = [...episode.admissible()];
    const same = list.join('\n') === before.join('\n');
    before = list;
    return { action, observation, admissible: same ? null : list, won: episode.won, done: episode.won };
  });
  return { game, kind, intro: world.intro, won0, admissible0, steps };
}
