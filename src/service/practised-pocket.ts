/** The pocket student as it plays in the page: with the adapters in it that are switched on. */
import { ok, type Result } from '../base/result.ts';
import { readAdapters } from '../storage/adapters-db.ts';
import type { DeviceSpeeds } from '../students/pocket/reply-speed.ts';
import type { DeviceWish } from './device-choice.ts';
import type { OnDevice } from './held-students.ts';
import { openPocketStudent } from './pocket.ts';
import { openAdapted, readPocketBase } from './pocket-base.ts';
import type { PageAddress } from './shipped.ts';

/** Codes: those of openPocketStudent. Where adapters can't be used, it plays without them and says why. */
export async function openPractisedPocket(
  page: PageAddress,
  wish: DeviceWish,
  measured?: DeviceSpeeds,
  lostBefore?: string,
): Promise<Result<OnDevice>> {
  const [opened, adapters] = [
    await openPocketStudent(page, wish, measured, lostBefore),
    await readAdapters(),
  ];
  // Where the browser keeps nothing there are none.
  if (!opened.ok || !adapters.ok) return opened;
  const on = adapters.value.filter((one) => one.on && one.strength !== 0);
  if (on.length === 0) return opened;
  const base = await readPocketBase(page);
  const student = base.ok ? await openAdapted(base.value, on) : base;
  const { note, lost } = opened.value;
  if (!student.ok)
    return ok({
      ...opened.value,
      note: `${note} It plays without what it practised: ${student.error.message}`,
    });
  await opened.value.student.dispose();
  const names = on.map(({ name }) => name).join(', ');
  return ok({ student: student.value, note: `It runs on the CPU, with what it practised: ${names}.`, lost });
}
