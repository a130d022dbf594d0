/**
 * Homes of our own: households from a seed, in the official file format, furnished like the official training games
 * as far as wanted. Pure: the same in Node, a worker and a page.
 */

export { TASK_TYPES, type TaskType } from '../base/task-types.ts';
export {
  FAMILIES,
  type Family,
  familiesOf,
  HELD_OUT_NAMES,
  isHeldOut,
  type NamedProcedure,
  namedFamily,
  proceduresOf,
} from './families.ts';
export { generateHome, Home, type HomeGame, regenerate } from './home.ts';
export { homeId, parseHomeKey } from './key.ts';
export type { HomeOptions } from './options.ts';
export { PAGE_HABITS, PAST_TASKS } from './page-homes.ts';
export { memoryHome, roomId } from './room-id.ts';
export { solve } from './solve.ts';
export { ROOM_KINDS, type RoomKind } from './statistics.ts';
