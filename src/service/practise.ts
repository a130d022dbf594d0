/**
 * The worker for practising (src/protocol/practice.ts): the teacher shows a chore, its episodes are kept as memories,
 * practised into an adapter, or both. What was done is kept every few batches, so that a closed tab loses a few seconds.
 */

import { randomId } from '../base/random-id.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { choreOfSplit } from '../homes/own-chore.ts';
import { runsHere } from '../kernels/load.ts';
import { dimensionsOf } from '../kernels/model.ts';
import { Trainer } from '../kernels/trainer.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import type {
  LessonCard,
  PracticeEnd,
  PracticePlan,
  PracticeProgress,
  PracticeWorker,
} from '../protocol/practice.ts';
import {
  changeAdapter,
  forgetPractice,
  markAdapter,
  purgeAdapters,
  readAdapters,
  readPractice,
  type StoredAdapter,
  type StoredLesson,
  type StoredPractice,
  saveAdapter,
  savePractice,
} from '../storage/adapters-db.ts';
import { alone } from '../storage/lock.ts';
import { ownMemories, ownRows } from '../storage/own-memories.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { formatAdapter } from '../students/practice/adapter-file.ts';
import { lessonSequence } from '../students/practice/lesson.ts';
import { oldSequences } from '../students/practice/old-skills.ts';
import { DEFAULT_PRACTICE, Practice, shapeOf } from '../students/practice/practice.ts';
import {
  BASE_NAME,
  BASE_NOTE,
  cardOf,
  exportAdapter,
  findAdapter,
  importAdapter,
  MAX_NAME,
} from './adapters.ts';
import { takeExam } from './exam.ts';
import type { MemoryKeeper } from './memory.ts';
import { type PocketBase, readPocketBase } from './pocket-base.ts';
import type { PageAddress } from './shipped.ts';
import { showChore, shownMemory } from './show-chore.ts';

const LOCK = 'duomem-practice';
const BUSY = 'Another tab of this page is practising: one at a time.';
/** Batches between two times that a run is kept. */
const KEPT_EVERY = 4;
/** More aren't learnt from at once. */
const MAX_LESSONS = 50;

type Listen = (progress: PracticeProgress) => void;

