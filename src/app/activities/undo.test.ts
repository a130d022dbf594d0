/** A hundred thousand memories take a while to go and to come back, and the page says so meanwhile. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok, type Result } from '../../base/result.ts';
import { deleteKept, dismissLast, underWay, undoables, undoLast } from './undo.ts';

const slow = <T>(value: T) => new Promise<Result<T>>((done) => setTimeout(() => done(ok(value)), 5_000));
vi.mock('../worker-client.ts', () => ({
  data: () => ({ bringBack: () => slow(true), forgetDeletion: async () => ok(true) }),
}));
vi.mock('../data-changes.ts', () => ({ dataChanged: async () => {} }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what takes long is told while it is under way, what is quick is not', async () => {
  const said: (string | undefined)[] = [];
  underWay.subscribe(() => said.push(underWay.value));
  await deleteKept('a memory', Promise.resolve(ok(1)));
  expect(said.filter((one) => one !== undefined)).toEqual([]);
  const deleted = deleteKept('everything of yours', slow(2));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(underWay.value).toBe('Deleting everything of yours …');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await deleted).toBeUndefined();
  expect(underWay.value).toBeUndefined();
  const back = undoLast();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(underWay.value).toBe('Restoring it …');
  await vi.advanceTimersByTimeAsync(5_000);
  await back;
  expect(underWay.value).toBeUndefined();
});

test('of two clicks one undo is offered', async () => {
  while (undoables.value.length > 0) await dismissLast();
  await deleteKept('a memory', Promise.resolve(ok(3)));
  expect(await deleteKept('a memory', Promise.resolve(ok(undefined)))).toBeUndefined();
  expect(undoables.value.map(({ said }) => said)).toEqual(['Deleted: a memory.']);
});
