/** The SmolLM2 students that are open in the agent's worker, one for each strength that was merged here. */
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { readModel } from '../storage/models-db.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import { SMOLLM2_ID } from '../students/smollm2/base.ts';
import { smolLm2Identity } from '../students/smollm2/open.ts';
import type { Student } from '../students/student.ts';
import type { MergedFile } from '../weights/download/model-entry.ts';
import type { DeviceWish } from './device-choice.ts';
import type { OpenSmolLm2 } from './smollm2-devices.ts';

export interface HeldStudent {
  readonly student: Student;
  /** It isn't needed any more. */
  readonly letGo: () => void;
}

/** By the strength of its adapter, or by the SHA-256 of its weights as a trace has it. */
export type WantedSmolLm2 = { readonly strength: number } | { readonly weights: string | undefined };

/** The part that opens and computes it, which the page's first picture does without. Code PART_MISSING. */
async function latePart(): Promise<Result<typeof import('./smollm2-devices.ts')>> {
  try {
    return ok(await import('./smollm2-devices.ts'));
  } catch (error) {
    return refuse(
      'PART_MISSING',
      `The part of this page that plays SmolLM2 couldn't be loaded (${messageOf(error)}): reload the page.`,
    );
  }
}

const openLate: OpenSmolLm2 = async (...wanted) => {
  const part = await latePart();
  return part.ok ? part.value.openWhereWished(...wanted) : part;
};

/** Codes: PART_MISSING, and those of measureSmolLm2 in smollm2-devices.ts. */
export async function measureSmolLm2Late(): Promise<Result<DeviceSpeeds>> {
  const part = await latePart();
  return part.ok ? part.value.measureSmolLm2() : part;
}

interface Loaded {
  readonly opened: ReturnType<OpenSmolLm2>;
  users: number;
}

export class SmolLm2Students {
  /** By their files' names, for those that are given to whoever asks. */
  readonly #loaded = new Map<string, Loaded>();
  /** Chosen for another device before; freed when nobody uses them any more. */
  readonly #left = new Set<Loaded>();
  readonly #open: OpenSmolLm2;
  #wish: DeviceWish = 'auto';
  #measured: DeviceSpeeds | undefined;
  #lost: string | undefined;

  /** @param open opens a merged file; tests put a small student in its place */
  constructor(open: OpenSmolLm2 = openLate) {
    this.#open = open;
  }

  /** Where they run for whoever asks from now on. */
  async choose(wish: DeviceWish, measured?: DeviceSpeeds): Promise<void> {
    this.#wish = wish;
    this.#measured = measured;
    for (const loaded of this.#loaded.values()) this.#left.add(loaded);
    this.#loaded.clear();
    await this.#freeLeft();
  }

  /** Codes: STUDENT_NOT_HERE (it isn't merged), and those of opening it. */
  async hold(wanted: WantedSmolLm2): Promise<Result<HeldStudent>> {
    const kept = await readModel(SMOLLM2_ID);
    if (!kept.ok) return kept;
    const file = kept.value?.merged?.find((one) =>
      'strength' in wanted ? one.strength === wanted.strength : weightsOf(one) === wanted.weights,
    );
    if (file === undefined) return refuse('STUDENT_NOT_HERE', notHere(kept.value === undefined, wanted));
    if (!this.#loaded.has(file.name)) await this.#freeUnused();
    const holding = this.#loaded.get(file.name) ?? this.#take(file);
    holding.users++;
    const opened = await holding.opened;
    if (!opened.ok) {
      this.#forget(file, holding);
      return opened;
    }
    let held = true;
    const letGo = (): void => {
      if (!held) return;
      held = false;
      holding.users--;
      void this.#freeLeft();
    };
    return ok({ student: opened.value.student, letGo });
  }

  #take(file: MergedFile): Loaded {
    const loaded = { opened: this.#open(file, this.#wish, this.#measured, this.#lost), users: 0 };
    this.#loaded.set(file.name, loaded);
    void loaded.opened.then((opened) => {
      if (!opened.ok) return;
      void opened.value.lost.then((reason) => {
        this.#lost = reason;
        this.#forget(file, loaded);
      });
    });
    return loaded;
  }

  /** What failed, or is lost with its device, may work when it's opened anew. */
  #forget(file: MergedFile, loaded: Loaded): void {
    if (this.#loaded.get(file.name) === loaded) this.#loaded.delete(file.name);
  }

  /** Frees all of them, also those that play. */
  async close(): Promise<void> {
    const all = [...this.#loaded.values(), ...this.#left];
    this.#loaded.clear();
    this.#left.clear();
    await Promise.all(all.map(free));
  }

  async #freeUnused(): Promise<void> {
    for (const [name, loaded] of this.#loaded) {
      if (loaded.users > 0) continue;
      this.#loaded.delete(name);
      this.#left.add(loaded);
    }
    await this.#freeLeft();
  }

  async #freeLeft(): Promise<void> {
    for (const loaded of [...this.#left]) {
      if (loaded.users > 0) continue;
      this.#left.delete(loaded);
      await free(loaded);
    }
  }
}

async function free(loaded: Loaded): Promise<void> {
  const opened = await loaded.opened;
  if (opened.ok) await opened.value.student.dispose();
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
