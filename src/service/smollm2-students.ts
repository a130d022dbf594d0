/** The SmolLM2 students that are open in the agent's worker, one for each strength that was merged here. */
import { ok, type Result, refuse } from '../base/result.ts';
import { readModel } from '../storage/models-db.ts';
import { messageTurns } from '../students/pocket/message-turns.ts';
import { SMOLLM2_ID } from '../students/smollm2/base.ts';
import { openSmolLm2, smolLm2Identity } from '../students/smollm2/open.ts';
import type { Student } from '../students/student.ts';
import { blobSource } from '../weights/byte-source.ts';
import { keptFile } from '../weights/download/browser-store.ts';
import type { MergedFile } from '../weights/download/model-entry.ts';
import { storageRefusal } from '../weights/download/store.ts';
import { openMerged } from '../weights/merged-file.ts';

export interface HeldStudent {
  readonly student: Student;
  /** It isn't needed any more. */
  readonly letGo: () => void;
}

/** By the strength of its adapter, or by the SHA-256 of its weights as a trace has it. */
export type WantedSmolLm2 = { readonly strength: number } | { readonly weights: string | undefined };

interface Loaded {
  readonly opened: Promise<Result<Student>>;
  users: number;
}

const now = (): number => performance.now();

export class SmolLm2Students {
  readonly #loaded = new Map<string, Loaded>();
  readonly #load: (file: MergedFile) => Promise<Result<Student>>;

  /** @param load opens a merged file; tests put a small student in its place */
  constructor(load: (file: MergedFile) => Promise<Result<Student>> = loadMerged) {
    this.#load = load;
  }

  /** Codes: STUDENT_NOT_HERE (it isn't merged), and those of opening it. */
  async hold(wanted: WantedSmolLm2): Promise<Result<HeldStudent>> {
    const kept = await readModel(SMOLLM2_ID);
    if (!kept.ok) return kept;
    const file = kept.value?.merged?.find((one) =>
      'strength' in wanted ? one.strength === wanted.strength : weightsOf(one) === wanted.weights,
    );
    if (file === undefined) return refuse('STUDENT_NOT_HERE', notHere(kept.value === undefined, wanted));
    let loaded = this.#loaded.get(file.name);
    if (loaded === undefined) {
      await this.#freeUnused();
      loaded = { opened: this.#load(file), users: 0 };
      this.#loaded.set(file.name, loaded);
    }
    loaded.users++;
    const { opened } = loaded;
    const student = await opened;
    if (student.ok) {
      let held = true;
      const letGo = (): void => {
        if (held) loaded.users--;
        held = false;
      };
      return ok({ student: student.value, letGo });
    }
    // What failed may work later.
    if (this.#loaded.get(file.name) === loaded) this.#loaded.delete(file.name);
    return student;
  }

  /** Frees all of them, also those that play. */
  async close(): Promise<void> {
    const all = [...this.#loaded.values()];
    this.#loaded.clear();
    await Promise.all(all.map(free));
  }

  async #freeUnused(): Promise<void> {
    for (const [name, loaded] of this.#loaded) {
      if (loaded.users > 0) continue;
      this.#loaded.delete(name);
      await free(loaded);
    }
  }
}

async function free(loaded: Loaded): Promise<void> {
  const student = await loaded.opened;
  if (student.ok) await student.value.dispose();
}

function weightsOf({ adapter, strength }: MergedFile): string {
  return smolLm2Identity({ sha256: adapter, strength }).weights;
}

function notHere(absent: boolean, wanted: WantedSmolLm2): string {
  if (absent) return "SmolLM2 isn't on this device yet: download it under Models (98 MB).";
  if ('weights' in wanted) return "SmolLM2 isn't merged here as it was when this was played.";
  return wanted.strength === 0
    ? "SmolLM2 without its adapter isn't prepared here yet: merge it with strength 0 under Models."
    : `SmolLM2 isn't merged with strength ${wanted.strength} here yet: merge it under Models.`;
}

async function loadMerged({ name, adapter, strength }: MergedFile): Promise<Result<Student>> {
  try {
    const blob = await keptFile(SMOLLM2_ID, name);
    if (blob === undefined)
      return refuse(
        'STUDENT_NOT_HERE',
        'The browser has cleared the merged SmolLM2 from its storage: merge it again under Models.',
      );
    const merged = await openMerged(blobSource(blob));
    if (!merged.ok) return merged;
    return await openSmolLm2({
      ...merged.value,
      adapter: { sha256: adapter, strength },
      turns: messageTurns(now),
      clock: now,
    });
  } catch (error) {
    return { ok: false, error: storageRefusal(error) };
  }
}
