/** The agent's episodes under way. */
import { type EpisodeSetup, openWith, prepareEpisode, promptAfter } from '../agent/episode.ts';
import type { TraceHeader } from '../agent/trace.ts';
import { ok, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import type { Telling } from '../engine/import/index.ts';
import { memoryHome } from '../homes/index.ts';
import type { AgentWorker, EpisodeListener, EpisodePlan, GameSource } from '../protocol/agent.ts';
import type { Student } from '../students/student.ts';
import { branchOff } from './branch.ts';
import type { Games, LoadedGame } from './games.ts';
import { type ModelStudents, openModel, openStudent, type Running } from './open-student.ts';
import type { PocketStudents } from './pocket-students.ts';
import { ReadingAhead } from './reading-ahead.ts';
import { Runner } from './runner.ts';
import type { Surroundings } from './surroundings.ts';

/** Milliseconds. */
const LOSS_TOLD_WITHIN = 200;

export function createEpisodes(
  surroundings: Surroundings,
  games: Games,
  models: ModelStudents,
): Pick<AgentWorker, 'begin' | 'readAhead' | 'stopReadingAhead' | 'run' | 'step' | 'pause' | 'stop' | 'act'> {
  const episodes = new Map<number, Running>();
  const ahead = new ReadingAhead();
  let last = 0;
  return {
    async begin(plan, listen) {
      ahead.stop();
      const game = await games.load(plan.source);
      if (!game.ok) return game;
      const running: { current: Running | undefined } = { current: undefined };
      const opened = await openStudent(plan, listen, running, models);
      const tell = tellingLosses(listen, plan.student === 'smollm2' ? models.smolLm2 : models.pocket);
      if (!opened.ok) return opened;
      const { student, letGo = () => {} } = opened.value;
      const prepared = await prepare(plan, game.value, student, surroundings);
      if (!prepared.ok) {
        letGo();
        return prepared;
      }
      const { episode, recallMs, unkept, played } = prepared.value;
      if (plan.continueFrom === undefined) void countRetrievals(episode.header, surroundings.memory);
      const id = ++last;
      const runner = new Runner(episode, student, {
        listen: tell,
        conversation: ahead.take(student),
        onEnd: () => {
          episodes.delete(id);
          letGo();
        },
        ...(played === undefined ? {} : { continueFrom: played }),
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

    async readAhead(plan) {
      const signal = ahead.anew();
      const game = await games.load(plan.source);
      if (!game.ok || signal.aborted) return false;
      const opened = await openModel(plan.student, plan.model, models, plan.settings.thinking);
      if (!opened.ok) return false;
      const { student, letGo } = opened.value;
      try {
        const prepared = await prepare(plan, game.value, student, surroundings);
        if (!prepared.ok || signal.aborted) return false;
        const { episode, played = [] } = prepared.value;
        return await ahead.read(student, promptAfter(episode, played).messages, signal);
      } finally {
        letGo();
      }
    },

    async stopReadingAhead() {
      ahead.stop();
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
  };
}

/** A device fails a moment before it is told to be lost: that it was lost is told in place of the failure. */
function tellingLosses(
  listen: EpisodeListener,
  students: Pick<PocketStudents, 'lost'> | undefined,
): EpisodeListener {
  const before = students?.lost;
  return (event) => {
    if (event.kind !== 'end' || event.end.end !== 'failed') return listen(event);
    setTimeout(() => {
      const lost = students?.lost;
      listen(lost === before || lost === undefined ? event : { kind: 'lost', reason: lost });
    }, LOSS_TOLD_WITHIN);
  };
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
  game: LoadedGame,
  student: Student,
  { program, memory }: Surroundings,
) {
  const { card, text, world } = game;
  const { seed, continueFrom } = plan;
  const off = plan.from === undefined ? undefined : branchOff(plan.from, plan.settings, game);
  if (off !== undefined && !off.ok) return off;
  const { settings = plan.settings, branch } = off?.value ?? {};
  const setup = {
    world,
    game: {
      key: card.key,
      sha256: sha256Text(text),
      taskType: card.taskType,
      ...memoryHome(card.key),
      ...tellingOf(card.source),
    },
    player: student,
    settings,
    recall: undefined,
    seed: `${seed}/${card.key}`,
    program,
    ...(branch === undefined ? {} : { branch }),
  };
  if (continueFrom !== undefined) return continued(setup, continueFrom);
  const recall = settings.memory === 'none' ? undefined : await memory.recall(settings.scripts);
  if (recall !== undefined && !recall.ok) return recall;
  const opened = recall === undefined ? undefined : await memory.open();
  const unkept = opened?.ok ? opened.value.unkept : undefined;
  const start = performance.now();
  const episode = await prepareEpisode({ ...setup, recall: recall?.value });
  if (!episode.ok) return episode;
  const recallMs = performance.now() - start;
  return ok({ episode: episode.value, recallMs, unkept, played: off?.value.steps });
}

/** An episode that was cut off, with the memories that it had: others would make it another one. Code EPISODE_OTHER. */
function continued(setup: EpisodeSetup, { header, steps }: NonNullable<EpisodePlan['continueFrom']>) {
  const { game, student, memory } = header;
  const { sha256 } = setup.game;
  const { name, weights } = setup.player.identity;
  if (game.sha256 !== sha256 || student.name !== name || student.weights !== weights) {
    return refuse(
      'EPISODE_OTHER',
      'This page has changed since the episode began: it can be looked at, but not continued. Play it again.',
    );
  }
  const { bank } = memory;
  const episode = openWith(setup, memory, bank, header);
  return ok({ episode, recallMs: undefined, unkept: undefined, played: steps });
}

/** How a game is told, where that was chosen. */
function tellingOf(source: GameSource): Telling {
  const { dialect, goals, words }: Telling = source;
  return { ...(dialect && { dialect }), ...(goals && { goals }), ...(words !== undefined && { words }) };
}
