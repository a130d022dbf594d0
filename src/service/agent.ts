/** The worker's side of protocol.ts: games, students, memory and the episodes under way. */
import { type EpisodeSetup, openWith, prepareEpisode } from '../agent/episode.ts';
import { readPrompt } from '../agent/prompt-reading.ts';
import { replayTrace } from '../agent/replay.ts';
import type { Trace, TraceHeader } from '../agent/trace.ts';
import { parseTrace } from '../agent/trace-file.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { Belief } from '../player/belief.ts';
import { seenGoal } from '../player/seen-goal.ts';
import type { AgentWorker, EpisodePlan } from '../protocol/agent.ts';
import { sourceOf } from '../protocol/game-source.ts';
import { measureSpeed } from '../students/speed.ts';
import type { Student } from '../students/student.ts';
import { Games, homeOf, type LoadedGame, type ReadImported } from './games.ts';
import { keepEpisode, learnHome } from './learn.ts';
import type { MemoryKeeper } from './memory.ts';
import { keepRuntime, type MlcKeeper } from './mlc.ts';
import { holdPlayer, type Models, openModel, openStudent, type Running } from './open-student.ts';
import type { DeviceWish, OpenedPocket } from './pocket.ts';
import { PocketKeeper } from './pocket-keeper.ts';
import { Runner } from './runner.ts';
import type { SmolLm2Keeper } from './smollm2-keeper.ts';
import { askWhy } from './why.ts';

/** Milliseconds. */
const LOSS_TOLD_WITHIN = 200;

const now = (): number => performance.now();

/** What the worker's surroundings provide; tests put small things in their place. */
export interface Surroundings {
  /** Name and version of the program, for traces. */
  readonly program: string;
  readonly readImported: ReadImported;
  /** The model; opened once, on first use. */
  readonly openPocket: (wish: DeviceWish, lostBefore?: string) => Promise<Result<OpenedPocket>>;
  /** The 4B students of this device; without it there are none. */
  readonly mlc?: Pick<MlcKeeper, 'open' | 'close'>;
  /** The SmolLM2 students of this device; without it there are none. */
  readonly smolLm2?: Pick<SmolLm2Keeper, 'hold' | 'close'>;
  readonly memory: Pick<MemoryKeeper, 'open' | 'recall' | 'changed'>;
}

