/** The text engine: game files in, episodes out. Pure and synchronous; the same in Node, a worker and a page. */

export { compareCodePoints } from '../base/order.ts';
export { Random } from '../base/random.ts';
export { formatRefusal, ok, type Refusal, type Result, refuse } from '../base/result.ts';
export { gameFromAlfred, parseTrajectory } from './alfred.ts';
export type { Command } from './command.ts';
export { putText } from './commands.ts';
export { formatMismatch } from './conformance.ts';
export { commandIn, DIALECTS, inDialect, withTask } from './dialect.ts';
export { DOMAIN_TEXT } from './domain-text.ts';
export { Episode, type Snapshot } from './episode.ts';
export { formatGameFile, type GameFile, parseGame, parseGameFile } from './game.ts';
export { type Dialect, grammarText } from './grammar-text.ts';
export { formatProblem, parseProblem } from './problem.ts';
export { type Condition, type Know, progressKnown, type SeenCondition } from './progress.ts';
export { formatSExpr, parseSExpr, type SExpr } from './sexpr.ts';
export { CLEAN, COOL, HOT, OPENED, type State } from './state.ts';
export { NOTHING_HAPPENS } from './texts.ts';
export type { Transcript, TranscriptStep } from './transcript.ts';
export { type WhichDialect, whichDialect } from './which-dialect.ts';
export { World } from './world.ts';
export type { Receptacle, Thing } from './world-data.ts';
