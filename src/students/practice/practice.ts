/**
 * Practising: episodes are distilled into an adapter, batch by batch, with episodes of old skills among them. What a
 * batch holds follows from the seed and its number alone, so that a run that was cut off goes on as if it never had.
 */
import { Random } from '../../base/random.ts';
import type { LoraShape, LoraTensors, Projection } from '../../kernels/trained-matrices.ts';
import { PROJECTIONS } from '../../kernels/trained-matrices.ts';
import type { Sequence, Trainer } from '../../kernels/trainer.ts';

export interface PracticeSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly Projection[];
  /** Of AdamW, at its highest. */
  readonly rate: number;
  /** Batches. */
  readonly steps: number;
  /** Episodes to learn in a batch. */
  readonly batch: number;
  /** Episodes of old skills in a batch. */
  readonly old: number;
  readonly seed: number;
}

/** Chosen by what stands in models/report/practice.md. */
export const DEFAULT_PRACTICE: PracticeSettings = {
  rank: 16,
  alpha: 32,
  targets: PROJECTIONS,
  rate: 2e-3,
  steps: 30,
  batch: 3,
  old: 2,
  seed: 1,
};

/** The longest that a gradient may be. */
const CLIP = 1;
/** Shares of the run in which the rate rises, and falls to nearly nothing. */
const RISE = 0.08;
const FALL = 0.5;

export interface PracticeStep {
  /** Of this many steps done, from 1. */
  readonly step: number;
  /** Nats a learnt token: of the episodes to learn, and of the old skills (NaN where there are none). */
  readonly loss: number;
  readonly oldLoss: number;
  /** Of the whole batch. */
  readonly tokens: number;
}

/** What a run needs to go on: everything else follows from the settings. */
export interface PracticeState {
  readonly done: number;
  readonly adapter: LoraTensors;
  readonly optimiser: { readonly means: Float32Array<ArrayBuffer>; readonly steps: number };
}

/** Old skills by number, from 0. */
type OldSkills = (index: number) => Promise<Sequence>;

export class Practice {
  readonly settings: PracticeSettings;
  readonly #trainer: Trainer;
  readonly #lessons: readonly Sequence[];
  readonly #old: OldSkills;
  #done = 0;

  /** @param lessons at least one, none longer than the trainer's longest */
  constructor(
    trainer: Trainer,
    lessons: readonly Sequence[],
    old: OldSkills,
    settings: PracticeSettings,
    state?: PracticeState,
  ) {
    this.settings = settings;
    this.#trainer = trainer;
    this.#lessons = lessons;
    this.#old = old;
    if (state === undefined) {
      trainer.matrices.begin(new Random(settings.seed).fork('adapter'));
      return;
    }
    trainer.matrices.set(state.adapter);
    trainer.matrices.resume(state.optimiser);
    this.#done = state.done;
  }

  get done(): number {
    return this.#done;
  }

  get over(): boolean {
    return this.#done >= this.settings.steps;
  }

  get adapter(): LoraTensors {
    return this.#trainer.matrices.get();
  }

  get state(): PracticeState {
    return { done: this.#done, adapter: this.adapter, optimiser: this.#trainer.matrices.optimiser };
  }

  /** One batch. @param breathe is awaited between two episodes */
  async step(breathe: () => Promise<void>): Promise<PracticeStep> {
    const { batch, old, rate } = this.settings;
    const step = this.#done;
    const lessons = Array.from({ length: batch }, (_, i) => this.#lesson(step * batch + i));
    const others: Sequence[] = [];
    for (let i = 0; i < old; i++) others.push(await this.#old(step * old + i));
    const count = (of: readonly Sequence[]): number => of.reduce((sum, { learnt }) => sum + learnt.length, 0);
    const [new_, before] = [count(lessons), count(others)];
    const learn = async (sequences: readonly Sequence[]): Promise<number> => {
      let sum = 0;
      for (const sequence of sequences) {
        sum += this.#trainer.learn(sequence, 1 / (new_ + before));
        await breathe();
      }
      return sum;
    };
    const loss = (await learn(lessons)) / new_;
    const oldLoss = (await learn(others)) / before;
    this.#trainer.matrices.step(rate * rateFactor((step + 0.5) / this.settings.steps), CLIP);
    this.#done++;
    const tokens = [...lessons, ...others].reduce((sum, one) => sum + one.tokens.length, 0);
    return { step: this.#done, loss, oldLoss, tokens };
  }

  /** All lessons once, in an order of its own, then all again in another one. */
  #lesson(index: number): Sequence {
    const round = Math.floor(index / this.#lessons.length);
    const order = this.#lessons.map((_, i) => i);
    new Random(this.settings.seed).fork(`round ${round}`).shuffle(order);
    return this.#lessons[order[index % order.length] as number] as Sequence;
  }
}

/** Linear up, level, linear down. @param at share of the run that lies behind */
function rateFactor(at: number): number {
  return Math.min(1, at / RISE, Math.max(0.02, (1 - at) / FALL));
}

/** The adapter's shape that settings ask for. */
export function loraShape({ rank, alpha, targets }: PracticeSettings): LoraShape {
  return { rank, alpha, targets };
}
