/** The teacher, who was told what a chore's name stands for, shows it in homes of its own. */
import { ok, type Result } from '../base/result.ts';
import { parseChore } from '../homes/own-chore.ts';
import type { Instructions } from '../player/goal.ts';
import type { StoredLesson } from '../storage/adapters-db.ts';
import { Games, type LoadedGame } from './games.ts';
import { showGame } from './lessons.ts';

/** Homes in which the teacher shows; those of the exam lie elsewhere, and a person begins at the first ones. */
const FIRST_SHOWN = 500_000;
export const FIRST_EXAMINED = 600_000;
/** Homes that are asked in vain in a row: most have what a chore needs. */
const MISSES = 40;
const MAX_STEPS = 50;

/**
 * Games of a chore, one a home, from a home's number on; homes that can't do it are passed over.
 * Codes: those of parseChore.
 */
export async function choreGames(
  games: Games,
  chore: string | undefined,
  first: number,
  count: number,
): Promise<Result<readonly LoadedGame[]>> {
  const found: LoadedGame[] = [];
  for (let home = first, misses = 0; found.length < count && misses < MISSES; home++) {
    const game = await games.load({ kind: 'home', home, task: 0, ...(chore === undefined ? {} : { chore }) });
    if (game.ok) found.push(game.value);
    else if (game.error.code !== 'HOME_WITHOUT') return game;
    misses = game.ok ? 0 : misses + 1;
  }
  return ok(found);
}

/** @param onShown says how far it is; false ends it */
export async function showChore(
  chore: string,
  count: number,
  onShown: (done: number, total: number) => boolean,
): Promise<Result<readonly StoredLesson[]>> {
  const parsed = parseChore(chore);
  if (!parsed.ok) return parsed;
  const { called, count: number, treatments, place } = parsed.value;
  const target = place === undefined ? {} : { target: place.toLowerCase() };
  const instructions: Instructions = new Map([
    [called.toLowerCase(), { count: number, treatments, ...target }],
  ]);
  const games = await choreGames(new Games(), chore, FIRST_SHOWN, count);
  if (!games.ok) return games;
  const lessons: StoredLesson[] = [];
  for (const [i, game] of games.value.entries()) {
    if (!onShown(i, games.value.length)) break;
    const shown = await showGame(game, { tries: 2, maxSteps: MAX_STEPS, instructions });
    if (!shown.ok) return shown;
    if (shown.value !== undefined) lessons.push(shown.value);
    // Messages of the page are answered in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return ok(lessons);
}
