/** The memories as a map: one dot for each distinct task description, near each other where they mean the like. */
import { ok, type Result } from '../../src/engine/result.ts';
import { project } from '../../src/memory/projection.ts';
import type { SearchIndex } from '../../src/memory/search-index.ts';
import type { MemoryMap } from '../protocol-data.ts';
import type { Memory } from './memory.ts';

export async function mapOf(index: SearchIndex, { store }: Memory): Promise<Result<MemoryMap>> {
  const { vectors, rows, ids, taskTypes } = index.bank;
  const entries = await store.all();
  if (!entries.ok) return entries;
  const tasks = new Map(entries.value.map(({ id, task }) => [id, task]));
  const { x, y, share } = project(vectors);
  const types = [...new Set(taskTypes)].sort((a, b) => (a < b ? -1 : 1));
  const dots: { id: string; task: string; type: number; count: number; row: number }[] = [];
  const dotOf = new Map<number, number>();
  for (const [position, row] of rows.entries()) {
    const known = dotOf.get(row);
    if (known !== undefined) {
      (dots[known] as { count: number }).count++;
      continue;
    }
    dotOf.set(row, dots.length);
    const id = ids[position] as string;
    const type = types.indexOf(taskTypes[position] as string);
    dots.push({ id, task: tasks.get(id) ?? '', type, count: 1, row });
  }
  return ok({
    types,
    share,
    dots: dots.map(({ row, ...dot }) => ({ ...dot, row, x: x[row] as number, y: y[row] as number })),
  });
}
