import { expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { parseGame, withTask } from '../engine/index.ts';
import { PLAYER, replies, saying } from '../testing/players.ts';
import { smallGame } from '../testing/small-game.ts';
import { type Player, playEpisode, prepareEpisode, reopenEpisode } from './episode.ts';
import type { Recall, RecallQuery } from './recall.ts';
import { replayTrace } from './replay.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { type Trace, toldIntro, toldTask } from './trace.ts';
import { formatTrace, parseTrace } from './trace-file.ts';

const WORDS = 'Could you warm up the coffee cup and leave it in the cupboard?';

function worldIn(words: string) {
  const text = withTask(smallGame({}), words);
  return unwrap(text.ok ? parseGame(text.value) : text);
}

const KNOWS_TEMPLATES: Player = { ...PLAYER, knowsTemplates: true };

function setup(player: Player, words: string, recall?: Recall) {
  return {
    world: worldIn(words),
    game: { key: 'train/pick-Mug-1/trial_1', sha256: 'ab', taskType: 'pick_heat_then_place_in_recep', words },
    player,
    settings: { ...DEFAULT_SETTINGS, memory: recall === undefined ? ('none' as const) : ('memp' as const) },
    recall,
    seed: 's',
    program: 'duomem test',
  };
}

async function prepared(player: Player, words: string, recall?: Recall) {
  return unwrap(await prepareEpisode(setup(player, words, recall)));
}

test('who knows templates alone is told a task in other words as one; the trace keeps both', async () => {
  const queries: RecallQuery[] = [];
  const recall: Recall = {
    bank: 'b',
    recall: async (query) => {
      queries.push(query);
      return { ok: true, value: { scripts: [] } };
    },
  };
  const episode = await prepared(KNOWS_TEMPLATES, WORDS, recall);
  const { header } = episode;
  expect([header.task, header.readAs]).toEqual([WORDS, { task: 'put a hot mug in cabinet.' }]);
  expect(header.intro.endsWith(`Your task is to: ${WORDS}`)).toBe(true);
  expect([
    toldTask(header),
    toldIntro(header).endsWith('Your task is to: put a hot mug in cabinet.'),
  ]).toEqual(['put a hot mug in cabinet.', true]);
  expect(queries.map(({ task }) => task)).toEqual(['put a hot mug in cabinet.']);

  const conversation = saying(...replies(episode.setup.world.walkthrough ?? []));
  const trace: { header: Trace['header']; steps: Trace['steps'][number][]; end: Trace['end'] } = {
    header,
    steps: [],
    end: undefined,
  };
  for await (const record of playEpisode(episode, conversation)) {
    if (record.kind === 'end') trace.end = record;
    else trace.steps.push(record);
  }
  const [first] = conversation.asked;
  expect(JSON.stringify([first?.messages, first?.view.intro])).not.toContain('warm up');
  expect(trace.end?.end).toBe('won');
  const again = parseTrace(formatTrace(trace));
  expect(again).toEqual({ ok: true, value: trace });
  // What is played again is what the game said.
  expect(replayTrace(trace, worldIn(WORDS))).toEqual([]);
});

test('who reads any words is told the task as it is', async () => {
  const { header, opening } = await prepared(PLAYER, WORDS);
  expect(header.readAs).toBeUndefined();
  expect(JSON.stringify(opening.messages)).toContain('warm up the coffee cup');
});

test("a template stays as it is, and what isn't understood is said to be so", async () => {
  expect((await prepared(KNOWS_TEMPLATES, 'put a hot mug in cabinet.')).header.readAs).toBeUndefined();
  const { header, opening } = await prepared(KNOWS_TEMPLATES, 'Do the usual.');
  expect(header.readAs).toMatchObject({ refusal: { code: 'TASK_UNREAD' } });
  expect(JSON.stringify(opening.messages)).toContain('Do the usual.');
});

test('an episode that is opened again is told what it was told, whatever is read today', async () => {
  const { header } = await prepared(KNOWS_TEMPLATES, WORDS);
  const { world } = setup(KNOWS_TEMPLATES, WORDS);
  const other = { ...header, readAs: { task: 'put a hot mug in shelf.' } };
  const opened = reopenEpisode(other, world, KNOWS_TEMPLATES, { scripts: [] });
  expect(JSON.stringify(opened.opening.messages)).toContain('put a hot mug in shelf.');
  // A trace of before tasks were read has words that were read as they are.
  const { readAs, ...before } = header;
  expect(readAs).toBeDefined();
  expect(reopenEpisode(before, world, KNOWS_TEMPLATES, { scripts: [] }).header.readAs).toBeUndefined();
});
