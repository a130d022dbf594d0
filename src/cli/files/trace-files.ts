/** Traces as files, and the games that they were played in. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trace } from '../../agent/trace.ts';
import { parseTrace } from '../../agent/trace-file.ts';
import { compareCodePoints } from '../../base/order.ts';
import { ok, placedIn, type Result, refuse } from '../../base/result.ts';
import { sha256Text } from '../../base/sha256.ts';
import { type GameSet, type Telling, tell } from '../../engine/import/index.ts';
import { DIALECTS, inDialect } from '../../engine/index.ts';
import { regenerate } from '../../homes/index.ts';
import { readPlain } from './plain-file.ts';
import { readFailure } from './read-failure.ts';

/** Traces among files, and in folders, the folder of a run for instance. Codes: TRACE_UNREADABLE, TRACES_NONE. */
export async function listTraces(paths: readonly string[]): Promise<Result<readonly string[]>> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push(path);
        continue;
      }
      const names = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
      files.push(...names.sort(compareCodePoints).map((name) => join(path, name)));
    } catch (error) {
      return refuse('TRACE_UNREADABLE', `The trace can't be read: ${readFailure(error)}.`, path);
    }
  }
  return files.length > 0 ? ok(files) : refuse('TRACES_NONE', "There aren't any traces (.jsonl).", paths[0]);
}

/** Codes: TRACE_UNREADABLE and those of parseTrace. */
export async function readTrace(file: string): Promise<Result<Trace>> {
  try {
    return placedIn(file, parseTrace((await readPlain(file)).toString('utf8')));
  } catch (error) {
    return refuse('TRACE_UNREADABLE', `The trace can't be read: ${readFailure(error)}.`, file);
  }
}

/**
 * The text of a trace's game, told as it was when the trace was played; games of homes of our own are made again.
 * Code GAME_MISSING, and those of the set's reading.
 */
export async function gameText(
  { header: { game } }: Trace,
  set: GameSet | undefined,
): Promise<Result<string>> {
  const own = await ownText(game.key, set, {});
  if (!own.ok) return own;
  const { words } = game;
  if (words !== undefined) return tell(own.value, undefined, { words }, game.key);
  for (const telling of [{}, { goals: 'human' }] as const) {
    const text = await ownText(game.key, set, telling);
    // Most games have no words of people's beside them.
    if (!text.ok) continue;
    for (const told of [text, ...DIALECTS.map((dialect) => inDialect(text.value, dialect))])
      if (told.ok && sha256Text(told.value) === game.sha256) return told;
  }
  return own;
}

async function ownText(key: string, set: GameSet | undefined, telling: Telling): Promise<Result<string>> {
  if (set?.has(key)) return set.read(key, undefined, telling);
  const made = regenerate(key);
  if (made !== undefined) return ok(made.text);
  return refuse('GAME_MISSING', `The game ${key} isn't there; name its folder or zip with --games.`);
}
