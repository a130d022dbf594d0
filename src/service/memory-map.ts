/** The memories as a map: one dot for each distinct task description, near each other where they mean the like. */
import { ok, type Result } from '../base/result.ts';
import { project } from '../memory/projection.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import { chooseRows } from '../memory/vectors.ts';
import type { MapDot, MemoryMap } from '../protocol/data.ts';
import type { Memory } from './memory.ts';

/** Dots that a picture can be drawn of while a pointer moves over it. */
const MOST_DOTS = 10_000;

export async function mapOf(
  index: SearchIndex,
  { store }: Pick<Memory, 'store'>,
  most = MOST_DOTS,
): Promise<Result<MemoryMap>> {
  const { vectors, rows, ids, taskTypes } = index.bank;
  // Entries of one row have one task: of the shipped ones one a row is read, of the user's own none.
  const firstOfRow = new Map<number, number>();
  for (const [position, row] of rows.entries()) if (!firstOfRow.has(row)) firstOfRow.set(row, position);
  const shipped = [...firstOfRow.values()].filter((position) => position < index.firstOwn);
  const entries = await store.entries(shipped.map((position) => ids[position] as string));
  if (!entries.ok) return entries;
  const read = new Map(entries.value.map(({ id, task }) => [id, task]));
  const taskOf = (position: number): string =>
    index.ownTask(position) ??
    read.get(ids[firstOfRow.get(rows[position] as number) as number] as string) ??
    '';
  const types = [...new Set(taskTypes)].sort((a, b) => (a < b ? -1 : 1));
  const tasks: { id: string; task: string; type: number; count: number; row: number }[] = [];
  // Each bank has vectors of its own, so the same task stands in several rows.
  const numberOf = new Map<string, number>();
  const typeOf = new Map(types.map((type, number) => [type, number]));
  for (const [position, row] of rows.entries()) {
    const task = taskOf(position);
    const known = numberOf.get(task);
    if (known !== undefined) {
      (tasks[known] as { count: number }).count++;
      continue;
    }
    numberOf.set(task, tasks.length);
    const type = typeOf.get(taskTypes[position] as string) as number;
    tasks.push({ id: ids[position] as string, task, type, count: 1, row });
  }
  // Evenly through all of them: shipped ones and the user's, old ones and new.
  const step = Math.max(1, tasks.length / most);
  const chosen = Array.from({ length: Math.min(tasks.length, most) }, (_, i) => tasks[Math.floor(i * step)]);
  const drawn = chosen.filter((one) => one !== undefined);
  const { x, y, share } = project(
    chooseRows(
      vectors,
      drawn.map(({ row }) => row),
    ),
  );
  const dots = drawn.map(
    ({ row: _, ...dot }, i): MapDot => ({ ...dot, x: x[i] as number, y: y[i] as number }),
  );
  return ok({ types, share, dots, tasks: tasks.length });
}
