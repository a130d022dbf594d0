import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { failingAt, PLAYER, replies, saying } from '../testing/players.ts';
import { smallWorld } from '../testing/small-game.ts';
import type { Conversation, EpisodeView } from './conversation.ts';
import {
  type EpisodeControl,
  type EpisodeSetup,
  openWith,
  type Player,
  playEpisode,
  prepareEpisode,
} from './episode.ts';
import type { ReplyRule } from './grounding.ts';
import type { Recall, RecallQuery } from './recall.ts';
import { DEFAULT_SETTINGS, type EpisodeSettings } from './settings.ts';
import type { Trace, TraceEnd, TraceStep } from './trace.ts';
import { formatTrace, parseTrace } from './trace-file.ts';

const world = smallWorld();
const solution = world.walkthrough ?? [];

function setup(fields: Partial<EpisodeSetup> = {}): EpisodeSetup {
  return {
    world,
    game: { key: 'train/pick-Mug-1/trial_1', sha256: 'ab', taskType: 'pick_heat_then_place_in_recep' },
    player: PLAYER,
    settings: { ...DEFAULT_SETTINGS, memory: 'none' },
    recall: undefined,
    seed: 's',
    program: 'duomem test',
    ...fields,
  };
}

async function play(
  conversation: Conversation,
  fields: Partial<EpisodeSetup> = {},
  control: EpisodeControl = {},
): Promise<Trace> {
  const prepared = unwrap(await prepareEpisode(setup(fields)));
  const records: (TraceStep | TraceEnd)[] = [];
  for await (const record of playEpisode(prepared, conversation, control)) records.push(record);
  return {
    header: prepared.header,
    steps: records.filter((record) => record.kind === 'step'),
    end: records.find((record) => record.kind === 'end'),
  };
}

describe('the episode loop', () => {
  test('gives each action to the engine and ends with the win', async () => {
    const player = saying(...replies(solution));
    const { steps, end } = await play(player);
    expect(steps.map((step) => step.action)).toEqual(solution);
    const episode = world.start();
    expect(steps.map((step) => step.observation)).toEqual(solution.map((action) => episode.step(action)));
    expect(steps.map((step) => step.won)).toEqual(solution.map((_, i) => i === solution.length - 1));
    expect(end).toEqual({ kind: 'end', end: 'won', steps: solution.length, ms: 3.75 * solution.length });
  });

  test('shows the whole conversation, word for word, at every turn', async () => {
    const player = saying('Action: look', 'nonsense', 'Action: inventory');
    await play(player, { settings: { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 3 } });
    const [first, , third] = player.asked;
    expect(third?.messages.slice(0, first?.messages.length)).toEqual(first?.messages);
    expect(third?.messages.slice(first?.messages.length)).toEqual([
      { role: 'assistant', content: 'Action: look' },
      {
        role: 'user',
        content: 'Observation: You are in the middle of a room. Looking quickly around you, you see nothing.',
      },
      { role: 'assistant', content: 'nonsense' },
      { role: 'user', content: 'Observation: Nothing happens.' },
    ]);
    expect(third?.view.steps.map((step) => step.action)).toEqual(['look', '']);
  });

  test('counts junk and goes on', async () => {
    const settings = { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 4 } as const;
    const player = saying('', 'I would like to go to the fridge', 'Thought: hm', 'Action: fly\nAction: look');
    const { steps, end } = await play(player, { settings });
    expect(steps.map((step) => step.outcome)).toEqual(['junk', 'junk', 'missing-action', 'several-actions']);
    expect(steps.map((step) => step.observation)).toEqual(Array(4).fill('Nothing happens.'));
    expect(end?.end).toBe('limit');
  });

  test('shows only the latest turns where the input strategy says so, and records it', async () => {
    const player = saying('Action: look');
    const settings = { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 4, history: 1 } as const;
    const { steps } = await play(player, { settings });
    expect(player.asked.map((request) => request.messages.length)).toEqual([2, 4, 4, 4]);
    expect(steps.map((step) => step.dropped.turns)).toEqual([0, 0, 1, 2]);
  });

  test('stops before a step, and drops the reply that is under way', async () => {
    const controller = new AbortController();
    const player = saying('Action: look');
    const texts: number[] = [];
    const { steps, end } = await play(
      player,
      {},
      {
        signal: controller.signal,
        onText: (_, step) => {
          texts.push(step);
          if (step === 2) controller.abort();
        },
      },
    );
    // The second reply was complete when the stop came; the third was never asked for.
    expect(steps.length).toBe(2);
    expect(texts).toEqual([1, 2]);
    expect(end?.end).toBe('stopped');
    const dropped = await play(
      { ...player, reply: async (request) => player.reply(request, { signal: AbortSignal.abort() }) },
      {},
    );
    expect(dropped.steps).toEqual([]);
    expect(dropped.end?.end).toBe('stopped');
  });

  test("ends as failed with the reason where the player can't go on", async () => {
    const { steps, end } = await play(failingAt(3, 'Action: look'));
    expect(steps.length).toBe(2);
    expect(end).toMatchObject({ end: 'failed', steps: 2, refusal: { code: 'DEVICE_LOST' } });
  });

  test('continues from the steps of an earlier trace as if it had never stopped', async () => {
    const whole = await play(saying(...replies(solution)));
    const rest = saying(...replies(solution).slice(2));
    const continued = await play(rest, {}, { continueFrom: whole.steps.slice(0, 2) });
    expect(continued.steps).toEqual(whole.steps.slice(2));
    expect(continued.end).toEqual(whole.end);
    const player = saying(...replies(solution));
    await play(player);
    expect(rest.asked[0]?.messages).toEqual(player.asked[2]?.messages);
  });

  test('continues with what an earlier prompt had to leave out left out', async () => {
    const count = (messages: readonly { content: string }[]): number =>
      messages.reduce((sum, { content }) => sum + content.length, 0);
    const contextLimit = count(openWith(setup(), { scripts: [] }, undefined).opening.messages) + 600;
    const player: Player = { ...PLAYER, contextLimit, countTokens: count };
    const settings = { ...DEFAULT_SETTINGS, memory: 'none', replyTokens: 100, maxSteps: 12 } as const;
    const uninterrupted = saying('Thought: I look around.\nAction: look');
    const { steps } = await play(uninterrupted, { player, settings });
    const at = steps.findIndex((step) => step.dropped.turns > 0);
    // One step behind a loss the history would fit again, but what was left out stays out.
    expect(steps[at + 1]?.dropped.turns).toBe(steps[at]?.dropped.turns);
    const rest = saying('Thought: I look around.\nAction: look');
    await play(rest, { player, settings }, { continueFrom: steps.slice(0, at + 1) });
    expect(rest.asked[0]?.messages).toEqual(uninterrupted.asked[at + 1]?.messages);
  });

  test('ends as failed where not even the task fits into the context', async () => {
    const player: Player = { ...PLAYER, contextLimit: 100, countTokens: () => 1000 };
    const { end } = await play(saying('Action: look'), { player });
    expect(end).toMatchObject({ end: 'failed', steps: 0, refusal: { code: 'CONTEXT_FULL' } });
  });
});

