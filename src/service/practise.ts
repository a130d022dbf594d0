/**
 * The worker for practising (src/protocol/practice.ts): the teacher shows a chore, its episodes are kept as memories,
 * practised into an adapter, or both. What was done is kept every few batches, so that a closed tab loses a few seconds.
 */

import { LivedMemory } from '../agent/lived-memory.ts';
import { Latest } from '../base/latest.ts';
import { Once } from '../base/once.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { choreOfSplit } from '../homes/own-chore.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type {
  LessonCard,
  PendingPractice,
  PracticeEnd,
  PracticePlan,
  PracticeWorker,
} from '../protocol/practice.ts';
import {
  changeAdapter,
  forgetPractice,
  readAdapters,
  readPractice,
  type StoredLesson,
  type StoredPractice,
  savePractice,
} from '../storage/adapters-db.ts';
import { alone } from '../storage/lock.ts';
import { ownMemories, ownRows } from '../storage/own-memories.ts';
import { bringBackAdapter, purgeAdapter, removeAdapter, sweepAdapters } from '../storage/removed-adapters.ts';
import { DEFAULT_PRACTICE } from '../students/practice/practice.ts';
import { adapterCard, exportAdapter, findAdapter, importAdapter, MAX_NAME } from './adapters.ts';
import { takeExam } from './exam.ts';
import { memoryOfLesson } from './lessons.ts';
import type { MemoryService } from './memory.ts';
import { readPocketBase } from './pocket-base.ts';
import { type Listen, practiseRun, type Wish } from './practice-run.ts';
import type { PageAddress } from './shipped.ts';
import { showChore } from './show-chore.ts';

const LOCK = 'duomem-practice';
const BUSY = 'Another tab of this page is practising: one at a time.';
/** More aren't learnt from at once. */
const MAX_LESSONS = 50;

export function createPractice(page: PageAddress, memory: MemoryService): PracticeWorker {
  const base = new Once(() => readPocketBase(page));
  /** What is wanted of the run that is under way. */
  const now: { wish: Wish } = { wish: 'go on' };
  const wished = () => now.wish;
  const examining = new Latest();

  const learn = async (run: StoredPractice, listen: Listen): Promise<Result<PracticeEnd>> => {
    const student = await base.get();
    return student.ok ? practiseRun(run, student.value, wished, listen) : student;
  };

  return {
    async lessons(chore) {
      const found = await memoriesOf(chore);
      return found.ok ? ok(found.value.map(lessonCard)) : found;
    },

    chores: learnableChores,

    practise: (plan, listen) =>
      alone(LOCK, BUSY, async () => {
        now.wish = 'go on';
        const begun = await gather(plan, memory, wished, listen);
        if (!begun.ok) return begun;
        const { lessons, remembered } = begun.value;
        if (!plan.practise) return ok({ kind: 'remembered', remembered });
        if (wished() === 'stop') return ok({ kind: 'stopped' });
        const student = await base.get();
        if (!student.ok) return student;
        const run: StoredPractice = {
          ...{ name: adapterName(plan.name), chore: plan.chore, base: student.value.digest, lessons },
          ...{ settings: { ...DEFAULT_PRACTICE, steps: plan.steps }, steps: [] },
        };
        const kept = await savePractice(run);
        if (!kept.ok) return kept;
        const end = await learn(run, listen);
        return end.ok && end.value.kind === 'made' ? ok({ ...end.value, remembered }) : end;
      }),

    goOn: (listen) =>
      alone(LOCK, BUSY, async () => {
        now.wish = 'go on';
        const run = await readPractice();
        if (!run.ok) return run;
        if (run.value === undefined) return refuse('PRACTICE_NONE', 'There is nothing to go on with.');
        return learn(run.value, listen);
      }),

    pending: pendingPractice,

    async pause() {
      now.wish = 'pause';
    },

    async stop() {
      now.wish = 'stop';
      const forgotten = await forgetPractice();
      return forgotten.ok ? ok(true as const) : forgotten;
    },

    async adapters() {
      const swept = await sweepAdapters();
      if (!swept.ok) return swept;
      const all = await readAdapters();
      return all.ok ? ok(all.value.map(adapterCard)) : all;
    },

    change: changeCard,
    remove: removeAdapter,
    bringBack: bringBackAdapter,
    purge: purgeAdapter,
    exported: exportAdapter,

    async imported(files) {
      const student = await base.get();
      return student.ok ? importAdapter(files, student.value) : student;
    },

    async exam(id, homes, ordinary, onProgress) {
      const [student, adapter, opened] = [await base.get(), await findAdapter(id), await memory.open()];
      if (!student.ok) return student;
      if (!adapter.ok) return adapter;
      if (!opened.ok) return opened;
      const signal = examining.begin();
      const { embedder } = opened.value;
      return takeExam(
        { base: student.value, adapter: adapter.value, embedder, homes, ordinary, signal },
        onProgress,
      );
    },
    async stopExam() {
      examining.stop();
    },
  };
}

