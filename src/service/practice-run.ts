/** One run of practice: lessons become batches, batches an adapter; every few of them what was done is kept. */
import { randomId } from '../base/random-id.ts';
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { runsHere } from '../kernels/load.ts';
import { dimensionsOf } from '../kernels/model.ts';
import { Trainer } from '../kernels/trainer.ts';
import type { PracticeEnd, PracticeProgress } from '../protocol/practice.ts';
import {
  forgetPractice,
  type StoredAdapter,
  type StoredPractice,
  saveAdapter,
  savePractice,
} from '../storage/adapters-db.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { formatAdapter } from '../students/practice/adapter-file.ts';
import { lessonSequence } from '../students/practice/lesson.ts';
import { oldSequences } from '../students/practice/old-skills.ts';
import { loraShape, Practice } from '../students/practice/practice.ts';
import { adapterCard, BASE_NAME, BASE_NOTE } from './adapters.ts';
import type { PocketBase } from './pocket-base.ts';

/** Batches between two times that a run is kept. */
const KEPT_EVERY = 4;

export type Listen = (progress: PracticeProgress) => void;
/** What is wanted of the run that is under way. */
export type Wish = 'go on' | 'pause' | 'stop';

/**
 * Practises until the run is over, or something else is wished.
 * Codes: ADAPTER_BASE (it began with another student), LESSONS_NONE, PRACTICE_FAILED, and those of the storage.
 */
export async function practiseRun(
  run: StoredPractice,
  base: PocketBase,
  wished: () => Wish,
  listen: Listen,
): Promise<Result<PracticeEnd>> {
  if (run.base !== base.digest)
    return refuse('ADAPTER_BASE', 'The page has a newer student by now: begin the practice again.');
  const turns = messageTurns(() => performance.now());
  try {
    const practice = await begin(run, base);
    if (!practice.ok) return practice;
    const ended = await goThrough(run, practice.value, wished, listen, turns.breathe);
    return ended ?? (await finish(run, base.digest, practice.value));
  } catch (error) {
    return refuse(
      'PRACTICE_FAILED',
      `The practice broke off: ${messageOf(error)}. What was done is kept; go on with it.`,
    );
  } finally {
    turns.close();
  }
}

/** The run as far as it had come. Code LESSONS_NONE. */
async function begin(
  run: StoredPractice,
  { config, weights, tokenizer }: PocketBase,
): Promise<Result<Practice>> {
  const dimensions = dimensionsOf(config);
  const sequences = run.lessons
    .map((lesson) => lessonSequence(lesson, tokenizer))
    .filter(({ tokens, learnt }) => tokens.length <= dimensions.contextLimit && learnt.length > 0);
  if (sequences.length === 0)
    return refuse('LESSONS_NONE', 'There is no episode that the student could learn from.');
  const longest = Math.max(1024, ...sequences.map(({ tokens }) => tokens.length));
  const trainer = await Trainer.create(dimensions, weights, loraShape(run.settings), {
    longest,
    build: runsHere('relaxed') ? 'relaxed' : 'simd',
  });
  return ok(new Practice(trainer, sequences, oldSequences(tokenizer, longest), run.settings, run.state));
}

/** Batch by batch. Undefined where it came to its end. */
async function goThrough(
  run: StoredPractice,
  practice: Practice,
  wished: () => Wish,
  listen: Listen,
  breathe: () => Promise<void>,
): Promise<Result<PracticeEnd> | undefined> {
  const steps = run.steps.slice(0, practice.done);
  const began = performance.now();
  const before = practice.done;
  const total = run.settings.steps;
  const keep = (): Promise<Result<string>> => savePractice({ ...run, steps, state: practice.state });
  const tell = (): void => {
    const here = practice.done - before;
    const leftMs =
      here === 0 ? {} : { leftMs: ((total - practice.done) * (performance.now() - began)) / here };
    listen({ phase: 'practising', done: practice.done, total, steps, ...leftMs });
  };
  tell();
  while (!practice.over) {
    const wish = wished();
    if (wish !== 'go on') {
      const left = wish === 'stop' ? await forgetPractice() : await keep();
      return left.ok ? ok({ kind: wish === 'stop' ? 'stopped' : 'paused' }) : left;
    }
    steps.push(await practice.step(breathe));
    tell();
    if (practice.done % KEPT_EVERY === 0) {
      const kept = await keep();
      if (!kept.ok) return kept;
    }
  }
}

/** What was learnt becomes an adapter of this device. */
async function finish(
  { name, settings, chore, lessons }: StoredPractice,
  digest: string,
  practice: Practice,
): Promise<Result<PracticeEnd>> {
  const files = formatAdapter(loraShape(settings), practice.adapter, BASE_NAME, {
    [BASE_NOTE]: digest,
    name,
  });
  const adapter: StoredAdapter = {
    ...{ id: randomId(), name, made: new Date().toISOString(), base: digest, ...files },
    ...{ on: true, strength: 1, chore, lessons },
  };
  const saved = await saveAdapter(adapter);
  if (!saved.ok) return saved;
  const forgotten = await forgetPractice();
  return forgotten.ok ? ok({ kind: 'made', adapter: adapterCard(adapter), remembered: 0 }) : forgotten;
}
