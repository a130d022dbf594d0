/**
 * `duomem eval --lifelong` and `--earlier M`: the tasks of each home in their order, with the memories of the tasks
 * before and without any, side by side. The folder holds two runs, `with` and `without`, each as one of `duomem eval`,
 * and lifelong.json and lifelong.md with the steps over the number of the task.
 */

import { join } from 'node:path';
import type { EpisodeSettings } from '../../agent/settings.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { GameSet, Telling } from '../../engine/import/index.ts';
import { byHome, byTask, type Lessons, type Life, live, livesOf } from '../../eval/life.ts';
import { compareSteps, formatLives, type LivesFigures, type LivesReport } from '../../eval/life-report.ts';
import { describeRun } from '../../eval/run.ts';
import { createInMemoryStore } from '../../memory/in-memory-store.ts';
import { HOME_LIMIT } from '../../memory/upkeep.ts';
import { createScriptWriter } from '../../students/script-writer.ts';
import { createScriptedStudent } from '../../students/scripted.ts';
import type { Student } from '../../students/student.ts';
import { scriptedExtractor } from '../../teacher/script.ts';
import { openEmbedder, readBankFile } from '../files/bank-files.ts';
import {
  beginRun,
  keepTrace,
  otherStudent,
  readTraces,
  writeReports,
  writeWhole,
} from '../files/run-folder.ts';
import { type CommandEnd, done, interrupted } from '../program/outcome.ts';
import type { Terminal } from '../program/terminal.ts';
import { PROGRAM } from '../program/version.ts';
import { identifyBanks } from '../students/open-recall.ts';
import { type NamedStudent, openNamedStudent } from '../students/open-student.ts';
import { describeServer, tellMove } from './evaluation.ts';

/** Writers of the scripts of what the student solved: its own words, or the teacher's rules. */
export const LIFE_EXTRACTORS = ['scripted', 'student'] as const;

interface LifelongOptions {
  readonly split: string;
  readonly student: NamedStudent;
  readonly settings: EpisodeSettings;
  /** Files of banks that are known besides. */
  readonly banks: readonly string[];
  readonly embedder: string | undefined;
  readonly extractor: (typeof LIFE_EXTRACTORS)[number];
  /** Teach the M tasks before; undefined: the student learns from its own. */
  readonly earlier: number | undefined;
  /** Index of the first task that is played where `earlier` is given. */
  readonly from: number;
  readonly seed: number;
  readonly telling: Telling;
  /** Homes at a time. */
  readonly jobs: number;
  readonly out: string;
}

/** Codes: NO_HOMES, and those of the folder, the games, the student and the memory. */
export async function lifelong(
  options: LifelongOptions,
  set: GameSet,
  terminal: Terminal,
): Promise<CommandEnd> {
  const keys = set.ofSplit(options.split).map(({ key }) => key);
  const lives = livesOf(keys);
  if (lives.length === 0) {
    const message = 'None of the games is of a generated home (duomem generate).';
    return refuse('NO_HOMES', message, options.split);
  }
  const student = await openNamedStudent(options.student, (sentence) => terminal.progress(sentence));
  if (!student.ok) return student;
  try {
    const without = await run('without', lives, options, set, student.value, terminal);
    if (!without.ok) return without;
    const remembering = await run('with', lives, options, set, student.value, terminal);
    if (!remembering.ok) return remembering;
    if (without.value === undefined || remembering.value === undefined)
      return interrupted('Stopped; the same command goes on from here.');
    const report: LivesReport = {
      program: PROGRAM,
      split: options.split,
      homes: lives.length,
      student: `${student.value.identity.name} (${student.value.identity.weights?.slice(0, 12) ?? 'no weights'})`,
      lessons: lessonsInWords(options),
      settings: options.settings,
      with: remembering.value,
      without: without.value,
      ...compareSteps(remembering.value, without.value),
    };
    const told = await writeWhole(join(options.out, 'lifelong.md'), formatLives(report));
    const kept = await writeWhole(
      join(options.out, 'lifelong.json'),
      `${JSON.stringify(report, undefined, 1)}\n`,
    );
    if (!told.ok) return told;
    return kept.ok ? done(report) : kept;
  } finally {
    await student.value.dispose();
  }
}

function lessonsInWords({ earlier, extractor, from }: LifelongOptions): string {
  if (earlier === undefined) {
    const whose = extractor === 'scripted' ? "with scripts by the teacher's rules" : 'with its own scripts';
    return `its own solved tasks, ${whose}, at most ${HOME_LIMIT} a room`;
  }
  return `the teacher's, of the ${earlier} tasks before; played from task ${from + 1} on`;
}

