/** When a race starts by itself: on a first visit, and where a button of the race asked for the next one. */
import { afterwards } from '../activities/activities.ts';
import { parseRoute } from '../route.ts';
import { readSetting } from '../settings.ts';

/** The address that was last left; whoever has one was here before. */
export const LEFT = 'duomem-left';

let wanted = readSetting(LEFT) === undefined && startsByItself();

/** Whoever prefers that nothing moves, or saves data, starts it themselves. */
function startsByItself(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData !== true && !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** The next race that is shown starts by itself. */
export function wantStart(): void {
  wanted = true;
}

/** Whether to start the race that is shown now; asked once a race. */
export function takeStart(): boolean {
  const taken = wanted;
  wanted = false;
  return taken;
}

/** Resolves when the race that starts by itself is over; at once where none does. Asked before the page is drawn. */
export async function untilRaced(): Promise<void> {
  if (wanted && parseRoute(window.location.hash).view === 'race') await afterwards();
}

/** The plain address opens what was left; every other address says itself what it opens. */
export function openWhereLeft(): void {
  const left = readSetting(LEFT);
  if (left?.startsWith('#/') !== true || !/^#?\/?$/.test(window.location.hash)) return;
  window.history.replaceState(null, '', left);
}
