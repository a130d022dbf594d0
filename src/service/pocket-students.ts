/** The pocket student that is open in the agent's worker. */
import type { Result } from '../base/result.ts';
import { type HeldStudent, HeldStudents, type OnDevice, type OpenOnDevice } from './held-students.ts';

export type OpenPocket = OpenOnDevice<OnDevice>;

export class PocketStudents extends HeldStudents<OnDevice> {
  readonly #open: OpenPocket;

  /** @param open opens the model; called once for each device, on first use */
  constructor(open: OpenPocket) {
    super();
    this.#open = open;
  }

  /** Codes: those of opening it. */
  hold(): Promise<Result<OnDevice & HeldStudent>> {
    return this.holdOne('pocket', this.#open);
  }
}
