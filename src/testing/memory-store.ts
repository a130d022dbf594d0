/** A store of downloads in memory, which can be made to fail as a browser's does. */
import type { ModelStore, PartialFile } from '../weights/download/store.ts';

export interface StoreInMemory extends ModelStore {
  /** What the runtime sees, by name. */
  readonly files: Map<string, Uint8Array>;
  /** What is kept of files that aren't whole. */
  readonly parts: Map<string, Uint8Array>;
  /** Bytes that fit in all; more is refused as by a browser. */
  room: number;
  /** Called before bytes are kept; may throw. */
  onAppend: (name: string) => void;
}

export function memoryStore(): StoreInMemory {
  const files = new Map<string, Uint8Array>();
  const parts = new Map<string, Uint8Array>();
  const store: StoreInMemory = {
    files,
    parts,
    room: Number.POSITIVE_INFINITY,
    onAppend: () => {},
    has: async ({ name }) => files.has(name),
    partLength: async ({ name }) => parts.get(name)?.length ?? 0,
    open: async ({ name }): Promise<PartialFile> => ({
      get length() {
        return parts.get(name)?.length ?? 0;
      },
      async *read() {
        const kept = parts.get(name);
        if (kept !== undefined) yield kept;
      },
      append: async (bytes) => {
        store.onAppend(name);
        const kept = parts.get(name) ?? new Uint8Array();
        const used = [...files.values(), ...parts.values()].reduce((sum, one) => sum + one.length, 0);
        if (used + bytes.length > store.room) {
          throw Object.assign(new Error('no room'), { name: 'QuotaExceededError' });
        }
        const longer = new Uint8Array(kept.length + bytes.length);
        longer.set(kept);
        longer.set(bytes, kept.length);
        parts.set(name, longer);
      },
      reset: async () => {
        parts.delete(name);
      },
      commit: async () => {
        files.set(name, parts.get(name) ?? new Uint8Array());
        parts.delete(name);
      },
      close: async () => {},
    }),
  };
  return store;
}