/** Undefined where it was stopped. */
async function run(
  part: 'with' | 'without',
  lives: readonly Life[],
  options: LifelongOptions,
  set: GameSet,
  student: Student,
  terminal: Terminal,
): Promise<Result<LivesFigures | undefined>> {
  const { split, seed, settings: asked, earlier, from } = options;
  const out = join(options.out, part);
  const played = lives.flatMap(({ tasks }) =>
    tasks.flatMap(({ key, index }) => (earlier !== undefined && index < from ? [] : [key])),
  );
  if (played.length === 0)
    return refuse('NO_TASKS', `No home has more than ${from} tasks: give a smaller --from.`, split);
  const settings: EpisodeSettings = part === 'with' ? asked : { ...asked, memory: 'none' };
  const memory = part === 'with' ? await openMemory(options) : ok(undefined);
  if (!memory.ok) return memory;
  const bank = memory.value === undefined ? '' : `${memory.value.name}; ${lessonsInWords(options)}`;
  const name = [options.student.name, options.student.model].filter((word) => word !== undefined).join(' ');
  const server = describeServer(options.student);
  if (!server.ok) return server;
  const described = await describeRun(played, {
    split,
    telling: options.telling,
    student: name,
    server: server.value,
    settings,
    bank,
    seed,
  });
  const begun = await beginRun(out, described);
  if (!begun.ok) return begun;
  tellMove(begun.value.server?.baseUrl, described.server?.baseUrl, terminal);
  const before = await readTraces(out, described);
  if (!before.ok) return before;
  const other = otherStudent(student.identity, before.value.values(), out);
  if (other !== undefined) return { ok: false, error: other };
  const traces = new Map(before.value);
  const listings = new Map(set.ofSplit(split).map((game) => [game.key, game]));
  const lessons: Lessons = part === 'without' ? { kind: 'none' } : lessonsOf(options, student);
  const wanted = new Set(played);
  const waiting = [...lives];
  let refusal: Refusal | undefined;
  const stop = new AbortController();
  const signal = AbortSignal.any([terminal.signal, stop.signal]);
  const worker = async (): Promise<void> => {
    for (let life = waiting.shift(); life !== undefined && !signal.aborted; life = waiting.shift()) {
      // Earlier tasks are only lived through where something is learnt from them.
      const tasks = part === 'with' ? life.tasks : life.tasks.filter(({ key }) => wanted.has(key));
      const lived = live(
        { ...life, tasks },
        {
          student,
          settings,
          seed,
          program: PROGRAM,
          lessons,
          openStore: memory.value?.open,
          embedder: memory.value?.embedder,
          read: async (key) => {
            const text = await set.read(key);
            return text.ok
              ? ok({ key, taskType: listings.get(key)?.taskType ?? '', text: text.value })
              : text;
          },
          known: before.value,
          signal,
        },
      );
      for await (const trace of lived) {
        const kept = trace.ok ? await keepTrace(out, trace.value) : trace;
        if (!kept.ok) {
          refusal ??= kept.error;
          return stop.abort();
        }
        if (trace.ok) traces.set(trace.value.header.game.key, trace.value);
        terminal.progress(`${part} memory: ${traces.size} of ${played.length} played`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, lives.length) }, worker));
  if (refusal !== undefined) return { ok: false, error: refusal };
  if (traces.size < played.length) return ok(undefined);
  const summary = await writeReports(out, traces.values());
  if (!summary.ok) return summary;
  const curve = byTask(traces.values());
  if (!curve.ok) return curve;
  return ok({ summary: summary.value, byTask: curve.value, byHome: byHome(traces.values()) });
}

function lessonsOf({ earlier, from, extractor }: LifelongOptions, student: Student): Lessons {
  const writer = extractor === 'scripted' ? scriptedExtractor : createScriptWriter(student);
  if (earlier === undefined) return { kind: 'own', extractor: writer, limit: HOME_LIMIT };
  const teacher = createScriptedStudent(() => 0);
  return { kind: 'earlier', teacher, extractor: scriptedExtractor, count: earlier, from };
}

async function openMemory({ banks, embedder: folder }: LifelongOptions) {
  const embedder = await openEmbedder(folder);
  if (!embedder.ok) return embedder;
  const name = await identifyBanks(banks);
  if (!name.ok) return name;
  const read = await Promise.all(banks.map(readBankFile));
  for (const bank of read) if (!bank.ok) return bank;
  const known = read.flatMap((bank) => (bank.ok ? [bank.value] : []));
  const open = async () => {
    const store = createInMemoryStore();
    for (const bank of known) {
      const installed = await store.install(bank, name.value.slice(-12));
      if (!installed.ok) return installed;
    }
    return ok(store);
  };
  return ok({ embedder: embedder.value, name: name.value, open });
}
