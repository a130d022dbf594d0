/**
 * A person at the terminal playing one game: what each line typed means. Lines that aren't words of the session go to
 * the game as they are. Knows nothing of streams, so that it is tested without a terminal.
 */
import type { Episode, Snapshot, World } from '../../engine/index.ts';
import { recordEpisode, type Transcript } from '../../engine/transcript.ts';

/** How a piece of text is meant; a terminal gives each a colour. */
export type Tone = 'place' | 'task' | 'text' | 'refused' | 'hint' | 'won' | 'done' | 'open';

export interface Line {
  readonly tone: Tone;
  readonly text: string;
}

interface Turn {
  readonly command: string;
  readonly observation: string;
  readonly before: Snapshot;
}

const SESSION_HELP = [
  'hint      the commands that the game accepts now, and how far the task is',
  'undo      take the last command back',
  'restart   begin again',
  'quit      stop',
] as const;

export class PlaySession {
  readonly #world: World;
  readonly #episode: Episode;
  readonly #turns: Turn[] = [];
  #ended = false;

  constructor(world: World) {
    this.#world = world;
    this.#episode = world.start();
  }

  get won(): boolean {
    return this.#episode.won;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get commands(): readonly string[] {
    return this.#turns.map((turn) => turn.command);
  }

  /** What can be typed now, for completion. */
  completions(): readonly string[] {
    return [...this.#episode.admissible(), 'hint', 'undo', 'restart', 'quit'];
  }

  /** What the player reads first. */
  opening(): readonly Line[] {
    const [, view = ''] = this.#world.intro.split('\n\n');
    return [
      { tone: 'text', text: view },
      { tone: 'task', text: `Your task is to: ${this.#world.task}` },
      {
        tone: 'hint',
        text: `Type what to do, such as 'go to ${this.#world.receptacles[0]?.name ?? 'desk 1'}'.`,
      },
      ...SESSION_HELP.map((text): Line => ({ tone: 'hint', text: `  ${text}` })),
    ];
  }

  /** Carries out one typed line and says what to print. */
  enter(line: string): readonly Line[] {
    const word = line.trim();
    switch (word) {
      case '':
        return [];
      case 'hint':
        return this.#hint();
      case 'undo':
        return this.#undo();
      case 'restart':
        this.#episode.reset();
        this.#turns.length = 0;
        return this.opening();
      case 'quit':
        this.#ended = true;
        return [];
      default:
        return this.#play(word);
    }
  }

  #play(command: string): readonly Line[] {
    const before = this.#episode.snapshot();
    const observation = this.#episode.step(command);
    this.#turns.push({ command, observation, before });
    if (observation === 'Nothing happens.') {
      return [{ tone: 'refused', text: `${observation} ('hint' lists what can be done here.)` }];
    }
    const [head = '', ...rest] = observation.split(/(?<=^You arrive at [^.]+\.|^You open [^.]+\.) /);
    const lines: Line[] = [{ tone: rest.length > 0 ? 'place' : 'text', text: head }];
    for (const text of rest) lines.push({ tone: 'text', text });
    if (this.#episode.won) {
      this.#ended = true;
      lines.push({ tone: 'won', text: `Solved in ${steps(this.#turns.length)}.` });
    }
    return lines;
  }

  #hint(): readonly Line[] {
    return [
      ...this.#episode.progress().map(
        ({ text, holds }): Line => ({
          tone: holds ? 'done' : 'open',
          text: `${holds ? '[x]' : '[ ]'} ${text}`,
        }),
      ),
      ...this.#episode.admissible().map((text): Line => ({ tone: 'hint', text: `  ${text}` })),
    ];
  }

  #undo(): readonly Line[] {
    const last = this.#turns.pop();
    if (last === undefined) return [{ tone: 'refused', text: 'There is nothing to take back.' }];
    this.#episode.restore(last.before);
    return [{ tone: 'hint', text: `Took back: ${last.command}` }];
  }

  /** The whole play as a readable list, one command and answer after the other. */
  readable(): readonly Line[] {
    return this.#turns.flatMap(({ command, observation }, i): Line[] => [
      { tone: 'hint', text: `${i + 1}. ${command}` },
      { tone: 'text', text: `   ${observation}` },
    ]);
  }

  /** The play as an episode that `duomem replay` reads. */
  transcript(game: string): Transcript {
    return recordEpisode(this.#world, game, 'person', this.commands);
  }
}

function steps(n: number): string {
  return n === 1 ? '1 step' : `${n} steps`;
}
