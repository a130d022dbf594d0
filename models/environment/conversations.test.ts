// The stream that Python trains on: what is marked, what is hidden, and that a seed fixes it.
import { beforeAll, describe, expect, it } from 'vitest';
import { parseReply } from '../../src/agent/reply.ts';
import { parseHomeKey } from '../../src/homes/index.ts';
import { CONTEXT, type Conversation, REFERENCE, Stream, TAUGHT } from './conversations.ts';
import { FIRST_TRAINING_HOME } from './games.ts';
import { DEFAULT_MIX, plainMix } from './memories.ts';
import { Rollouts } from './rollouts.ts';

const OPTIONS = {
  seed: 'test',
  official: 0,
  mix: DEFAULT_MIX,
  disturbance: 0.3,
  variation: 0.2,
  maxSteps: 40,
  scripts: 0.2,
};

async function draw(count: number, change: object = {}): Promise<Conversation[]> {
  const stream = await Stream.open(undefined, { ...OPTIONS, ...change });
  const made: Conversation[] = [];
  while (made.length < count) made.push(await stream.next());
  return made;
}

describe('Stream', () => {
  let made: Conversation[];
  beforeAll(async () => {
    made = await draw(60);
  }, 60_000);

  it('gives the same conversations for the same seed and others for another', async () => {
    expect(await draw(10)).toEqual(made.slice(0, 10));
    expect(await draw(1, { seed: 'other' })).not.toEqual(made.slice(0, 1));
  });

  it('mixes the memory configurations', () => {
    expect(new Set(made.map(({ configuration }) => configuration))).toEqual(
      new Set(['none', 'script', 'trajectory', 'memp']),
    );
  });

  it('shows what the configuration shows', () => {
    for (const { messages, configuration } of made) {
      const text = messages.map(([, content]) => content).join('\n');
      const trajectory = configuration === 'trajectory' || configuration === 'memp';
      const scripts = configuration === 'script' || configuration === 'memp';
      expect(text.includes('Here is an example of how to solve the task:')).toBe(trajectory);
      expect(text.includes('Here are some guidelines')).toBe(scripts);
    }
  });

  it("marks the teacher's turns only, and alternates roles", () => {
    let disturbed = 0;
    for (const { messages } of made) {
      expect(messages[0]?.[0]).toBe('system');
      messages.slice(1).forEach(([role, content, mark], i) => {
        expect(role).toBe(i % 2 === 0 ? 'user' : 'assistant');
        if (role === 'user') expect(mark).toBe(CONTEXT);
        else if (!messages[i]?.[1].includes('Write guidelines'))
          expect(parseReply(content).outcome).toBe('ok');
        else expect(content).toMatch(/Look for .* Steps: /);
        if (role === 'assistant' && mark === CONTEXT) disturbed++;
      });
      const own = messages.findLastIndex(([, , mark]) => mark === REFERENCE);
      const first = messages.findIndex(([, , mark]) => mark === TAUGHT);
      if (own >= 0 && first >= 0) expect(first).toBeGreaterThan(own);
      expect(messages.some(([, , mark]) => mark === TAUGHT)).toBe(true);
    }
    expect(disturbed).toBeGreaterThan(20);
  });

  it('never shows the memory of the game itself, and draws every kind of memory', async () => {
    const stream = await Stream.open(undefined, OPTIONS);
    const relevances = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const setting = await stream.setting();
      const { shown, relevance } = stream.draw(setting, DEFAULT_MIX, 10);
      expect(shown.map(({ game }) => game)).not.toContain(setting.game.key);
      if (shown.length > 0) relevances.add(relevance);
    }
    expect(relevances).toEqual(new Set(['right', 'mixed', 'irrelevant']));
  });

  it('takes homes that no evaluation takes', () => {
    for (const { game } of made) expect(parseHomeKey(game)?.home).toBeGreaterThanOrEqual(FIRST_TRAINING_HOME);
  });
});

describe('Rollouts', () => {
  it("is won by saying what the teacher's label says", async () => {
    const stream = await Stream.open(undefined, { ...OPTIONS, mix: plainMix('memp') });
    const rollouts = new Rollouts();
    const drawn = [];
    for (let i = 0; i < 12; i++) {
      const setting = await stream.setting();
      drawn.push({ setting, memory: stream.draw(setting, plainMix('memp'), 10) });
    }
    const opened = rollouts.begin(drawn);
    expect(opened).toHaveLength(12);
    opened.forEach(({ label }, index) => {
      let next: string | undefined = label;
      let won = false;
      for (let step = 0; step < 50 && next !== undefined; step++) {
        const stepped = rollouts.step(index, next, 'stop');
        expect(stepped?.outcome).toBe('ok');
        won = stepped?.won ?? false;
        next = stepped?.label;
      }
      expect(won).toBe(true);
    });
    expect(rollouts.step(99, 'Action: look', 'stop')).toBeUndefined();
  });

  it('counts odd replies and goes on', async () => {
    const stream = await Stream.open(undefined, OPTIONS);
    const rollouts = new Rollouts();
    const setting = await stream.setting();
    rollouts.begin([{ setting, memory: stream.draw(setting, plainMix('none'), undefined) }]);
    expect(rollouts.step(0, 'mumble', 'stop')).toMatchObject({
      outcome: 'junk',
      nothingHappens: true,
      won: false,
    });
    expect(rollouts.step(0, 'Thought: x\nAction: lo', 'length')).toMatchObject({ outcome: 'endless' });
  });
});
