/** Sets of games: a zip or picked files, read one game at a time, safe to open from strangers. */
export type {
  ByteSource,
  GameListing,
  ImportLimits,
  OpenZipOptions,
  PickedFile,
  RefusedGame,
  SetFile,
} from '../../../src/engine/import/index.ts';
export {
  arrayBytes,
  blobBytes,
  DEFAULT_IMPORT_LIMITS,
  GameSet,
  openFiles,
  openZip,
  ZipFileWriter,
} from '../../../src/engine/import/index.ts';
