import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { Games } from '../service/games.ts';
import { runCli } from '../testing/run-cli.ts';

test('a home and a task have the same numbers in the terminal as in the page', async () => {
  const source = { kind: 'home', home: 7, task: 3 } as const;
  const page = unwrap(
    await new Games(async () => {
      throw new Error('nothing is imported');
    }).load(source),
  );
  const played = await runCli(['play', '--home', '7', '--task', '3', '--student', 'scripted']);
  expect(played.stdout).toContain(page.world.intro);
  // So that what was played there can be replayed here.
  const { game } = played.result as { game: string };
  expect(sourceOf(game)).toEqual(source);
});