const script = (n: number) => ({ taskName: `task ${n}`, guidelines: `guideline ${n}` });
const trajectory = { intro: 'An intro.', steps: [{ thought: 't', action: 'look', observation: 'o' }] };

function memory(asked: RecallQuery[]): Recall {
  return {
    bank: 'bank 1',
    async recall(query) {
      asked.push(query);
      return {
        ok: true,
        value: {
          scripts: Array.from({ length: query.k }, (_, i) => ({
            id: `m${i}`,
            similarity: 1 - i / 10,
            ownHome: i === 0,
            script: script(i),
          })),
          ...(query.trajectory
            ? { trajectory: { id: 'r', similarity: 0.9, ownHome: false, trajectory } }
            : {}),
        },
      };
    },
  };
}

describe('the memory of an episode', () => {
  test.each([
    ['none', 0, false],
    ['script', 3, false],
    ['trajectory', 0, true],
    ['memp', 3, true],
  ] as const)('%s asks for and shows %i scripts, a trajectory: %s', async (configuration, k, reference) => {
    const asked: RecallQuery[] = [];
    const player = saying('Action: look');
    const settings = { ...DEFAULT_SETTINGS, memory: configuration, k: 3, maxSteps: 1 };
    const { header } = await play(player, { recall: memory(asked), settings });
    expect(asked.map((query) => [query.k, query.trajectory])).toEqual(
      configuration === 'none' ? [] : [[k, reference]],
    );
    expect(header.memory.scripts.map((one) => one.id)).toEqual(['m0', 'm1', 'm2'].slice(0, k));
    expect(header.memory.trajectory?.id).toBe(reference ? 'r' : undefined);
    expect(header.memory.bank).toBe(configuration === 'none' ? undefined : 'bank 1');
    const prompt = JSON.stringify(player.asked[0]?.messages);
    expect(prompt.includes('guideline 2')).toBe(k > 0);
    expect(prompt.includes('An intro.')).toBe(reference);
    expect(player.asked[0]?.view.scripts.length).toBe(k);
  });

  test('is asked about the task, the game and the home', async () => {
    const asked: RecallQuery[] = [];
    const game = { ...setup().game, home: 'home_7' };
    await play(saying('Action: look'), {
      recall: memory(asked),
      game,
      settings: { ...DEFAULT_SETTINGS, maxSteps: 1 },
    });
    expect(asked).toEqual([
      {
        task: world.task,
        taskType: 'pick_heat_then_place_in_recep',
        game: 'train/pick-Mug-1/trial_1',
        home: 'home_7',
        k: 10,
        scripts: 'teacher',
        trajectory: true,
      },
    ]);
  });

  test('what the context has no room for is dropped and recorded', async () => {
    const player: Player = {
      ...PLAYER,
      contextLimit: 4096,
      countTokens: (messages) => messages.reduce((sum, { content }) => sum + content.length, 0),
    };
    const settings = { ...DEFAULT_SETTINGS, k: 60, maxSteps: 1, turnTokens: 1000 };
    const { header, steps } = await play(saying('Action: look'), { player, recall: memory([]), settings });
    expect(header.memory.dropped.scripts).toBeGreaterThan(0);
    expect(steps[0]?.dropped.scripts).toBe(header.memory.dropped.scripts);
  });

  test('can be given instead of asked for, to leave one memory out', () => {
    const given = { scripts: [{ id: 'only', similarity: 1, ownHome: false, script: script(5) }] };
    const prepared = openWith(setup({ settings: DEFAULT_SETTINGS }), given, 'bank 1');
    expect(JSON.stringify(prepared.opening.messages)).toContain('guideline 5');
    expect(prepared.header.memory.scripts.map((one) => one.id)).toEqual(['only']);
  });

  test('where one looked goes to whoever plays and into the trace, but into no prompt', async () => {
    const searched = [{ object: 'mug', places: [{ place: 'sinkbasin 7', looks: 3, there: 0 }] }];
    const remembered = (settings: Partial<EpisodeSettings>) =>
      openWith(
        setup({ settings: { ...DEFAULT_SETTINGS, ...settings } }),
        { scripts: [], searched },
        'bank 1',
      );
    const prepared = remembered({});
    expect(prepared.header.memory.searched).toEqual(searched);
    expect(JSON.stringify(prepared.opening.messages)).not.toContain('sinkbasin 7');
    const views: EpisodeView[] = [];
    const player = saying('Action: look');
    const watching: Conversation = {
      ...player,
      reply: (request, control) => {
        views.push(request.view);
        return player.reply(request, control);
      },
    };
    await playEpisode(prepared, watching).next();
    expect(views[0]?.searched).toEqual(searched);
    expect(remembered({ memory: 'trajectory' }).header.memory.searched).toBeUndefined();
  });

  test('a refusal of the memory is handed on', async () => {
    const recall: Recall = {
      bank: 'b',
      recall: async () => ({ ok: false, error: { code: 'EMBEDDER_FAILED', message: 'No.' } }),
    };
    const prepared = await prepareEpisode(setup({ recall, settings: DEFAULT_SETTINGS }));
    expect(prepared).toMatchObject({ ok: false, error: { code: 'EMBEDDER_FAILED' } });
  });
});

