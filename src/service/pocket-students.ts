/** The pocket student that is open in the agent's worker. */
import type { Result } from '../base/result.ts';
import { type HeldStudent, HeldStudents, type OpenOnDevice } from './held-students.ts';
import type { OpenedPocket } from './pocket.ts';

export type OpenPocket = OpenOnDevice<OpenedPocket>;

export class PocketStudents extends HeldStudents<OpenedPocket> {
  readonly #open: OpenPocket;

  /** @param open opens the model; called once for each device, on first use */
  constructor(open: OpenPocket) {
    super();
    this.#open = open;
  }

  /** Codes: those of opening it. */
  hold(): Promise<Result<OpenedPocket & HeldStudent>> {
    return this.holdOne('pocket', this.#open);
  }
}