function adapterName(typed: string): string {
  return typed.trim().slice(0, MAX_NAME) || 'practised';
}

/** The chores of which there are episodes to learn from. */
async function learnableChores(): Promise<Result<readonly string[]>> {
  const own = await ownRows();
  if (!own.ok) return own;
  const learnable = own.value.filter(({ found }) => found.steps > 0);
  return ok([...new Set(learnable.flatMap(({ found }) => choreOf(found.game) ?? []))]);
}

async function pendingPractice(): Promise<Result<PendingPractice | undefined>> {
  const run = await readPractice();
  if (!run.ok || run.value === undefined) return run.ok ? ok(undefined) : run;
  const { name, chore, steps, settings } = run.value;
  return ok({ name, chore, steps, total: settings.steps });
}

/** Codes: ADAPTER_STRENGTH, and those of the database. */
async function changeCard(
  ...[id, change]: Parameters<PracticeWorker['change']>
): ReturnType<PracticeWorker['change']> {
  const { name, strength } = change;
  if (strength !== undefined && !(strength >= 0 && strength <= 2))
    return refuse('ADAPTER_STRENGTH', 'The strength goes from 0 to 200 %.');
  return changeAdapter(id, { ...change, ...(name !== undefined && { name: adapterName(name) }) });
}

/** The memories that can be learnt from. */
function memoriesOf(wanted: string): Promise<Result<readonly MemoryEntry[]>> {
  return ownMemories((row) => row.steps > 0 && choreOf(row.game) === wanted);
}

/** The episodes that are learnt from, those that are kept as memories among them. */
async function gather(
  plan: PracticePlan,
  memory: MemoryService,
  wished: () => Wish,
  listen: Listen,
): Promise<Result<{ readonly lessons: readonly StoredLesson[]; readonly remembered: number }>> {
  const known = await memoriesOf(plan.chore);
  if (!known.ok) return known;
  const own = known.value.filter(({ id }) => plan.memories.includes(id)).map(lessonOf);
  const shown = await showChore(plan.chore, Math.min(plan.shown, MAX_LESSONS), (done, total) => {
    listen({ phase: 'showing', done, total, steps: [] });
    return wished() === 'go on';
  });
  if (!shown.ok) return shown;
  const remembered = plan.keep ? await keepAll(shown.value, memory) : ok(0);
  if (!remembered.ok) return remembered;
  const lessons = [...own, ...shown.value].slice(0, MAX_LESSONS);
  return lessons.length === 0
    ? refuse('LESSONS_NONE', 'Choose at least one episode, or let the teacher show some.')
    : ok({ lessons, remembered: remembered.value });
}

/** Keeps what was shown as memories; how many. */
async function keepAll(lessons: readonly StoredLesson[], memory: MemoryService): Promise<Result<number>> {
  const opened = await memory.open();
  if (!opened.ok) return opened;
  const { store, embedder } = opened.value;
  // One home an episode: there is nothing older to keep fit.
  const learnt = await new LivedMemory(store, embedder).learnAll(
    lessons.map((lesson) => memoryOfLesson(lesson)),
  );
  if (!learnt.ok) return learnt;
  memory.changed();
  return ok(lessons.length);
}

function choreOf(game: string): string | undefined {
  return choreOfSplit(game.split('/')[0] ?? '');
}

function lessonCard({ id, task, trajectory, provenance }: MemoryEntry): LessonCard {
  return { id, task, steps: trajectory.steps.length, maker: provenance.maker };
}

function lessonOf({ task, taskType, trajectory, provenance }: MemoryEntry): StoredLesson {
  return { ...trajectory, key: provenance.game, task, taskType };
}
