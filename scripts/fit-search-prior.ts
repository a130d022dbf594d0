/**
 * Makes the teacher's search prior (src/teacher/search-prior.stats.json) from the initial states of training games:
 *
 *     npm run -s fit:prior -- GAMES [SPLIT] [OUT]
 *
 * GAMES is a folder or zip of games, SPLIT is train unless said otherwise. Only counts per type of thing and type of
 * receptacle are kept, no game and no room.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unwrap } from '../src/base/result.ts';
import { openGames } from '../src/cli/files/open-games.ts';
import { parseGameFile, parseProblem } from '../src/engine/index.ts';
import { parseTask } from '../src/player/goal.ts';
import { PriorFit } from '../src/teacher/fit-prior.ts';
import type { SearchPrior } from '../src/teacher/prior.ts';

async function fitSearchPrior(games: string, split: string): Promise<SearchPrior> {
  const set = unwrap(await openGames(games));
  const fit = new PriorFit();
  for (const { key } of set.ofSplit(split)) {
    const file = unwrap(parseGameFile(unwrap(await set.read(key))));
    const task = /Your task is to: ([^"\n]*)/.exec(file.grammar)?.[1] ?? '';
    fit.add({ problem: unwrap(parseProblem(file.pddl_problem)), goal: unwrap(parseTask(task)) });
  }
  await set.close();
  return fit.result(`${split} split of ${basename(games)}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [games, split = 'train', out] = process.argv.slice(2);
  if (games === undefined) throw new Error('usage: npm run -s fit:prior -- GAMES [SPLIT] [OUT]');
  const path = out ?? fileURLToPath(new URL('../src/teacher/search-prior.stats.json', import.meta.url));
  const prior = await fitSearchPrior(games, split);
  writeFileSync(path, `${JSON.stringify(prior)}\n`);
  console.log(`${path}: ${prior.made}`);
}
