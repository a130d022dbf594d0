/**
 * What is under way in this page. Work belongs to the page and not to the view that began it: whoever does something
 * that takes a while reports it here, views subscribe to the work, and the header lists what isn't in sight, with a
 * way back and a way to end it.
 */
import { useEffect } from 'react';
import { keepInTab, kept } from '../kept.ts';
import { Store } from '../store.ts';

export interface Activity {
  readonly id: string;
  /** What is being done: `Put a hot apple in sidetable.` */
  readonly title: string;
  /** How far it is, or how it ended: `step 4`. */
  readonly status: string;
  /** The address where it is to be seen. */
  readonly href: string;
  /** `waiting`: stands still and can go on. `over`: told until someone has looked at it. */
  readonly state: 'running' | 'waiting' | 'over';
  /** Of an episode that may stand beside another: whether it has a memory, and in how many steps it was solved. */
  readonly episode?: { readonly memory: boolean; readonly solvedIn?: number };
  /** Ends it; without one it ends by itself. */
  readonly stop?: () => void;
}

const KEY = 'activities';

/** In the order in which they began. */
export const activities = new Store<readonly Activity[]>(interrupted());
/** Those that a view is showing now. */
export const inSight = new Store<ReadonlySet<string>>(new Set());

/** Reports that something began, how far it is, or how it ended. */
export function report(activity: Activity): void {
  const { id, state } = activity;
  // Whoever looks on sees how it ended.
  if (state === 'over' && inSight.value.has(id)) {
    retire(id);
    return;
  }
  const known = activities.value.some((one) => one.id === id);
  change(
    known ? activities.value.map((one) => (one.id === id ? activity : one)) : [...activities.value, activity],
  );
}

/** Takes it off the list. */
export function retire(id: string): void {
  change(activities.value.filter((one) => one.id !== id));
}

function change(changed: readonly Activity[]): void {
  activities.set(changed);
  keepInTab(KEY, changed.length === 0 ? undefined : changed.map(({ stop: _, ...told }) => told));
}

/** Resolves when something has been under way and nothing is any more. */
export function afterwards(): Promise<void> {
  return new Promise((resolve) => {
    let begun = false;
    const stop = activities.subscribe(() => {
      const running = activities.value.some(({ state }) => state === 'running');
      if (begun && !running) {
        stop();
        resolve();
      }
      begun ||= running;
    });
  });
}

/** While the calling view stands, it shows this activity. */
export function useInSight(id: string): void {
  useEffect(() => show(id), [id]);
}

/** The header needn't tell of it, until the function is called that this returns. */
export function show(id: string): () => void {
  inSight.set(new Set([...inSight.value, id]));
  if (activities.value.some((one) => one.id === id && one.state === 'over')) retire(id);
  return () => inSight.set(new Set([...inSight.value].filter((one) => one !== id)));
}

/** What a reload of the page cut off: told, with the way to where it can be begun again. */
function interrupted(): Activity[] {
  const before = kept(KEY);
  if (!Array.isArray(before)) return [];
  return before
    .filter(isActivity)
    .map((one) =>
      one.state === 'over'
        ? one
        : { ...one, state: 'over', status: `${one.status}, interrupted by a reload` },
    );
}

function isActivity(value: unknown): value is Activity {
  const one = (value ?? {}) as Record<keyof Activity, unknown>;
  const texts = [one.id, one.title, one.status, one.href, one.state];
  const { memory, solvedIn = 0 } = (one.episode ?? { memory: false }) as Record<string, unknown>;
  if (typeof memory !== 'boolean' || typeof solvedIn !== 'number') return false;
  // The address becomes a link.
  return texts.every((text) => typeof text === 'string') && (one.href as string).startsWith('#/');
}
