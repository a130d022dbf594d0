/**
 * The pocket student that is open, and how many use it. Where another device is chosen, the next to ask gets another
 * student; the one before plays on for those that have it, and is freed when the last of them lets go.
 */
import { ok, type Result } from '../base/result.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { DeviceWish, OpenedPocket } from './pocket.ts';

export interface HeldPocket extends OpenedPocket {
  /** It isn't needed any more. */
  readonly letGo: () => void;
}

export type OpenPocket = (
  wish: DeviceWish,
  measured?: DeviceSpeeds,
  lostBefore?: string,
) => Promise<Result<OpenedPocket>>;

interface Seat {
  readonly opened: Promise<Result<OpenedPocket>>;
  users: number;
  /** Nobody is given it any more. */
  left: boolean;
}

export class PocketKeeper {
  readonly #open: OpenPocket;
  #wish: DeviceWish = 'auto';
  #measured: DeviceSpeeds | undefined;
  #seat: Seat | undefined;
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
    this.#seat ??= this.#take();
    const seat = this.#seat;
    seat.users++;
    const opened = await seat.opened;
    if (opened.ok) {
      let held = true;
      const letGo = (): void => {
        if (held) seat.users--;
        held = false;
        void freeUnused(seat);
      };
      return ok({ ...opened.value, letGo });
    }
    seat.users--;
    if (this.#seat === seat) this.#seat = undefined;
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
    const before = this.#seat;
    this.#seat = undefined;
    if (before === undefined) return;
    before.left = true;
    await freeUnused(before);
  }

  #take(): Seat {
    const seat: Seat = { opened: this.#open(this.#wish, this.#measured, this.#lost), users: 0, left: false };
    void seat.opened.then((opened) => {
      if (!opened.ok) return;
      void opened.value.lost.then((reason) => {
        this.#lost = reason;
        // What a lost device held is gone with it.
        if (this.#seat === seat) this.#seat = undefined;
      });
    });
    return seat;
  }
}

async function freeUnused(seat: Seat): Promise<void> {
  const opened = await seat.opened;
  if (!seat.left || seat.users > 0 || !opened.ok) return;
  seat.left = false; // once
  await opened.value.student.dispose();
}