export function createAgent(surroundings: Surroundings): AgentWorker {
  const { memory } = surroundings;
  const games = new Games(surroundings.readImported);
  const episodes = new Map<number, Running>();
  let last = 0;
  const pocket = new PocketKeeper(surroundings.openPocket);
  const models: Models = { ...surroundings, pocket };
  /** Each ends the latest of its kind: the answer to a why, learning, measuring. */
  let asking = new AbortController();
  let learning = new AbortController();
  let measuring = new AbortController();

  /** Does something with a trace, its game, and who played it, who is let go of when it's done. */
  const asPlayed = async <T>(
    text: string,
    work: (trace: Trace, game: LoadedGame, student: Student) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const trace = parseTrace(text);
    if (!trace.ok) return trace;
    const game = await games.load(sourceOf(trace.value.header.game.key));
    if (!game.ok) return game;
    const held = await holdPlayer(models, trace.value);
    if (!held.ok) return held;
    const { student, letGo } = held.value;
    return work(trace.value, game.value, student).finally(letGo);
  };

  return {
    async openGame(source) {
      const game = await games.load(source);
      if (!game.ok) return game;
      const { card, world } = game.value;
      return ok({ card, intro: world.intro, goal: seenGoal(world.start(), new Belief(world.intro)) });
    },

    async listTasks(home, count, chore) {
      const cards = [];
      for (let task = 0; task < count; task++) {
        const game = await games.load({
          kind: 'home',
          home,
          task,
          ...(chore === undefined ? {} : { chore }),
        });
        if (!game.ok) return game;
        cards.push(game.value.card);
      }
      return ok(cards);
    },

    async begin(plan, listen) {
      const game = await games.load(plan.source);
      if (!game.ok) return game;
      const running: { current: Running | undefined } = { current: undefined };
      const opened = await openStudent(plan, listen, running, models);
      const lossBefore = pocket.lost;
      if (!opened.ok) return opened;
      const { student, letGo = () => {} } = opened.value;
      const prepared = await prepare(plan, game.value, student, surroundings);
      if (!prepared.ok) {
        letGo();
        return prepared;
      }
      const { episode, recallMs, unkept } = prepared.value;
      if (plan.continueFrom === undefined) void countRetrievals(episode.header, memory);
      const id = ++last;
      const runner = new Runner(episode, student, {
        listen: (event) => {
          if (event.kind !== 'end' || event.end.end !== 'failed') return listen(event);
          // A device fails a moment before it is told to be lost.
          setTimeout(() => {
            const { lost } = pocket;
            listen(lost === lossBefore || lost === undefined ? event : { kind: 'lost', reason: lost });
          }, LOSS_TOLD_WITHIN);
        },
        onEnd: () => {
          episodes.delete(id);
          letGo();
        },
        ...(plan.continueFrom === undefined ? {} : { continueFrom: plan.continueFrom.steps }),
      });
      const { header } = episode;
      listen({
        kind: 'begun',
        header,
        goal: runner.goal(),
        ...(recallMs !== undefined && { recallMs }),
        ...(unkept && { unkept }),
      });
      running.current = { runner, answer: undefined };
      episodes.set(id, running.current);
      void runner.play();
      return ok(id);
    },

    async run(id, restMs) {
      episodes.get(id)?.runner.run(restMs);
    },
    async step(id) {
      episodes.get(id)?.runner.step();
    },
    async pause(id) {
      episodes.get(id)?.runner.pause();
    },
    async stop(id) {
      episodes.get(id)?.runner.stop();
    },
    async act(id, action) {
      episodes.get(id)?.answer?.(action);
    },

    async learnHome(home, count, onProgress) {
      const opened = await memory.open();
      if (!opened.ok) return opened;
      learning.abort();
      learning = new AbortController();
      const learnt = await learnHome(games, opened.value, home, count, onProgress, learning.signal);
      memory.changed();
      return learnt;
    },
    async stopLearning() {
      learning.abort();
    },

    async countHome(home) {
      const opened = await memory.open();
      if (!opened.ok) return opened;
      const game = await games.load({ kind: 'home', home, task: 0 });
      if (!game.ok) return game;
      const packed = await opened.value.store.packed(opened.value.embedder.identity);
      if (!packed.ok) return packed;
      // Memories are filed by home and room.
      const own = `${game.value.card.home}_`;
      return ok(packed.value.bank.homes.filter((one) => one.startsWith(own)).length);
    },

    async remember(text) {
      const trace = parseTrace(text);
      if (!trace.ok) return trace;
      const opened = await memory.open();
      if (!opened.ok) return opened;
      const kept = await keepEpisode(trace.value, opened.value);
      memory.changed();
      return kept;
    },

    async warmUp(choice, withMemory) {
      if (withMemory) void memory.recall('teacher');
      if (choice !== 'pocket') return ok({ choice, ready: true });
      const held = await pocket.hold();
      if (!held.ok) return held;
      const { student: opened, note, letGo } = held.value;
      letGo();
      return ok({ choice, ready: true, identity: opened.identity, note });
    },

    readPrompt: (text, step) =>
      asPlayed(text, async (trace, { world }, student) => readPrompt(trace, step, world, student)),

    why: (text, step, onProgress) =>
      asPlayed(text, (trace, game, student) => {
        asking.abort();
        asking = new AbortController();
        return askWhy(trace, step, game, student, onProgress, asking.signal);
      }),
    async stopWhy() {
      asking.abort();
    },

    chooseDevice: (wish) => pocket.choose(wish),

    adaptersChanged: () => pocket.openAnew(),

    async measure(choice, model) {
      measuring.abort();
      measuring = new AbortController();
      const { signal } = measuring;
      const work = async () => {
        const began = now();
        const opened = await openModel(choice, model, models);
        if (!opened.ok) return opened;
        const loadMs = now() - began;
        const { student, letGo } = opened.value;
        const speed = await measureSpeed(student, signal).finally(letGo);
        return speed.ok ? ok({ ...speed.value, loadMs }) : speed;
      };
      return unlessStopped(signal, work());
    },
    async stopMeasuring() {
      measuring.abort();
    },

    keepRuntime,

    async unloadModel() {
      await Promise.all([surroundings.mlc?.close(), surroundings.smolLm2?.close()]);
    },

    async memoryChanged() {
      memory.changed();
    },

    async replay(text) {
      const trace = parseTrace(text);
      if (!trace.ok) return trace;
      const { header, steps } = trace.value;
      const game = await games.load(sourceOf(header.game.key));
      if (!game.ok) return ok({ goals: undefined, mismatches: [], card: undefined });
      const { card, world } = game.value;
      if (sha256Text(game.value.text) !== header.game.sha256) {
        return ok({ goals: undefined, mismatches: [], card: undefined });
      }
      const episode = world.start();
      const belief = new Belief(world.intro);
      const goals = [seenGoal(episode, belief)];
      for (const { action } of steps) {
        belief.observe(action, episode.step(action));
        goals.push(seenGoal(episode, belief));
      }
      return ok({ goals, mismatches: replayTrace(trace.value, world), card });
    },
  };
}

