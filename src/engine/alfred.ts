/**
 * Games from ALFRED's own files: traj_data.json says what is asked for, initial_state.pddl how the home starts and when
 * the goal holds. Made as ALFWorld makes its game files (alfworld 0.4.2: gen/goal_library.py, agents/utils/misc.py), with
 * the domain that its released games have. Which of a task's two sentences is said, ALFWorld draws; here the trial's
 * number decides, so that the same trial says the same. Nobody has shown that such a game can be solved.
 */
import { readJson } from '../base/read-json.ts';
import { ok, type Parsed, type Result, refuse } from '../base/result.ts';
import { table } from '../base/table.ts';
import { CLEANING_PLACE, DOMAIN_TEXT, OLDER_CLEANING_PLACE } from './domain-text.ts';
import { formatGameFile, MAX_GAME_LENGTH } from './game.ts';
import { grammarText } from './grammar-text.ts';

/** The sentences of the six types of tasks that ALFWorld plays. */
const TEMPLATES: Readonly<Record<string, readonly [string, string]>> = table({
  pick_and_place_simple: ['put a {obj} in {recep}', 'put some {obj} on {recep}'],
  look_at_obj_in_light: ['look at {obj} under the {toggle}', 'examine the {obj} with the {toggle}'],
  pick_clean_then_place_in_recep: ['put a clean {obj} in {recep}', 'clean some {obj} and put it in {recep}'],
  pick_heat_then_place_in_recep: ['put a hot {obj} in {recep}', 'heat some {obj} and put it in {recep}'],
  pick_cool_then_place_in_recep: ['put a cool {obj} in {recep}', 'cool some {obj} and put it in {recep}'],
  pick_two_obj_and_place: ['put two {obj} in {recep}', 'find two {obj} and put them in {recep}'],
});

/** The parts of traj_data.json that a game is made from. */
interface Trajectory {
  readonly sentences: readonly string[];
  readonly trial: string;
  /** What people wrote who saw it done. */
  readonly annotations: readonly string[];
}

type AlfredCode = 'GAME_TOO_LARGE' | 'GAME_ALFRED';

/** Codes: GAME_TOO_LARGE, GAME_ALFRED (not as ALFRED writes it, or a task that ALFWorld leaves out). */
export function parseTrajectory(text: string): Parsed<Trajectory, AlfredCode> {
  if (text.length > MAX_GAME_LENGTH)
    return refuse('GAME_TOO_LARGE', `traj_data.json has more than ${MAX_GAME_LENGTH} characters`);
  const parsed = readJson(text, { code: 'GAME_ALFRED', what: 'traj_data.json', longest: MAX_GAME_LENGTH });
  if (!parsed.ok) return parsed;
  const data = parsed.value;
  const type = at(data, 'task_type');
  const params = at(data, 'pddl_params');
  const word = (key: string): string | undefined => {
    const value = at(params, key);
    return typeof value === 'string' && /^\w{0,64}$/.test(value) ? value.toLowerCase() : undefined;
  };
  const [object, target, toggle] = [word('object_target'), word('parent_target'), word('toggle_target')];
  if (typeof type !== 'string' || object === undefined || target === undefined || toggle === undefined)
    return refuse('GAME_ALFRED', 'traj_data.json lacks task_type or pddl_params as ALFRED writes them');
  const templates = Object.hasOwn(TEMPLATES, type) ? TEMPLATES[type] : undefined;
  if (templates === undefined || at(params, 'object_sliced') === true || word('mrecep_target') !== '')
    return refuse(
      'GAME_ALFRED',
      `ALFWorld plays no tasks of this kind (${type.slice(0, 64)}; sliced or movable ones neither)`,
    );
  const filled = templates.map((template) =>
    template.replace('{obj}', object).replace('{recep}', target).replace('{toggle}', toggle),
  );
  const trial = at(data, 'task_id');
  const list = at(at(data, 'turk_annotations'), 'anns');
  const annotations = (Array.isArray(list) ? list.slice(0, 100) : []).map((one) => at(one, 'task_desc'));
  return ok({
    sentences: filled.map((sentence) => `${sentence}.`),
    trial: typeof trial === 'string' ? trial : '',
    annotations: annotations.filter((one): one is string => typeof one === 'string' && one.trim() !== ''),
  });
}

/** A game file's text from the texts of traj_data.json and initial_state.pddl. Codes: those of {@link parseTrajectory}. */
export function gameFromAlfred(trajectory: string, initialState: string): Result<string> {
  const read = parseTrajectory(trajectory);
  if (!read.ok) return read;
  const { sentences, trial } = read.value;
  const odd = Number(/\d(?=\D*$)/.exec(trial)?.[0] ?? 0) % 2;
  return ok(
    formatGameFile({
      pddl_domain: DOMAIN_TEXT.replace(CLEANING_PLACE, OLDER_CLEANING_PLACE),
      grammar: grammarText(sentences[odd] as string),
      pddl_problem: initialState,
      solvable: true,
    }),
  );
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
