import { beforeAll, describe, expect, test } from 'vitest';
import type { EpisodeView } from '../agent/conversation.ts';
import { playEpisode, prepareEpisode } from '../agent/episode.ts';
import { DEFAULT_SETTINGS } from '../agent/settings.ts';
import { parseGame, type World } from '../engine/index.ts';
import { smallGame } from '../testing/small-game.ts';
import { createHumanStudent } from './human.ts';
import { createRandomStudent } from './random.ts';
import { createScriptedStudent } from './scripted.ts';
import type { Student } from './student.ts';

let world: World;
const clock = (): number => 0;

beforeAll(() => {
  const parsed = parseGame(smallGame({}));
  if (!parsed.ok) throw new Error(parsed.error.message);
  world = parsed.value;
});

async function play(student: Student, seed = '', signal = new AbortController().signal) {
  const prepared = await prepareEpisode({
    world,
    game: { key: 'k', sha256: '', taskType: 't' },
    player: student,
    settings: { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 20 },
    recall: undefined,
    seed,
    program: 'test',
  });
  if (!prepared.ok) throw new Error();
  const actions: string[] = [];
  let end = '';
  for await (const record of playEpisode(prepared.value, student.open({ seed }), { signal })) {
    if (record.kind === 'end') end = record.end;
    else actions.push(record.action);
  }
  return { actions, end };
}

test('the scripted teacher wins, and says why', async () => {
  const { actions, end } = await play(createScriptedStudent(clock));
  expect(end).toBe('won');
  expect(actions.length).toBeLessThan(12);
});

test('the scripted teacher refuses a task that it does not understand', async () => {
  const view: EpisodeView = {
    intro: 'A room.\n\nYour task is to: juggle.',
    steps: [],
    scripts: [],
    admissible: () => [],
  };
  const reply = await createScriptedStudent(clock).open().reply({ messages: [], view, maxTokens: 9 });
  expect(reply).toMatchObject({ ok: false, error: { code: 'TASK_UNKNOWN' } });
});

describe('chance', () => {
  test('takes admissible commands, the same for the same seed and others for another', async () => {
    const student = createRandomStudent(clock);
    const first = await play(student, 'a');
    expect(await play(student, 'a')).toEqual(first);
    expect((await play(student, 'b')).actions).not.toEqual(first.actions);
    const episode = world.start();
    for (const action of first.actions) {
      expect(episode.admissible()).toContain(action);
      episode.step(action);
    }
  });
});

describe('a person', () => {
  test('is asked for each action, with what the game accepts', async () => {
    const wanted = [...(world.walkthrough ?? [])];
    const asked: string[][] = [];
    const student = createHumanStudent(
      'Ada',
      async (view) => {
        asked.push([...view.admissible()]);
        return wanted.shift();
      },
      clock,
    );
    expect(student.identity).toEqual({ kind: 'human', name: 'Ada' });
    expect(await play(student)).toEqual({ actions: world.walkthrough, end: 'won' });
    expect(asked[0]).toContain('look');
  });

  test('who takes for ever can be stopped', async () => {
    const controller = new AbortController();
    const student = createHumanStudent(
      'Ada',
      () => {
        controller.abort();
        return new Promise(() => {});
      },
      clock,
    );
    expect(await play(student, '', controller.signal)).toEqual({ actions: [], end: 'stopped' });
  });
});
