/**
 * Sets of games: opening a zip, a folder or picked files, reading games one by one, importing them all, writing a
 * zip. Apart from the engine's own index, so that who only plays needs no zip library.
 */
export { openFiles, type PickedFile } from './blob-files.ts';
export { arrayBytes, type ByteSource, blobBytes } from './bytes.ts';
export { cancelled } from './cancelled.ts';
export { type GameListing, GameSet, type RefusedGame, type SetFile } from './game-set.ts';
export {
  type GameSink,
  type ImportProgress,
  type ImportReport,
  importGames,
  noGames,
} from './import-games.ts';
export { DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
export { isAlfredFile, isGameFile, parseGamePath, printablePath } from './path.ts';
export { type Telling, tell } from './telling.ts';
export { ZipFileWriter } from './zip.ts';
export { type OpenZipOptions, openZip } from './zip-set.ts';
