import { expect, test } from 'vitest';
import { BETWEEN_TURNS, messageTurns } from './message-turns.ts';

test('there is a turn of the event loop every so often, and not at every token', async () => {
  let time = 0;
  const { breathe, close } = messageTurns(() => time);
  /** Whether it waited for more than what was due anyway. */
  const waits = async (): Promise<boolean> => {
    time += BETWEEN_TURNS / 3;
    let over = false;
    const breath = breathe().then(() => {
      over = true;
    });
    for (let i = 0; i < 5; i++) await Promise.resolve();
    const waited = !over;
    await breath;
    return waited;
  };
  const seen: boolean[] = [];
  for (let i = 0; i < 7; i++) seen.push(await waits());
  expect(seen).toEqual([false, false, true, false, false, true, false]);
  close();
});

test('all who wait have the same turn, and none is left behind when there are no more', async () => {
  let time = 0;
  const { breathe, close } = messageTurns(() => time);
  const soon = (): number => {
    time += BETWEEN_TURNS;
    return time;
  };
  soon();
  await Promise.all([breathe(), breathe(), breathe()]);
  soon();
  const waiting = [breathe(), breathe()];
  close();
  await Promise.all(waiting);
  soon();
  await breathe();
});
