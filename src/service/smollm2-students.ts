/** The SmolLM2 students that are open in the agent's worker, one for each strength that was merged here. */
import { messageOf, ok, type Result, refuse } from '../base/result.ts';
import { readModel } from '../storage/models-db.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import { mergedToPlay, SMOLLM2_ID } from '../students/smollm2/base.ts';
import { smolLm2Identity } from '../students/smollm2/open.ts';
import type { MergedFile } from '../weights/download/model-entry.ts';
import { type HeldStudent, HeldStudents, type OnDevice } from './held-students.ts';
import type { OpenSmolLm2 } from './smollm2-devices.ts';

/** By the strength of its adapter, by the SHA-256 of its weights as a trace has it, or what mergedToPlay chooses. */
export type WantedSmolLm2 =
  | { readonly strength: number }
  | { readonly weights: string | undefined }
  | 'merged';

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

export class SmolLm2Students extends HeldStudents<OnDevice> {
  readonly #open: OpenSmolLm2;

  /** @param open opens a merged file; tests put a small student in its place */
  constructor(open: OpenSmolLm2 = openLate) {
    super();
    this.#open = open;
  }

  /** Codes: STUDENT_NOT_HERE (it isn't merged), and those of opening it. */
  async hold(wanted: WantedSmolLm2): Promise<Result<OnDevice & HeldStudent>> {
    const kept = await readModel(SMOLLM2_ID);
    if (!kept.ok) return kept;
    const file = chosenOf(kept.value?.merged, wanted);
    if (file === undefined) return refuse('STUDENT_NOT_HERE', notHere(kept.value === undefined, wanted));
    return this.holdOne(file.name, (...where) => this.#open(file, ...where));
  }
}

function chosenOf(merged: readonly MergedFile[] = [], wanted: WantedSmolLm2): MergedFile | undefined {
  if (wanted === 'merged') return mergedToPlay(merged);
  if ('strength' in wanted) return merged.find(({ strength }) => strength === wanted.strength);
  return merged.find((one) => weightsOf(one) === wanted.weights);
}

function weightsOf({ adapter, strength }: MergedFile): string {
  return smolLm2Identity({ sha256: adapter, strength }).weights;
}

function notHere(absent: boolean, wanted: WantedSmolLm2): string {
  if (absent) return "SmolLM2 isn't on this device yet: download it under Models (98 MB).";
  if (wanted === 'merged') return "SmolLM2 isn't merged here yet: merge it under Models.";
  if ('weights' in wanted) return "SmolLM2 isn't merged here as it was when this was played.";
  return wanted.strength === 0
    ? "SmolLM2 without its adapter isn't prepared here yet: merge it with strength 0 under Models."
    : `SmolLM2 isn't merged with strength ${wanted.strength} here yet: merge it under Models.`;
}
