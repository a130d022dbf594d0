/** Homes from a seed, and the planner that proves their games solvable. */
export type { HomeGame, HomeOptions, RoomKind, TaskType } from '../../../src/homes/index.ts';
export { generateHome, Home, ROOM_KINDS, regenerate, solve, TASK_TYPES } from '../../../src/homes/index.ts';
