/** How a game is told: in which dialect, and with whose words for its task. */
import { ok, type Result, refuse } from '../../base/result.ts';
import { sayable, UNSAYABLE } from '../../base/sayable.ts';
import { type Dialect, inDialect, parseTrajectory, withTask } from '../index.ts';

/** How games are told; without, each as its file does. */
export interface Telling {
  readonly dialect?: Dialect;
  /** Asks for the task in the words of the people who watched it (traj_data.json beside the game). */
  readonly goals?: 'human';
  /** Asks for the task in these words; the goal stays. */
  readonly words?: string;
}

/** People's words for a task, from traj_data.json: the first that a game can say; undefined where there are none. */
export function peoplesWords(trajectory: string): Result<string | undefined> {
  const read = parseTrajectory(trajectory);
  if (!read.ok) return read;
  // The next annotation may do.
  return ok(read.value.annotations.map((one) => one.trim()).find((one) => !UNSAYABLE.test(one)));
}

/**
 * The text of a game file, told so. Codes: GAME_GOAL_MISSING (there are no words of people's), and those of withTask.
 * @param words ALFRED's annotators' words for its task
 * @param place names the game
 */
export function tell(
  text: string,
  words: string | undefined,
  { dialect, goals, words: given }: Telling,
  place: string,
): Result<string> {
  const own = given === undefined ? '' : sayable(given);
  const asked = own !== '' ? withTask(text, own) : goals === 'human' ? inWords(text, words, place) : ok(text);
  if (!asked.ok || dialect === undefined) return asked;
  const told = inDialect(asked.value, dialect);
  // A game that isn't understood is refused by whoever parses it, with the same words as without a dialect.
  return told.ok ? told : asked;
}

function inWords(text: string, words: string | undefined, place: string): Result<string> {
  if (words !== undefined) return withTask(text, words);
  const message = "Nobody's words for its task lie beside it (traj_data.json with turk_annotations).";
  return refuse('GAME_GOAL_MISSING', message, place);
}
