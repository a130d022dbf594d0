/** Small banks for tests: entries and vectors made from a seed, with no embedding model. */
import { Random } from '../base/random.ts';
import type { Bank } from '../memory/bank.ts';
import type { EmbedderIdentity } from '../memory/embedder.ts';
import type { MemoryEntry } from '../memory/entry.ts';
import { distinctTasks } from '../memory/packed-bank.ts';
import { packVectors } from '../memory/vectors.ts';

export const SAMPLE_EMBEDDER: EmbedderIdentity = { name: 'sample', hash: '0123456789abcdef', dimension: 8 };

/** An entry with what is given and something plausible for the rest. */
export function sampleEntry(fields: Partial<MemoryEntry> & { readonly id: string }): MemoryEntry {
  const task = fields.task ?? 'put a mug in shelf.';
  return {
    task,
    taskType: 'pick_and_place_simple',
    script: { taskName: task, guidelines: `Look on the desk first. (${fields.id})` },
    trajectory: {
      intro: `You are in the middle of a room.\n\nYour task is to: ${task}`,
      steps: [{ thought: 'I look.', action: 'go to desk 1', observation: 'On the desk 1, you see a mug 1.' }],
    },
    provenance: { maker: 'teacher', name: 'scripted', game: `train/${fields.id}/trial_1`, seed: 0 },
    ...fields,
  };
}

/** A vector of unit length that depends on the text alone; different texts get unrelated ones. */
export function sampleVector(text: string, dimension = SAMPLE_EMBEDDER.dimension): Float32Array {
  const random = new Random(text);
  const vector = Float32Array.from({ length: dimension }, () => random.next() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((x) => x / length);
}

export function sampleBank(name: string, entries: readonly MemoryEntry[], embedder = SAMPLE_EMBEDDER): Bank {
  const vectors = distinctTasks(entries).map((task) => sampleVector(task, embedder.dimension));
  return { name, embedder, entries, vectors: packVectors(vectors, embedder.dimension) };
}