describe('a grounded episode', () => {
  const settings = { ...DEFAULT_SETTINGS, memory: 'none', grounded: true } as const;

  test('gives a player that can be held to it the rule of its turn, and says so', async () => {
    const rules: (ReplyRule | undefined)[] = [];
    const player = saying(...replies(solution));
    const holding: Conversation = {
      ...player,
      reply: (request, control) => {
        rules.push(request.rule);
        return player.reply(request, control);
      },
    };
    const { header } = await play(holding, { settings, player: { ...PLAYER, holdsReplies: true } });
    expect(header.settings.grounded).toBe(true);
    expect(rules).toHaveLength(solution.length);
    for (const [i, action] of solution.entries()) {
      expect(rules[i]?.ends(`Thought: x\nAction: ${action}`)).toBe(true);
    }
    expect(rules[0]?.begins('Action: go to drawer 99')).toBe(false);
  });

  test("isn't said of a player that can't be held to it", async () => {
    const { header } = await play(saying(...replies(solution)), { settings });
    expect(header.settings).not.toHaveProperty('grounded');
  });
});

describe('whatever a player writes', () => {
  /** A player that says this over and over, and counts as it likes. */
  const babbling = (text: string, count: number): Conversation => ({
    reply: async () => ({
      ok: true,
      value: {
        text,
        finish: 'stop',
        counters: {
          context: count,
          prefilled: count,
          reused: count,
          decoded: count,
          prefillMs: count,
          decodeMs: count,
        },
      },
    }),
    dispose: async () => {},
  });

  test('its trace can be read again, the same', async () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('\u0001', '\n', 'Action: look\n', '\ud800', 'é'));
    const count = fc.oneof(fc.double(), fc.constantFrom(-1, 0.5, 1e300, Number.NaN));
    await fc.assert(
      fc.asyncProperty(
        piece,
        fc.constantFrom(1, 100, 70_000, 200_000),
        count,
        async (text, times, counted) => {
          const trace = await play(babbling(text.repeat(times), counted), {
            settings: { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 3 },
          });
          expect(parseTrace(formatTrace(trace))).toEqual({ ok: true, value: trace });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('an episode that no trace can hold ends as failed, and says why', async () => {
    const trace = await play(babbling('\u0001'.repeat(64_000), 1), {
      settings: { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: 1_000 },
    });
    expect(trace.end).toMatchObject({ end: 'failed', refusal: { code: 'TRACE_TOO_LARGE' } });
    expect(trace.steps.length).toBeGreaterThan(5);
    expect(parseTrace(formatTrace(trace))).toMatchObject({ ok: true });
  });
});
