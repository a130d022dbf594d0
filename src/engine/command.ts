/** A command taken apart: what to do, to what, where. */
export type Verb =
  | 'go'
  | 'look'
  | 'inventory'
  | 'help'
  | 'examine receptacle'
  | 'examine object'
  | 'open'
  | 'close'
  | 'take'
  | 'put'
  | 'clean'
  | 'heat'
  | 'cool'
  | 'use'
  | 'slice';

export interface Command {
  readonly verb: Verb;
  /** Object index (for `slice`, what is cut), or -1. */
  readonly object: number;
  /** Receptacle index (for `slice`, the object index of the tool), or -1. */
  readonly target: number;
  /** What the game prints when the command succeeds, where that doesn't depend on the state. */
  readonly feedback: string;
}
