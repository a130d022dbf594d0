/**
 * The pocket student that is open, and how many use it. Where another device is chosen, the next to ask gets another
 * student; the one before plays on for those that have it, and is freed when the last of them lets go.
 */
import { ok, type Result } from '../base/result.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { DeviceWish } from './device-choice.ts';
import type { OpenedPocket } from './pocket.ts';

interface HeldPocket extends OpenedPocket {
  /** It isn't needed any more. */
  readonly letGo: () => void;
}

export type OpenPocket = (
  wish: DeviceWish,
  measured?: DeviceSpeeds,
  lostBefore?: string,
) => Promise<Result<OpenedPocket>>;

interface Loaded {
  readonly opened: Promise<Result<OpenedPocket>>;
  users: number;
  /** Nobody is given it any more. */
  left: boolean;
}

export class PocketStudents {
  readonly #open: OpenPocket;
  #wish: DeviceWish = 'auto';
  #measured: DeviceSpeeds | undefined;
  #loaded: Loaded | undefined;
  #lost: string | undefined;

  /** @param open opens the model; called once for each device, on first use */
  constructor(open: OpenPocket) {
    this.#open = open;
  }

  /** Why the GPU was lost on this visit, once it was. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** The student, for as long as it is held. What failed may work later: the network is back, the device was found again. */
  async hold(): Promise<Result<HeldPocket>> {
    this.#loaded ??= this.#take();
    const loaded = this.#loaded;
    loaded.users++;
    const opened = await loaded.opened;
    if (opened.ok) {
      let held = true;
      const letGo = (): void => {
        if (held) loaded.users--;
        held = false;
        void freeUnused(loaded);
      };
      return ok({ ...opened.value, letGo });
    }
    loaded.users--;
    if (this.#loaded === loaded) this.#loaded = undefined;
    return opened;
  }

  /** Where it runs for whoever asks from now on. */
  async choose(wish: DeviceWish, measured?: DeviceSpeeds): Promise<void> {
    const same = measured?.cpu === this.#measured?.cpu && measured?.gpu === this.#measured?.gpu;
    if (wish === this.#wish && same) return;
    this.#wish = wish;
    this.#measured = measured;
    await this.openAnew();
  }

  /** What it practised is another for whoever asks from now on. */
  async openAnew(): Promise<void> {
    const before = this.#loaded;
    this.#loaded = undefined;
    if (before === undefined) return;
    before.left = true;
    await freeUnused(before);
  }

  #take(): Loaded {
    const loaded: Loaded = {
      opened: this.#open(this.#wish, this.#measured, this.#lost),
      users: 0,
      left: false,
    };
    void loaded.opened.then((opened) => {
      if (!opened.ok) return;
      void opened.value.lost.then((reason) => {
        this.#lost = reason;
        // What a lost device held is gone with it.
        if (this.#loaded === loaded) this.#loaded = undefined;
      });
    });
    return loaded;
  }
}

async function freeUnused(loaded: Loaded): Promise<void> {
  const opened = await loaded.opened;
  if (!loaded.left || loaded.users > 0 || !opened.ok) return;
  loaded.left = false; // once
  await opened.value.student.dispose();
}
