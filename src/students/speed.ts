/** How fast a student reads and writes, on a prompt like an episode's: for the person who chooses one. */
import { openingMessages } from '../agent/prompt.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { Student } from './student.ts';

interface StudentSpeed {
  /** Tokens a second. */
  readonly prefill: number;
  readonly decode: number;
}

const TOKENS = 48;
const view = { intro: '', steps: [], scripts: [], admissible: () => [] };
const INTRO = `You are in the middle of a room. Looking quickly around you, you see ${Array.from(
  { length: 24 },
  (_, i) => `a cabinet ${24 - i}`,
).join(', ')}.\n\nYour task is to: put a clean mug in coffeemachine.`;

/** Once to warm up, once to measure. Codes: MEASURING_STOPPED by the signal, and those of a student's replies. */
export async function measureSpeed(student: Student, signal?: AbortSignal): Promise<Result<StudentSpeed>> {
  const control = signal === undefined ? {} : { signal };
  const warm = student.open();
  await warm.reply({ messages: openingMessages('A room.', { scripts: [] }), view, maxTokens: 4 }, control);
  await warm.dispose();
  const measured = student.open();
  try {
    const reply = await measured.reply(
      { messages: openingMessages(INTRO, { scripts: [] }), view, maxTokens: TOKENS },
      control,
    );
    if (!reply.ok) return reply;
    if (signal?.aborted) return refuse('MEASURING_STOPPED', 'Stopped: nothing was measured.');
    const { prefilled, prefillMs, decoded, decodeMs } = reply.value.counters;
    const rate = (tokens: number, ms: number): number => (ms > 0 ? (1000 * tokens) / ms : 0);
    // The first token comes with the prompt.
    return ok({ prefill: rate(prefilled, prefillMs), decode: rate(Math.max(0, decoded - 1), decodeMs) });
  } finally {
    await measured.dispose();
  }
}
