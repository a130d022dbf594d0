import { expect, test } from 'vitest';
import { newest } from './newest.ts';

test("an answer that was overtaken by a later question's is not taken", async () => {
  const answers: ((answer: string) => void)[] = [];
  const taken: string[] = [];
  const ask = newest(
    (_about: string) => new Promise<string>((resolve) => answers.push(resolve)),
    (answer) => taken.push(answer),
  );
  const first = ask('before it was deleted');
  const second = ask('after it was deleted');
  answers[1]?.('gone');
  await second;
  answers[0]?.('here');
  await first;
  expect(taken).toEqual(['gone']);
});

test('answers in turn are all taken, with what was asked', async () => {
  const taken: number[] = [];
  const ask = newest(
    async (number: number) => number * 2,
    (answer) => taken.push(answer),
  );
  await ask(1);
  await ask(2);
  expect(taken).toEqual([2, 4]);
});
