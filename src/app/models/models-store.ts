/**
 * The models of this device as the page knows them: lists them, and follows their downloads, which go on while other
 * views are looked at. The worker that may ask other hosts starts with the first look at the Models view, and asks none
 * before a click.
 */
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { MergeProgress, ModelCard } from '../../protocol/models.ts';
import { SMOLLM2_ID } from '../../students/smollm2/base.ts';
import type { DownloadProgress } from '../../weights/download/download.ts';
import { report, retire } from '../activities/activities.ts';
import { offerUndo } from '../activities/undo.ts';
import { newest } from '../parts/newest.ts';
import { formatRoute } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { agent, models } from '../worker-client.ts';
import { told } from './words.ts';

export interface ModelsState {
  /** Undefined until they were looked at. */
  readonly cards: readonly ModelCard[] | undefined;
  readonly problem: Refusal | undefined;
  readonly progress: ReadonlyMap<string, DownloadProgress>;
  /** How far a merge of SmolLM2 is, while there is one. */
  readonly merging: MergeProgress | undefined;
  /** Why a model's last download ended, where it didn't end well. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Bytes that the latest deletion freed. */
  readonly freed: number | undefined;
}

const state = new Store<ModelsState>({
  cards: undefined,
  problem: undefined,
  progress: new Map(),
  merging: undefined,
  refusals: new Map(),
  freed: undefined,
});

export function useModels(): ModelsState {
  return useStore(state);
}

/** Downloads are seen where the models are. */
export function activityOf(id: string): string {
  return `model ${id}`;
}

export const listModels = newest(
  () => models().list(),
  (cards) => state.change(cards.ok ? { cards: cards.value, problem: undefined } : { problem: cards.error }),
);

/** Fetches, or goes on. */
export async function startDownload(id: string): Promise<boolean> {
  state.change({ refusals: without(state.value.refusals, id), freed: undefined });
  const tell = (status: string, going: boolean): void => {
    const title = state.value.cards?.find((card) => card.id === id)?.title ?? id;
    const by = { id: activityOf(id), title: `Downloading ${title}`, href: formatRoute('models'), status };
    report({ ...by, ...(going ? { state: 'running', stop: () => void pauseModel(id) } : { state: 'over' }) });
  };
  tell('asking what there is to download', true);
  const began = models().fetch(id, (progress) => {
    state.change({ progress: new Map(state.value.progress).set(id, progress) });
    tell(told(progress), true);
  });
  // The card shows at once that it is under way.
  await listModels();
  const ended = await began;
  state.change({ progress: without(state.value.progress, id) });
  // What runs it is fetched too, so that it needs no network from now on.
  if (ended.ok && id !== SMOLLM2_ID) void agent().keepRuntime();
  // To be stopped isn't a problem.
  const stopped = !ended.ok && ended.error.code === 'DOWNLOAD_STOPPED';
  if (!ended.ok && !stopped) state.change({ refusals: new Map(state.value.refusals).set(id, ended.error) });
  if (stopped) retire(activityOf(id));
  else tell(ended.ok ? 'is here' : formatRefusal(ended.error), false);
  await listModels();
  return ended.ok;
}

/** Fetches it, or reads a file that was picked, and merges it as it was trained where nothing is merged yet. */
export async function fetchSmolLm2(file?: File): Promise<void> {
  const picked = file === undefined ? undefined : await models().pickBase(SMOLLM2_ID, file);
  if (picked?.ok === false) {
    state.change({ refusals: new Map(state.value.refusals).set(SMOLLM2_ID, picked.error) });
    return;
  }
  if (!(await startDownload(SMOLLM2_ID))) return;
  const card = state.value.cards?.find(({ id }) => id === SMOLLM2_ID);
  if ((card?.merged ?? []).length === 0) await startMerge(1);
}

export const MERGE_ACTIVITY = 'merge';

/** Merges SmolLM2 with its adapter, or goes on with that. */
export async function startMerge(strength: number): Promise<void> {
  // What plays with the strength that is merged again is another one afterwards.
  await agent().unloadModel();
  state.change({ refusals: without(state.value.refusals, SMOLLM2_ID), merging: { bytesDone: 0, bytes: 1 } });
  const about = { id: MERGE_ACTIVITY, title: 'Merging SmolLM2', href: formatRoute('models') };
  const stop = (): void => void pauseModel(SMOLLM2_ID);
  report({ ...about, status: 'reading the base', state: 'running', stop });
  const ended = await models().merge(strength, (merging) => {
    state.change({ merging });
    const percent = Math.floor((100 * merging.bytesDone) / merging.bytes);
    report({ ...about, status: `${percent} %`, state: 'running', stop });
  });
  const stopped = !ended.ok && ended.error.code === 'MERGE_STOPPED';
  if (stopped) retire(MERGE_ACTIVITY);
  else report({ ...about, status: ended.ok ? 'is ready' : formatRefusal(ended.error), state: 'over' });
  state.change({
    merging: undefined,
    ...(ended.ok || stopped ? {} : { refusals: new Map(state.value.refusals).set(SMOLLM2_ID, ended.error) }),
  });
  await listModels();
}

export async function pauseModel(id: string): Promise<void> {
  await models().pause(id);
}

export async function removeModel(id: string): Promise<void> {
  await agent().unloadModel();
  const title = state.value.cards?.find((card) => card.id === id)?.title ?? id;
  const removed = await models().remove(id);
  if (removed.ok) {
    state.change({ refusals: without(state.value.refusals, id), freed: undefined });
    if (removed.value > 0) offerBack(id, title, removed.value);
  } else state.change({ refusals: new Map(state.value.refusals).set(id, removed.error) });
  await listModels();
}

function offerBack(id: string, title: string, bytes: number): void {
  offerUndo({
    said: `Deleted: ${title}.`,
    bytes,
    async undo() {
      const back = await models().bringBack(id);
      await listModels();
      return back;
    },
    async forget() {
      const freed = await models().purge(id);
      if (freed.ok) state.change({ freed: freed.value });
      else state.change({ refusals: new Map(state.value.refusals).set(id, freed.error) });
      await listModels();
    },
  });
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}
