/**
 * Students that are open in the agent's worker, and how many use each. Where another device is chosen, the next to ask
 * gets another student; the one before plays on for those that have it, and is freed when the last of them lets go.
 */
import { ok, type Result } from '../base/result.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { Student } from '../students/student.ts';
import type { DeviceWish } from './device-choice.ts';

export interface OnDevice {
  readonly student: Student;
  /** Where it runs and why, for a person. */
  readonly note: string;
  /** Resolves with the reason when the device that it runs on is lost; the student can't be used any more. */
  readonly lost: Promise<string>;
}

export interface HeldStudent {
  readonly student: Student;
  /** It isn't needed any more. */
  readonly letGo: () => void;
}

/**
 * @param measured what this device was measured at, if it was
 * @param lostBefore why the GPU was lost on this visit, if it was
 */
export type OpenOnDevice<T extends OnDevice> = (
  wish: DeviceWish,
  measured?: DeviceSpeeds,
  lostBefore?: string,
) => Promise<Result<T>>;

interface Loaded<T> {
  readonly opened: Promise<Result<T>>;
  users: number;
}

export class HeldStudents<T extends OnDevice> {
  /** Those that are given to whoever asks, by what tells them apart. */
  readonly #loaded = new Map<string, Loaded<T>>();
  /** Given to nobody any more; freed when nobody uses them any more. */
  readonly #left = new Set<Loaded<T>>();
  #wish: DeviceWish = 'auto';
  #measured: DeviceSpeeds | undefined;
  #lost: string | undefined;

  /** Why the GPU was lost on this visit, once it was. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Where they run for whoever asks from now on. */
  async choose(wish: DeviceWish, measured?: DeviceSpeeds): Promise<void> {
    const same = measured?.cpu === this.#measured?.cpu && measured?.gpu === this.#measured?.gpu;
    if (wish === this.#wish && same) return;
    this.#wish = wish;
    this.#measured = measured;
    await this.openAnew();
  }

  /** They are others for whoever asks from now on. */
  async openAnew(): Promise<void> {
    this.#leave(() => true);
    await this.#freeLeft();
  }

  /** Frees all of them, also those that play. */
  async close(): Promise<void> {
    this.#leave(() => true);
    const all = [...this.#left];
    this.#left.clear();
    await Promise.all(all.map(free));
  }

  /** For as long as it's held. What failed may work later: the network is back, the device was found again. */
  protected async holdOne(key: string, open: OpenOnDevice<T>): Promise<Result<T & HeldStudent>> {
    if (!this.#loaded.has(key)) {
      this.#leave(({ users }) => users === 0);
      await this.#freeLeft();
    }
    const loaded = this.#loaded.get(key) ?? this.#take(key, open);
    loaded.users++;
    const opened = await loaded.opened;
    if (!opened.ok) {
      this.#forget(key, loaded);
      return opened;
    }
    let held = true;
    const letGo = (): void => {
      if (!held) return;
      held = false;
      loaded.users--;
      void this.#freeLeft();
    };
    return ok({ ...opened.value, letGo });
  }

  #take(key: string, open: OpenOnDevice<T>): Loaded<T> {
    const loaded = { opened: open(this.#wish, this.#measured, this.#lost), users: 0 };
    this.#loaded.set(key, loaded);
    void loaded.opened.then((opened) => {
      if (!opened.ok) return;
      void opened.value.lost.then((reason) => {
        this.#lost = reason;
        this.#forget(key, loaded);
      });
    });
    return loaded;
  }

  /** What failed, or is gone with its device. */
  #forget(key: string, loaded: Loaded<T>): void {
    if (this.#loaded.get(key) === loaded) this.#loaded.delete(key);
  }

  #leave(which: (loaded: Loaded<T>) => boolean): void {
    for (const [key, loaded] of this.#loaded) {
      if (!which(loaded)) continue;
      this.#loaded.delete(key);
      this.#left.add(loaded);
    }
  }

  async #freeLeft(): Promise<void> {
    for (const loaded of [...this.#left]) {
      if (loaded.users > 0) continue;
      this.#left.delete(loaded);
      await free(loaded);
    }
  }
}

async function free<T extends OnDevice>({ opened }: Loaded<T>): Promise<void> {
  const done = await opened;
  if (done.ok) await done.value.student.dispose();
}
