import { expect, test, vi } from 'vitest';
import { stubSessionStorage } from '../../testing/session-storage.ts';
import { parseSetup } from '../route.ts';

const session = stubSessionStorage();

/** The page as it is after a load: with nothing in it but what the tab kept. */
async function load() {
  vi.resetModules();
  return import('./savings.ts');
}

const race = (query: string) => parseSetup(new URLSearchParams(query));

test('a race counts once, whatever its address adds and after a reload, and no earlier one is lost', async () => {
  const first = await load();
  first.countSaving(first.raceOf(race('home=4&task=0')), 16);
  first.countSaving(first.raceOf(race('home=4&task=1')), -2);
  first.countSaving(first.raceOf(race('task=0&home=4&learning=on')), 16);
  expect([...first.savings.value.values()]).toEqual([16, -2]);

  const reloaded = await load();
  reloaded.countSaving(reloaded.raceOf(race('home=4&task=0')), 16);
  reloaded.countSaving(reloaded.raceOf(race('home=4&task=0&student=scripted')), 3);
  expect([...reloaded.savings.value.values()]).toEqual([16, -2, 3]);

  session.set('duomem-kept-savings', '[["a","b"],4,[]]');
  expect((await load()).savings.value.size).toBe(0);
});
