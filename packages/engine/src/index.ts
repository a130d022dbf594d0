/**
 * The text engine as a package: a game file's text in, episodes out. What stands here keeps to semantic versioning;
 * it runs wherever ECMAScript does, and imports nothing.
 */
export type {
  Command,
  Condition,
  Dialect,
  GameFile,
  Refusal,
  Result,
  Snapshot,
  WhichDialect,
} from '../../../src/engine/index.ts';
export {
  commandIn,
  DIALECTS,
  Episode,
  formatGameFile,
  formatRefusal,
  inDialect,
  NOTHING_HAPPENS,
  parseGame,
  parseGameFile,
  Random,
  World,
  whichDialect,
} from '../../../src/engine/index.ts';
