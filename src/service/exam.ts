/**
 * The exam: a chore in homes that it wasn't taught in, before and after practising, without and with memories of the
 * very episodes; and ordinary tasks, that show what was forgotten.
 */
import { LivedMemory } from '../agent/lived-memory.ts';
import { DEFAULT_SETTINGS, type EpisodeSettings } from '../agent/settings.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { playGame } from '../eval/play-game.ts';
import type { Embedder } from '../memory/embedder.ts';
import { createInMemoryStore } from '../memory/in-memory-store.ts';
import type { ExamCell, ExamProgress, ExamReport } from '../protocol/practice.ts';
import type { StoredAdapter } from '../storage/adapters-db.ts';
import type { Student } from '../students/student.ts';
import { Games, type LoadedGame } from './games.ts';
import { memoryOfLesson } from './lessons.ts';
import { openAdapted, type PocketBase } from './pocket-base.ts';
import { choreGames, FIRST_EXAMINED } from './show-chore.ts';

/** Scripts in the prompt, where there are memories. */
const K = 3;
/** A chore may take this many actions; the paper gives 30 to ordinary tasks. */
const CHORE_STEPS = 50;

interface Exam {
  readonly base: PocketBase;
  readonly adapter: StoredAdapter;
  readonly embedder: Embedder;
  readonly homes: number;
  readonly ordinary: number;
  readonly signal: AbortSignal;
  /** Actions that a game of the chore may take. */
  readonly choreSteps?: number;
}

const EMPTY: ExamCell = { solved: 0, played: 0, steps: [] };

/** Codes: EXAM_NO_CHORE (an imported adapter says no chore), EXAM_STOPPED, and those of what plays and of the memory. */
export async function takeExam(
  { base, adapter, embedder, homes, ordinary, signal, choreSteps = CHORE_STEPS }: Exam,
  onProgress: (progress: ExamProgress) => void,
): Promise<Result<ExamReport>> {
  const { chore, lessons } = adapter;
  if (chore === undefined || lessons === undefined)
    return refuse(
      'EXAM_NO_CHORE',
      "It was imported, so it isn't known which chore it practised: there's no exam.",
    );
  const games = new Games();
  const asked = await choreGames(games, chore, FIRST_EXAMINED, homes);
  if (!asked.ok) return asked;
  const plain = await choreGames(games, undefined, FIRST_EXAMINED, ordinary);
  if (!plain.ok) return plain;
  const memories = new LivedMemory(createInMemoryStore(), embedder, Number.POSITIVE_INFINITY);
  const learnt = await memories.learnAll(lessons.map((lesson) => memoryOfLesson(lesson)));
  if (!learnt.ok) return learnt;
  const recall = await memories.recall();
  if (!recall.ok) return recall;
  let report: ExamReport = {
    ...{ before: EMPTY, remembered: EMPTY, practised: EMPTY, both: EMPTY },
    ...{ ordinaryBefore: EMPTY, ordinaryAfter: EMPTY },
  };
  const total = 4 * asked.value.length + 2 * plain.value.length;
  let played = 0;
  onProgress({ played, total, report });

  const sit = async (
    cell: keyof ExamReport,
    student: Student,
    set: readonly LoadedGame[],
    settings: EpisodeSettings,
  ): Promise<Result<true>> => {
    for (const { card, text } of set) {
      if (signal.aborted) return refuse('EXAM_STOPPED', 'The exam was stopped.');
      const trace = await playGame(
        { key: card.key, taskType: card.taskType, text },
        {
          student,
          settings,
          recall: settings.memory === 'none' ? undefined : recall.value,
          seed: 0,
          program: 'duomem',
          signal,
        },
      );
      if (!trace.ok) return trace;
      if (signal.aborted) return refuse('EXAM_STOPPED', 'The exam was stopped.');
      const won = trace.value.end?.end === 'won';
      const { solved, played: before, steps } = report[cell];
      const took = won ? trace.value.steps.length : settings.maxSteps;
      report = {
        ...report,
        [cell]: { solved: solved + Number(won), played: before + 1, steps: [...steps, took] },
      };
      onProgress({ played: ++played, total, report });
    }
    return ok(true);
  };

  const bare: EpisodeSettings = { ...DEFAULT_SETTINGS, memory: 'none', maxSteps: choreSteps };
  const reminded: EpisodeSettings = { ...bare, memory: 'memp', k: K };
  const usual: EpisodeSettings = { ...DEFAULT_SETTINGS, memory: 'none' };
  const students = [
    { adapters: [], cells: ['before', 'remembered', 'ordinaryBefore'] },
    { adapters: [adapter], cells: ['practised', 'both', 'ordinaryAfter'] },
  ] as const;
  for (const { adapters, cells } of students) {
    const student = await openAdapted(base, adapters);
    if (!student.ok) return student;
    try {
      const sets = [asked.value, asked.value, plain.value];
      for (const [i, settings] of [bare, reminded, usual].entries()) {
        const sat = await sit(cells[i] as keyof ExamReport, student.value, sets[i] ?? [], settings);
        if (!sat.ok) return sat;
      }
    } finally {
      await student.value.dispose();
    }
  }
  return ok(report);
}
