/** Practising and the adapters as the page knows them: both go on, and stay, while other views are looked at. */
import { formatRefusal, type Refusal, type Result } from '../../base/result.ts';
import type {
  AdapterCard,
  AdapterEdit,
  ExamProgress,
  ExamReport,
  PendingPractice,
  PracticeEnd,
  PracticePlan,
  PracticeProgress,
} from '../../protocol/practice.ts';
import { Task, tasksBy } from '../activities/task.ts';
import { offerUndo } from '../activities/undo.ts';
import { dataChanged } from '../data-changes.ts';
import { newest } from '../parts/newest.ts';
import { saveFile } from '../parts/save-file.ts';
import { plural, quoted } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { agent, practice } from '../worker-client.ts';

interface AdaptersState {
  /** Undefined until they were looked at. */
  readonly adapters: readonly AdapterCard[] | undefined;
  readonly pending: PendingPractice | undefined;
  readonly problem: Refusal | undefined;
}

const state = new Store<AdaptersState>({ adapters: undefined, pending: undefined, problem: undefined });

export function useAdapters(): AdaptersState {
  return useStore(state);
}

const ask = newest(
  async () => [await practice().adapters(), await practice().pending()] as const,
  ([adapters, pending]) => {
    const problem = adapters.ok ? (pending.ok ? undefined : pending.error) : adapters.error;
    state.set({
      adapters: adapters.ok ? adapters.value : state.value.adapters,
      pending: pending.ok ? pending.value : undefined,
      problem,
    });
  },
);

export const listAdapters = (): Promise<void> => ask();

/** What plays is another from the next episode on. */
async function changed(): Promise<void> {
  await agent().adaptersChanged();
  await listAdapters();
}

export const practising = new Task<PracticeProgress, Result<PracticeEnd>>({
  id: 'practice',
  title: 'Practising',
  href: formatRoute('models'),
  told: ({ phase, done, total }) =>
    phase === 'showing' ? `the teacher shows it, ${done} of ${total}` : `batch ${done} of ${total}`,
  over: (end) => (end.ok ? said(end.value) : formatRefusal(end.error)),
  stop: () => void practice().stop(),
});

/** How it ended, in a sentence. */
export function said(end: PracticeEnd): string {
  const kept = (count: number): string =>
    count === 0 ? '' : ` and kept ${plural(count, 'memory', 'memories')}`;
  switch (end.kind) {
    case 'made':
      return `Practised${kept(end.remembered)}: ${quoted(end.adapter.name)} is switched on.`;
    case 'remembered':
      return `Kept ${plural(end.remembered, 'memory', 'memories')}.`;
    case 'paused':
      return 'Paused: it can go on.';
    case 'stopped':
      return 'Stopped, and forgotten.';
  }
}

const FIRST: PracticeProgress = { phase: 'showing', done: 0, total: 0, steps: [] };

export async function practise(plan: PracticePlan): Promise<void> {
  await practising.start(FIRST, (tell) => practice().practise(plan, tell), `Practising ${plan.name}`);
  if (plan.keep) await dataChanged();
  await changed();
}

export async function goOn(pending: PendingPractice): Promise<void> {
  const first = { ...FIRST, phase: 'practising' as const, done: pending.steps.length, total: pending.total };
  await practising.start(first, (tell) => practice().goOn(tell), `Practising ${pending.name}`);
  await changed();
}

export async function pausePractice(): Promise<void> {
  await practice().pause();
}

export async function stopPractice(): Promise<void> {
  await practice().stop();
  await listAdapters();
}

export async function editAdapter(id: string, edit: AdapterEdit): Promise<Refusal | undefined> {
  const done = await practice().change(id, edit);
  await changed();
  return done.ok ? undefined : done.error;
}

export async function deleteAdapter({ id, name, bytes }: AdapterCard): Promise<Refusal | undefined> {
  const removed = await practice().remove(id);
  if (!removed.ok) return removed.error;
  // Otherwise it was deleted before: by the first of two clicks, or in another tab.
  if (removed.value) {
    offerUndo({
      said: `Deleted: the adapter ${quoted(name)}.`,
      bytes,
      async undo() {
        const back = await practice().bringBack(id);
        await changed();
        return back;
      },
      forget: () => practice().purge(id),
    });
  }
  await changed();
  return undefined;
}

export async function addAdapterFiles(files: readonly File[]): Promise<Result<AdapterCard>> {
  const imported = await practice().imported(files);
  await listAdapters();
  return imported;
}

export async function saveAdapterFiles(id: string): Promise<Refusal | undefined> {
  const files = await practice().exported(id);
  if (!files.ok) return files.error;
  saveFile('adapter_config.json', files.value.config);
  saveFile('adapter_model.safetensors', files.value.weights);
  return undefined;
}

/** Homes and ordinary tasks of an exam. */
const EXAMINED = 10;
const ORDINARY = 20;

export const examOf = tasksBy<ExamProgress, Result<ExamReport>>((id) => ({
  id: `exam ${id}`,
  title: 'The exam',
  href: formatRoute('models'),
  told: ({ played, total }) => `${played} of ${total} games`,
  over: (report) => (report.ok ? 'is over' : formatRefusal(report.error)),
  stop: () => void practice().stopExam(),
}));

export async function startExam(id: string): Promise<void> {
  const nothing = { solved: 0, played: 0, steps: [] };
  const report: ExamReport = {
    before: nothing,
    remembered: nothing,
    practised: nothing,
    both: nothing,
    ordinaryBefore: nothing,
    ordinaryAfter: nothing,
  };
  await examOf(id).start({ played: 0, total: 4 * EXAMINED + 2 * ORDINARY, report }, (tell) =>
    practice().exam(id, EXAMINED, ORDINARY, tell),
  );
}

export function stopExam(): void {
  void practice().stopExam();
}
