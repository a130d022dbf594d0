/** A GPU that goes silent in the middle of a reply: nobody waits for it for ever, nor after it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMPUTING_PATIENCE } from '../pocket/loss.ts';
import type { EngineReply, MlcEngine } from './engine.ts';
import { createMlcStudent } from './session.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});
const REPLY: EngineReply = { text: 'Action: look', finish: 'stop', prefilled: 9, decoded: 3, held: 11 };
const engine = (parts: Partial<MlcEngine>): MlcEngine => ({
  countTokens: (text) => text.length,
  generate: async () => REPLY,
  interrupt: () => {},
  lost: false,
  unload: async () => {},
  ...parts,
});
const asked = {
  messages: [{ role: 'user', content: 'A room.' }],
  view: { intro: '', steps: [], scripts: [], admissible: () => [] },
  maxTokens: 96,
} as const;

function studentOn(silent: MlcEngine) {
  const reopen = vi.fn(async () => engine({}));
  const student = createMlcStudent({
    identity: { name: 'tiny' },
    engine: silent,
    reopen,
    contextLimit: 4096,
    model: 'never',
    thinking: false,
    clock: () => 0,
  });
  return { student, reopen };
}

test('a reply that stays silent is given up, and the next one opens the device again', async () => {
  const { student, reopen } = studentOn(engine({ generate: () => never, unload: () => never }));
  const first = student.open().reply(asked);
  const second = student.open().reply(asked);
  await vi.advanceTimersByTimeAsync(COMPUTING_PATIENCE);
  expect(await first).toMatchObject({
    ok: false,
    error: { code: 'STUDENT_FAILED', message: expect.stringContaining("didn't answer for 180 seconds") },
  });
  // What the device won't free is gone.
  await vi.advanceTimersByTimeAsync(COMPUTING_PATIENCE);
  expect(await second).toMatchObject({ ok: true, value: { text: 'Action: look' } });
  expect(reopen).toHaveBeenCalledTimes(1);
});

test("a prompt that is read for long, piece by piece, isn't silence", async () => {
  const { student, reopen } = studentOn(
    engine({
      async generate(_, __, onPiece) {
        for (let piece = 0; piece < 4; piece++) {
          await new Promise((resolve) => setTimeout(resolve, COMPUTING_PATIENCE - 1));
          onPiece?.();
        }
        return REPLY;
      },
    }),
  );
  const reply = student.open().reply(asked);
  await vi.advanceTimersByTimeAsync(4 * COMPUTING_PATIENCE);
  expect(await reply).toMatchObject({ ok: true, value: { text: 'Action: look' } });
  expect(reopen).not.toHaveBeenCalled();
});

test("freeing a device that doesn't answer comes to an end", async () => {
  const { student } = studentOn(engine({ unload: () => never }));
  const freed = student.dispose().catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(COMPUTING_PATIENCE);
  expect(await freed).toContain("didn't answer");
});
