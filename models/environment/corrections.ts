/**
 * SmolLM2's own mistakes, corrected (DAgger): it plays official training games, half of its wrong actions are carried
 * out as they are and not learnt, the other half are replaced by the teacher's turn, which is. So it learns to go on
 * from where it really gets to, above all after 'Nothing happens.'. Writes conversations for models/smollm2/distil.py.
 *
 *     node --import tsx models/environment/corrections.ts --games GAMES --count 200 --seed 1 --out corrected.jsonl
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Message } from '../../src/agent/prompt.ts';
import { parseReply } from '../../src/agent/reply.ts';
import { DEFAULT_SETTINGS } from '../../src/agent/settings.ts';
import { Random } from '../../src/base/random.ts';
import type { Result } from '../../src/base/result.ts';
import { openSmolLm2Student } from '../../src/cli/students/open-smollm2.ts';
import type { Student } from '../../src/students/student.ts';
import { CONTEXT, type MarkedMessage, Stream, TAUGHT } from './conversations.ts';
import { OfficialGames } from './games.ts';
import type { MemoryMix } from './memories.ts';
import { type Opened, Rollouts } from './rollouts.ts';

/** Longer prompts cost too much on one core. */
const SCRIPTS = 3;
const CARRIED_OUT = 0.5;
const MIX: MemoryMix = {
  configurations: [
    ['none', 0.75],
    ['script', 0.1],
    ['memp', 0.15],
  ],
  relevance: [
    ['right', 0.75],
    ['mixed', 0.15],
    ['irrelevant', 0.1],
  ],
};

const { values } = parseArgs({
  options: {
    games: { type: 'string' },
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    adapter: { type: 'string' },
    out: { type: 'string' },
  },
});
const { games, out, seed } = values;
if (games === undefined || out === undefined) throw new Error('--games and --out are needed.');

function opened<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

interface Counts {
  turns: number;
  deviations: number;
}

/** One episode to its end; undefined where it isn't won within 30 steps, the teacher's own turns included. */
async function corrected(
  student: Student,
  { messages, label }: Opened,
  rollouts: Rollouts,
  random: Random,
  counts: Counts,
): Promise<readonly MarkedMessage[] | undefined> {
  const said: MarkedMessage[] = [...messages];
  const conversation = student.open();
  try {
    let right: string | undefined = label;
    for (let step = 0; step < DEFAULT_SETTINGS.maxSteps && right !== undefined; step++) {
      const shown: Message[] = said.map(([role, content]) => ({ role, content }));
      const reply = opened(
        await conversation.reply({
          messages: shown,
          view: { intro: '', steps: [], scripts: [], admissible: () => [] },
          maxTokens: DEFAULT_SETTINGS.replyTokens,
        }),
      );
      const finish = reply.finish === 'length' ? 'length' : 'stop';
      const wrong = parseReply(reply.text, finish).action !== parseReply(right, 'stop').action;
      counts.turns++;
      if (wrong) counts.deviations++;
      const kept = wrong && random.chance(CARRIED_OUT);
      const text = kept ? reply.text : right;
      const stepped = rollouts.step(0, text, kept ? finish : 'stop');
      if (stepped === undefined) return undefined;
      said.push(['assistant', text, kept ? CONTEXT : TAUGHT]);
      if (stepped.won) return said;
      said.push(['user', stepped.message, CONTEXT]);
      right = stepped.label;
    }
    return undefined;
  } finally {
    await conversation.dispose();
  }
}

const official = opened(await OfficialGames.open(games, 'train'));
const stream = await Stream.open(official, {
  seed: `corrections ${seed}`,
  official: 1,
  mix: MIX,
  disturbance: 0,
  variation: 0,
  maxSteps: 30,
  scripts: 0,
});
const student = opened(await openSmolLm2Student(values.adapter, 1, () => performance.now()));
const random = new Random(`corrections ${seed}`);
const rollouts = new Rollouts();
const counts: Counts = { turns: 0, deviations: 0 };
let written = 0;
while (written < Number(values.count)) {
  const setting = await stream.setting();
  const memory = stream.draw(setting, MIX, SCRIPTS);
  const [begun] = rollouts.begin([{ setting, memory }]);
  if (begun === undefined) continue;
  const messages = await corrected(student, begun, rollouts, random, counts);
  if (messages === undefined) continue;
  written++;
  const opening = messages.findIndex(([role]) => role === 'assistant');
  const record = {
    kind: 'conversation',
    version: 1,
    game: begun.game,
    memory: memory.configuration,
    opening,
    messages: messages.map(([role, content, mark]) => [role, content, mark === TAUGHT ? 1 : 0]),
  };
  appendFileSync(out, `${JSON.stringify(record)}\n`);
  process.stderr.write(
    `${written} conversations, ${counts.deviations} of ${counts.turns} turns other than the teacher's\n`,
  );
}
await student.dispose();
