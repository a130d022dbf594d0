/** What a player has come to believe at each step of an episode. */
import { Belief, type ObservedStep } from './belief.ts';

/**
 * Observes each step once, whichever part of the history is asked for and in whichever order: for a view that draws an
 * episode while it goes on, or goes back and forth in it.
 */
export class BeliefTrail {
  readonly #steps: ObservedStep[] = [];
  /** Before the first step, and after each. */
  readonly #beliefs: Belief[];

  constructor(intro: string) {
    this.#beliefs = [new Belief(intro)];
  }

  /**
   * The belief after a history; the same one for the same steps, by their identity. Where it parts from what was asked for
   * before, that is forgotten from there on.
   */
  after(history: readonly ObservedStep[]): Belief {
    const differs = history.findIndex((step, i) => this.#steps[i] !== step);
    if (differs >= 0) {
      this.#steps.length = Math.min(this.#steps.length, differs);
      this.#beliefs.length = this.#steps.length + 1;
      for (const step of history.slice(differs)) {
        const belief = (this.#beliefs.at(-1) as Belief).copy();
        belief.observe(step.action, step.observation);
        this.#steps.push(step);
        this.#beliefs.push(belief);
      }
    }
    return this.#beliefs[history.length] as Belief;
  }
}
