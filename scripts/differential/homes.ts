/**
 * Generated homes to compare the engines on: every home another one, over all strengths of habits and straying; and
 * chores besides the six kinds of tasks, every family in turn.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/engine/index.ts';
import { FAMILIES, type Family, generateHome, type HomeGame } from '../../src/homes/index.ts';

const HABITS = [0, 0.5, 1];
const STRAY = [0, 0.25, 0.5, 0.75, 1];

/** Writes this many games, one of each home, into a folder that is emptied first. */
export function writeHomes(folder: string, count: number, seed: string): void {
  const random = new Random(`differential ${seed}`);
  write(folder, count, (i) =>
    generateHome(random.int(1_000_000), {
      habits: HABITS[i % HABITS.length] as number,
      stray: STRAY[i % STRAY.length] as number,
    }).game(random.int(100)),
  );
}

/** The same with chores: the families of the table in turn. */
export function writeChores(folder: string, count: number, seed: string): void {
  const random = new Random(`differential chores ${seed}`);
  write(folder, count, (i) => {
    const families = [FAMILIES[i % FAMILIES.length] as Family];
    const stray = STRAY[Math.floor(i / FAMILIES.length) % STRAY.length] as number;
    return generateHome(random.int(1_000_000), { stray, families }).game(random.int(100));
  });
}

function write(folder: string, count: number, make: (i: number) => HomeGame): void {
  rmSync(folder, { recursive: true, force: true });
  for (let i = 0; i < count; i++) {
    const game = make(i);
    const place = join(folder, ...game.key.split('/'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'game.tw-pddl'), game.text);
  }
}
