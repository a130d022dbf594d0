/** What memory saved in the races of this visit, each counted once, also over a reload and when it is raced again. */
import { keepInTab, kept } from '../kept.ts';
import { isLivedIn, type PlaySetup } from '../route.ts';
import { Store } from '../store.ts';

const KEY = 'savings';

type Savings = ReadonlyMap<string, number>;

/** By what is raced. */
export const savings = new Store<Savings>(before());

export function countSaving(race: string, steps: number): void {
  savings.set(new Map(savings.value).set(race, steps));
  keepInTab(KEY, [...savings.value]);
}

/** What tells one race from another: not how its address is written. */
export function raceOf(setup: PlaySetup): string {
  const { source, student, memory, k, scripts, model, thinking } = setup;
  return JSON.stringify([source, student, memory, k, scripts, model, thinking, isLivedIn(setup)]);
}

function before(): Savings {
  const value = kept(KEY);
  return new Map(Array.isArray(value) ? value.filter(isSaving) : []);
}

function isSaving(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isInteger(value[1]);
}
