/** For property tests: any list of valid memories with ids of their own. */
import fc from 'fast-check';
import type { MemoryEntry } from '../memory/entry.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 20 });
export const anyWord = anyText.filter((value) => value.trim() !== '');

const step = fc.record({ thought: anyText, action: anyWord, observation: anyText });
const entry = fc.record(
  {
    task: anyWord,
    taskType: anyText,
    home: anyWord,
    script: fc.record({ taskName: anyText, guidelines: anyWord }),
    trajectory: fc.record({ intro: anyText, steps: fc.array(step, { maxLength: 3 }) }),
    provenance: fc.record({
      maker: fc.constantFrom('teacher' as const, 'student' as const, 'person' as const),
      name: anyText,
      game: anyText,
      seed: fc.maxSafeInteger(),
    }),
  },
  { requiredKeys: ['task', 'taskType', 'script', 'trajectory', 'provenance'] },
);

export const anyEntries = fc
  .array(entry, { maxLength: 6 })
  .map((list): MemoryEntry[] => list.map((fields, i) => ({ ...fields, id: `id ${i}` })));
