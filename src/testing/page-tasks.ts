/** Tasks of the page's homes, found by what they ask for: which home asks for what is the generator's to say. */
import { unwrap } from '../base/result.ts';
import { parseGame } from '../engine/index.ts';
import { generateHome, type HomeGame, PAGE_HABITS } from '../homes/index.ts';

interface PageTask {
  readonly home: number;
  readonly task: number;
  /** What the address needs: `home=4&task=1`. */
  readonly where: string;
  /** As the page shows it: `Put a hot apple in sidetable.` */
  readonly sentence: string;
  /** Commands that win. */
  readonly walkthrough: readonly string[];
}

/** The first task that suits. */
function findTask(suits: (game: HomeGame) => boolean): PageTask {
  for (let home = 1; home < 100; home++) {
    const made = generateHome(home, { habits: PAGE_HABITS });
    for (let task = 0; task < 3; task++) {
      const game = made.game(task);
      if (suits(game)) return pageTask(home, task, game);
    }
  }
  throw new Error('No home asks for such a task.');
}

/** A task where memory saves steps, of a home that isn't the first one that the page shows. */
export function firstTask(): PageTask {
  return pageTask(7, 0, generateHome(7, { habits: PAGE_HABITS }).game(0));
}

function pageTask(home: number, task: number, { text, walkthrough }: HomeGame): PageTask {
  const world = unwrap(parseGame(text));
  const sentence = world.task.replace(/^./, (letter) => letter.toUpperCase());
  return { home, task, where: `home=${home}&task=${task}`, sentence, walkthrough };
}

/** Heats an apple: a condition of the goal that changes on the way. */
export const HOT_APPLE = findTask(
  ({ taskType, object }) => taskType === 'pick_heat_then_place_in_recep' && object === 'Apple',
);

/** Four commands: go, take, go, put. */
export const SIMPLE = findTask(
  ({ taskType, walkthrough }) => taskType === 'pick_and_place_simple' && walkthrough.length === 4,
);