/** Whoever stops is answered at once; what can't be stopped, such as the loading of a model, ends unheard. */
function unlessStopped<T>(signal: AbortSignal, work: Promise<Result<T>>): Promise<Result<T>> {
  const stopped = new Promise<Result<T>>((resolve) => {
    const stop = (): void => resolve(refuse('MEASURING_STOPPED', 'Stopped: nothing was measured.'));
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, stopped]);
}

/** Counts what an episode was reminded of, for the list of memories. */
async function countRetrievals(
  { memory: { scripts, trajectory } }: TraceHeader,
  memory: Surroundings['memory'],
): Promise<void> {
  const ids = [...scripts, ...(trajectory === undefined ? [] : [trajectory])].map(({ id }) => id);
  if (ids.length === 0) return;
  const opened = await memory.open();
  if (opened.ok) await opened.value.store.countRetrievals([...new Set(ids)]);
}

async function prepare(
  plan: EpisodePlan,
  { card, text, world }: LoadedGame,
  student: Student,
  { program, memory }: Surroundings,
) {
  const { settings, seed, continueFrom } = plan;
  const home = homeOf(card.key);
  const setup = {
    world,
    game: {
      key: card.key,
      sha256: sha256Text(text),
      taskType: card.taskType,
      ...(home === undefined ? {} : { home }),
    },
    player: student,
    settings,
    recall: undefined,
    seed: `${seed}/${card.key}`,
    program,
  };
  if (continueFrom !== undefined) return continued(setup, continueFrom.header);
  const recall = settings.memory === 'none' ? undefined : await memory.recall(settings.scripts);
  if (recall !== undefined && !recall.ok) return recall;
  const opened = recall === undefined ? undefined : await memory.open();
  const unkept = opened?.ok ? opened.value.unkept : undefined;
  const start = now();
  const episode = await prepareEpisode({ ...setup, recall: recall?.value });
  return episode.ok ? ok({ episode: episode.value, recallMs: now() - start, unkept }) : episode;
}

/** An episode that was cut off, with the memories that it had: others would make it another one. Code EPISODE_OTHER. */
function continued(setup: EpisodeSetup, { game, student, memory }: TraceHeader) {
  const { sha256 } = setup.game;
  const { name, weights } = setup.player.identity;
  if (game.sha256 !== sha256 || student.name !== name || student.weights !== weights) {
    return refuse(
      'EPISODE_OTHER',
      'This page has changed since the episode began: it can be looked at, but not continued. Play it again.',
    );
  }
  const { scripts, trajectory, bank } = memory;
  const episode = openWith(setup, { scripts, ...(trajectory && { trajectory }) }, bank);
  return ok({ episode, recallMs: undefined, unkept: undefined });
}
