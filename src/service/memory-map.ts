/** The memories as a map: one dot for each distinct task description, near each other where they mean the like. */
import { ok, type Result } from '../base/result.ts';
import { project } from '../memory/projection.ts';
import type { SearchIndex } from '../memory/search-index.ts';
import type { MemoryMap } from '../protocol/data.ts';
import type { Memory } from './memory.ts';

export async function mapOf(index: SearchIndex, { store }: Memory): Promise<Result<MemoryMap>> {
  const { vectors, rows, ids, taskTypes } = index.bank;
  const entries = await store.all();
  if (!entries.ok) return entries;
  const tasks = new Map(entries.value.map(({ id, task }) => [id, task]));
  const { x, y, share } = project(vectors);
  const types = [...new Set(taskTypes)].sort((a, b) => (a < b ? -1 : 1));
  const dots: { id: string; task: string; type: number; count: number; x: number; y: number }[] = [];
  // Each bank has vectors of its own, so the same task stands in several rows.
  const dotOf = new Map<string, number>();
  for (const [position, row] of rows.entries()) {
    const id = ids[position] as string;
    const task = tasks.get(id) ?? '';
    const known = dotOf.get(task);
    if (known !== undefined) {
      (dots[known] as { count: number }).count++;
      continue;
    }
    dotOf.set(task, dots.length);
    const type = types.indexOf(taskTypes[position] as string);
    dots.push({ id, task, type, count: 1, x: x[row] as number, y: y[row] as number });
  }
  return ok({ types, share, dots });
}
