/** Where a game comes from, told from its key: a home of the page can be made again, anything else was imported. */
import type { Telling } from '../engine/import/index.ts';
import { PAGE_HABITS, parseHomeKey } from '../homes/index.ts';
import { choreOfSplit } from '../homes/own-chore.ts';
import type { GameSource } from './agent.ts';

/**
 * The source of a game from its key: a page's home says it itself, anything else must have been imported.
 * @param telling how the game was told
 */
export function sourceOf(key: string, { dialect, goals, words }: Telling = {}): GameSource {
  const parsed = parseHomeKey(key);
  const plain = parsed !== undefined && parsed.stray === 0 && !Number.isFinite(parsed.habitChange);
  const ours = plain && parsed.habits === PAGE_HABITS && parsed.routine === PAGE_HABITS;
  const said = words === undefined ? {} : { words };
  if (!ours) return { kind: 'imported', key, ...(dialect && { dialect }), ...(goals && { goals }), ...said };
  const chore = choreOfSplit(parsed.split);
  const own = chore === undefined ? {} : { chore };
  return { kind: 'home', home: parsed.home, task: parsed.index, ...own, ...said };
}