export function createPractice(page: PageAddress, memory: MemoryKeeper): PracticeWorker {
  let base: Promise<Result<PocketBase>> | undefined;
  /** What is wanted of the run that is under way. */
  const now: { wish: 'go on' | 'pause' | 'stop' } = { wish: 'go on' };
  const wished = () => now.wish;
  let examining = new AbortController();

  const openBase = (): Promise<Result<PocketBase>> => {
    base ??= readPocketBase(page).then((read) => {
      if (!read.ok) base = undefined;
      return read;
    });
    return base;
  };

  /** The memories that can be learnt from. */
  const memoriesOf = (wanted: string): Promise<Result<readonly MemoryEntry[]>> =>
    ownMemories((row) => row.steps > 0 && choreOf(row.game) === wanted);

  const learn = async (run: StoredPractice, listen: Listen): Promise<Result<PracticeEnd>> => {
    const student = await openBase();
    if (!student.ok) return student;
    const { config, weights, tokenizer, digest } = student.value;
    if (run.base !== digest)
      return refuse('ADAPTER_BASE', 'The page has a newer student by now: begin the practice again.');
    const dimensions = dimensionsOf(config);
    const sequences = run.lessons
      .map((lesson) => lessonSequence(lesson, tokenizer))
      .filter(({ tokens, learnt }) => tokens.length <= dimensions.contextLimit && learnt.length > 0);
    if (sequences.length === 0)
      return refuse('LESSONS_NONE', 'There is no episode that the student could learn from.');
    const longest = Math.max(1024, ...sequences.map(({ tokens }) => tokens.length));
    const turns = messageTurns(() => performance.now());
    try {
      const trainer = await Trainer.create(dimensions, weights, shapeOf(run.settings), {
        longest,
        build: runsHere('relaxed') ? 'relaxed' : 'simd',
      });
      const practice = new Practice(
        trainer,
        sequences,
        oldSequences(tokenizer, longest),
        run.settings,
        run.state,
      );
      const steps = run.steps.slice(0, practice.done);
      const began = performance.now();
      const before = practice.done;
      const keep = (): Promise<Result<string>> => savePractice({ ...run, steps, state: practice.state });
      const tell = (): void => {
        const here = practice.done - before;
        const left = run.settings.steps - practice.done;
        const leftMs = here === 0 ? {} : { leftMs: (left * (performance.now() - began)) / here };
        listen({ phase: 'practising', done: practice.done, total: run.settings.steps, steps, ...leftMs });
      };
      tell();
      while (!practice.over) {
        if (wished() === 'stop') {
          const forgotten = await forgetPractice();
          return forgotten.ok ? ok({ kind: 'stopped' }) : forgotten;
        }
        if (wished() === 'pause') {
          const kept = await keep();
          return kept.ok ? ok({ kind: 'paused' }) : kept;
        }
        steps.push(await practice.step(turns.breathe));
        tell();
        if (practice.done % KEPT_EVERY === 0) {
          const kept = await keep();
          if (!kept.ok) return kept;
        }
      }
      const shape = shapeOf(run.settings);
      const files = formatAdapter(shape, practice.adapter, BASE_NAME, {
        [BASE_NOTE]: digest,
        name: run.name,
      });
      const adapter: StoredAdapter = {
        ...{ id: randomId(), name: run.name, made: new Date().toISOString(), base: digest, ...files },
        ...{ on: true, strength: 1, chore: run.chore, lessons: run.lessons },
      };
      const saved = await saveAdapter(adapter);
      if (!saved.ok) return saved;
      const forgotten = await forgetPractice();
      return forgotten.ok ? ok({ kind: 'made', adapter: cardOf(adapter), remembered: 0 }) : forgotten;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return refuse(
        'PRACTICE_FAILED',
        `The practice broke off: ${why}. What was done is kept; go on with it.`,
      );
    } finally {
      turns.close();
    }
  };

  return {
    async lessons(chore) {
      const found = await memoriesOf(chore);
      return found.ok ? ok(found.value.map(lessonCard)) : found;
    },

    async chores() {
      const own = await ownRows();
      if (!own.ok) return own;
      const learnable = own.value.filter(({ found }) => found.steps > 0);
      return ok([...new Set(learnable.flatMap(({ found }) => choreOf(found.game) ?? []))]);
    },

    practise: (plan, listen) =>
      alone(LOCK, BUSY, async () => {
        now.wish = 'go on';
        const begun = await gather(plan, listen);
        if (!begun.ok) return begun;
        const { lessons, remembered } = begun.value;
        if (!plan.practise) return ok({ kind: 'remembered', remembered });
        if (wished() === 'stop') return ok({ kind: 'stopped' });
        const student = await openBase();
        if (!student.ok) return student;
        const run: StoredPractice = {
          name: plan.name.trim().slice(0, MAX_NAME) || 'practised',
          chore: plan.chore,
          base: student.value.digest,
          lessons,
          settings: { ...DEFAULT_PRACTICE, steps: plan.steps },
          steps: [],
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

    async pending() {
      const run = await readPractice();
      if (!run.ok || run.value === undefined) return run.ok ? ok(undefined) : run;
      const { name, chore, steps, settings } = run.value;
      return ok({ name, chore, steps, total: settings.steps });
    },

    async pause() {
      now.wish = 'pause';
    },

    async stop() {
      now.wish = 'stop';
      const forgotten = await forgetPractice();
      return forgotten.ok ? ok(true as const) : forgotten;
    },

    async adapters() {
      const all = await readAdapters();
      return all.ok ? ok(all.value.map(cardOf)) : all;
    },

    async change(id, change) {
      const { name, strength } = change;
      if (strength !== undefined && !(strength >= 0 && strength <= 2))
        return refuse('ADAPTER_STRENGTH', 'The strength goes from 0 to 200 %.');
      const named = name === undefined ? {} : { name: name.trim().slice(0, MAX_NAME) || 'practised' };
      return changeAdapter(id, { ...change, ...named });
    },

    remove: (id) => markAdapter(id, true),
    bringBack: (id) => markAdapter(id, false),
    purge: (id) => purgeAdapters(id),
    exported: exportAdapter,

    async imported(files) {
      const student = await openBase();
      return student.ok ? importAdapter(files, student.value) : student;
    },

    async exam(id, homes, ordinary, onProgress) {
      const [student, adapter, opened] = [await openBase(), await findAdapter(id), await memory.open()];
      if (!student.ok) return student;
      if (!adapter.ok) return adapter;
      if (!opened.ok) return opened;
      examining.abort();
      examining = new AbortController();
      const { signal } = examining;
      const { embedder } = opened.value;
      return takeExam(
        { base: student.value, adapter: adapter.value, embedder, homes, ordinary, signal },
        onProgress,
      );
    },
    async stopExam() {
      examining.abort();
    },
  };

  /** The episodes that are learnt from, those that are kept as memories among them. */
  async function gather(
    plan: PracticePlan,
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
    let remembered = 0;
    if (plan.remember) {
      const opened = await memory.open();
      if (!opened.ok) return opened;
      const { store, embedder } = opened.value;
      for (const lesson of shown.value) {
        const vectors = await embedder.embed([lesson.task]);
        if (!vectors.ok) return vectors;
        const [vector] = vectors.value;
        if (vector === undefined) continue;
        const written = await store.write(shownMemory(lesson), vector, embedder.identity);
        if (!written.ok) return written;
        remembered++;
      }
      memory.changed();
    }
    const lessons = [...own, ...shown.value].slice(0, MAX_LESSONS);
    return lessons.length === 0
      ? refuse('LESSONS_NONE', 'Choose at least one episode, or let the teacher show some.')
      : ok({ lessons, remembered });
  }
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
