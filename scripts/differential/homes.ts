/** Generated homes to compare the engines on: every home another one, over all strengths of habits and straying. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/engine/index.ts';
import { generateHome } from '../../src/homes/index.ts';

const HABITS = [0, 0.5, 1];
const STRAY = [0, 0.25, 0.5, 0.75, 1];

/** Writes so many games, one of each home, into a folder that is emptied first. */
export function writeHomes(folder: string, count: number, seed: string): void {
  rmSync(folder, { recursive: true, force: true });
  const random = new Random(`differential ${seed}`);
  for (let i = 0; i < count; i++) {
    const home = generateHome(random.int(1_000_000), {
      habits: HABITS[i % HABITS.length] as number,
      stray: STRAY[i % STRAY.length] as number,
    });
    const game = home.game(random.int(100));
    const place = join(folder, ...game.key.split('/'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'game.tw-pddl'), game.text);
  }
}
