/**
 * The models of this device as the page knows them: lists them, and follows their downloads, which go on while other
 * views are looked at. The worker that may ask other hosts starts with the first look at the Models view, and asks none
 * before a click.
 */
import { useSyncExternalStore } from 'react';
import type { Refusal, Result } from '../../base/result.ts';
import type { CheckedModel, ModelCard } from '../../protocol/models.ts';
import type { DownloadProgress } from '../../weights/download/download.ts';
import { newest } from '../parts/newest.ts';
import { agent, models } from '../worker-client.ts';

export interface ModelsState {
  /** Undefined until they were looked at. */
  readonly cards: readonly ModelCard[] | undefined;
  readonly problem: Refusal | undefined;
  readonly progress: ReadonlyMap<string, DownloadProgress>;
  /** Why a model's last download ended, where it did not end well. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Bytes that the latest deletion freed. */
  readonly freed: number | undefined;
}

let state: ModelsState = {
  cards: undefined,
  problem: undefined,
  progress: new Map(),
  refusals: new Map(),
  freed: undefined,
};
const listeners = new Set<() => void>();

function change(changed: Partial<ModelsState>): void {
  state = { ...state, ...changed };
  for (const listener of listeners) listener();
}

export function useModels(): ModelsState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

export const listModels = newest(
  () => models().list(),
  (cards) => change(cards.ok ? { cards: cards.value, problem: undefined } : { problem: cards.error }),
);

/** Fetches, or goes on. */
export async function fetchModel(id: string): Promise<void> {
  change({ refusals: without(state.refusals, id), freed: undefined });
  const began = models().fetch(id, (progress) => {
    change({ progress: new Map(state.progress).set(id, progress) });
  });
  // The card shows at once that it is under way.
  await listModels();
  const ended = await began;
  change({ progress: without(state.progress, id) });
  // What runs it is fetched too, so that it needs no network from now on.
  if (ended.ok) void agent().keepRuntime();
  // To be stopped is no trouble.
  if (!ended.ok && ended.error.code !== 'DOWNLOAD_STOPPED') {
    change({ refusals: new Map(state.refusals).set(id, ended.error) });
  }
  await listModels();
}

export async function pauseModel(id: string): Promise<void> {
  await models().pause(id);
}

export async function removeModel(id: string): Promise<void> {
  await agent().unloadModel();
  const removed = await models().remove(id);
  if (removed.ok) change({ freed: removed.value, refusals: without(state.refusals, id) });
  else change({ refusals: new Map(state.refusals).set(id, removed.error) });
  await listModels();
}

export function checkUrl(url: string): Promise<Result<CheckedModel>> {
  return models().checkUrl(url);
}

export function checkFolder(files: readonly File[]): Promise<Result<CheckedModel>> {
  return models().checkFolder(files);
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}
