/**
 * What Teach promises, for names of all kinds, by the student that ships: a chore that a person showed once is done
 * in another home, and not with the memory switched off. The page's own code, in Node.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, ON_STAGE } from '../../agent/settings.ts';
import { openStoreRecall } from '../../agent/store-recall.ts';
import { unwrap } from '../../base/result.ts';
import { playGame } from '../../eval/play-game.ts';
import { generateHome, namedFamily, PAGE_HABITS } from '../../homes/index.ts';
import { choreName, formatChore, type OwnChore, splitOf } from '../../homes/own-chore.ts';
import type { Bank } from '../../memory/bank.ts';
import type { Embedder } from '../../memory/embedder.ts';
import { createInMemoryStore } from '../../memory/in-memory-store.ts';
import { Games, type LoadedGame } from '../../service/games.ts';
import { learnEpisode } from '../../service/learn.ts';
import { createHumanStudent } from '../../students/human.ts';
import type { Student } from '../../students/student.ts';
import { openEmbedder, readBankFile } from '../files/bank-files.ts';
import { openPocketFolder } from './open-pocket.ts';
import { BANK_FILE } from './open-recall.ts';

const NAMES = [
  'tea time',
  'Sunday lunch',
  'celebration',
  'Omas Kaffee',
  'sundaylunch',
  'the open house',
  "five o'clock at grandma's",
  'Frühstück',
  'お茶',
  'чай',
];

async function gameOf(games: Games, chore: string, home: number): Promise<LoadedGame> {
  return unwrap(await games.load({ kind: 'home', home, task: 0, chore }));
}

const clock = () => performance.now();
let student: Student;
let embedder: Embedder;
let bank: Bank;
beforeAll(async () => {
  student = unwrap(await openPocketFolder(undefined, clock));
  embedder = unwrap(await openEmbedder(undefined));
  bank = unwrap(await readBankFile(BANK_FILE));
});
afterAll(() => student.dispose());

test.each(NAMES)('“%s”, shown once, is done in another home, and not without memory', async (typed) => {
  const meant: OwnChore = { called: unwrap(choreName(typed)), count: 1, treatments: [], place: 'Sofa' };
  const chore = formatChore(meant);
  const games = new Games();
  const store = createInMemoryStore();
  unwrap(await store.install(bank, 'shipped'));

  const families = [namedFamily(meant.called, meant, meant.place)];
  const first = generateHome(0, { habits: PAGE_HABITS, families, split: splitOf(chore) }).game(0);
  const commands = [...first.walkthrough];
  const person = createHumanStudent('a person', async () => commands.shift(), clock);
  const about = { recall: undefined, seed: 0, program: 'test' };
  const settings = { ...DEFAULT_SETTINGS, ...ON_STAGE };
  const untold = { ...settings, memory: 'none' as const };
  const shown = unwrap(await playGame(first, { ...about, student: person, settings: untold }));
  expect(shown.end?.end).toBe('won');
  unwrap(await learnEpisode(shown, { store, embedder }));

  const { card, text } = await gameOf(games, chore, 1);
  const recall = unwrap(await openStoreRecall(store, embedder));
  const game = { key: card.key, taskType: card.taskType, text };
  const told = unwrap(await playGame(game, { ...about, student, settings, recall }));
  const without = unwrap(await playGame(game, { ...about, student, settings: untold }));
  expect(told.header.task).toContain(`at ${meant.called} time`);
  expect(told.end?.end).toBe('won');
  expect(without.end?.end).toBe('limit');
});
