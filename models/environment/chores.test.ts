import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseGame, Random } from '../../src/engine/index.ts';
import {
  FAMILIES,
  generateHome,
  HELD_OUT_NAMES,
  isHeldOut,
  type NamedProcedure,
  proceduresOf,
} from '../../src/homes/index.ts';
import { calledIn } from '../../src/player/goal.ts';
import { rulesIn } from '../../src/teacher/procedure.ts';
import { CONTEXT, type Conversation, DEFAULT_STREAM, REFERENCE, Stream } from './conversations.ts';
import { teacherTrajectory } from './episodes.ts';
import { drawFamily, makeHomeGroup } from './home-groups.ts';
import { plainMix } from './memories.ts';
import { TRAINING_NAMES } from './names.ts';
import { Rollouts } from './rollouts.ts';

const OPTIONS = { ...DEFAULT_STREAM, official: 0, chores: 1, seed: 'chores' };
const TASK = /Your task is to: (.*)/;

let made: Conversation[];
beforeAll(async () => {
  const stream = await Stream.open(undefined, OPTIONS);
  made = [];
  for (let i = 0; i < 150; i++) made.push(await stream.next());
}, 120_000);

/** The task's own line, and everything that the prompt shows before the first turn. */
function openingOf({ messages }: Conversation): { task: string; prompt: string } {
  const first = messages.findLastIndex(([role, content]) => role === 'user' && TASK.test(content));
  const prompt = messages.slice(0, first + 1).map(([, content]) => content);
  return { task: TASK.exec(prompt.at(-1) ?? '')?.[1] ?? '', prompt: prompt.join('\n') };
}

describe('the stream of chores', () => {
  test('a named chore is taught only with a memory that tells it, under a name of training', () => {
    let named = 0;
    for (const conversation of made) {
      const { task, prompt } = openingOf(conversation);
      const called = calledIn(task);
      if (called === undefined) continue;
      named++;
      expect(TRAINING_NAMES).toContain(called);
      expect(conversation.configuration).not.toBe('none');
      // In a script as a rule, or as the task of the reference trajectory.
      const tasks = [...prompt.matchAll(/Your task is to: (.*)/g)].map(([, line = '']) => calledIn(line));
      expect(rulesIn(prompt).has(called) || tasks.filter((name) => name === called).length === 2).toBe(true);
    }
    expect(named).toBeGreaterThan(50);
    expect(made.length - named).toBeGreaterThan(20);
  });

  test('the plan of a reference trajectory is no target where only that trajectory tells it', () => {
    let seen = 0;
    for (const { messages } of made) {
      const first = messages.findIndex(([role]) => role === 'assistant');
      const [, reply = '', mark] = messages[first] ?? [];
      const lead = messages[first - 1]?.[1] ?? '';
      if (!lead.startsWith('Here is an example')) continue;
      expect(reply).toContain('Plan: ');
      const named = calledIn(TASK.exec(lead)?.[1] ?? '') !== undefined;
      expect(mark).toBe(named ? CONTEXT : REFERENCE);
      if (named) seen++;
    }
    expect(seen).toBeGreaterThan(20);
  });

  test("shows nothing that is held out, and no name that isn't a word", () => {
    for (const { messages } of made) {
      const text = messages.map(([, content]) => content).join('\n');
      for (const [, name = ''] of text.matchAll(/\b[Aa]t (?!a )(\S+) time\b/g))
        expect(TRAINING_NAMES).toContain(name);
      expect(text).not.toContain('village');
      expect(text.match(/Take one at \w+ time/g)?.every((words) => words === 'Take one at a time')).not.toBe(
        false,
      );
      for (const [, rule] of rulesIn(text)) {
        // Where the sentence says the place the rule tells that memory's; only what is done is the chore's.
        expect(isHeldOut({ count: rule.count, treatments: rule.treatments })).toBe(false);
      }
    }
  });

  test('what the teacher plans is what the memory of that name did, with the thing that the task names', () => {
    for (const { messages } of made) {
      const { task, prompt } = openingOf({ messages } as Conversation);
      const called = calledIn(task);
      const rule = called === undefined ? undefined : rulesIn(prompt).get(called);
      const opened = messages.findLastIndex(([role, content]) => role === 'user' && TASK.test(content));
      const plan = /Plan: (.*?)\. /.exec(messages[opened + 1]?.[1] ?? '')?.[1];
      if (rule === undefined || plan === undefined) continue;
      expect(plan.split(', ').flatMap((part) => /^(clean|heat|cool|slice) /.exec(part)?.[1] ?? [])).toEqual(
        rule.treatments,
      );
      const [, many = 'one', object = ''] = /^find (?:(two|three) )?(\w+)/.exec(plan) ?? [];
      expect(task).toContain(` ${object}`);
      expect({ one: 1, two: 2, three: 3 }[many]).toBe(rule.count);
    }
  });

  test('the same seed says the same, and without the option nothing changes', async () => {
    const again = await Stream.open(undefined, OPTIONS);
    for (const conversation of made.slice(0, 10)) expect(await again.next()).toEqual(conversation);
    const { chores: _, ...without } = { ...DEFAULT_STREAM, official: 0, seed: 'x' };
    const [one, other] = [
      await Stream.open(undefined, without),
      await Stream.open(undefined, { ...without, chores: 0 }),
    ];
    for (let i = 0; i < 3; i++) expect(await one.next()).toEqual(await other.next());
  }, 60_000);

  test('roll-outs leave out a named chore that nothing explains', async () => {
    const stream = await Stream.open(undefined, OPTIONS);
    const drawn = [];
    for (let i = 0; i < 30; i++) {
      const setting = await stream.setting();
      drawn.push({ setting, memory: stream.draw(setting, plainMix('none'), undefined) });
    }
    const opened = new Rollouts().begin(drawn);
    expect(opened.length).toBeGreaterThan(0);
    for (const { messages } of opened)
      expect(TASK.exec(messages.at(-1)?.[1] ?? '')?.[1]).not.toMatch(/ time\./);
  }, 60_000);
});

describe('groups', () => {
  test('draw no chore that is held out', () => {
    const random = new Random('families');
    for (let i = 0; i < 3000; i++) {
      const { called, heldOut, errands } = drawFamily('village', random);
      expect(heldOut).toBe(false);
      for (const errand of errands) expect(isHeldOut(errand as NamedProcedure, errand.place)).toBe(false);
      expect(HELD_OUT_NAMES).not.toContain(called);
    }
  });

  test('have games of one chore in several homes', () => {
    const { games, family } = makeHomeGroup('a', new Random('village'));
    for (const { key } of games) expect(key).toContain(`/${family.name}-`);
    expect(new Set(games.map(({ key }) => key.split('/')[1]?.split('-').at(-1))).size).toBeGreaterThan(1);
  });
});

test('every name is one word of the pocket student', () => {
  const file = new URL('../pocket/tokenizer.json', import.meta.url);
  const { vocab } = (JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: Record<string, number> } })
    .model;
  for (const name of [...TRAINING_NAMES, ...HELD_OUT_NAMES]) expect(vocab).toHaveProperty([`Ġ${name}`]);
  expect(TRAINING_NAMES.length).toBeGreaterThan(80);
});

test('the teacher solves each family, told what the names stand for', () => {
  const told = proceduresOf(FAMILIES);
  for (const family of FAMILIES) {
    for (const seed of [1, 2, 3]) {
      const game = generateHome(seed, { stray: 0.3, families: [family] }).draft(0);
      const world = parseGame(game.text);
      if (!world.ok) throw new Error(world.error.message);
      expect([game.key, teacherTrajectory(world.value, 50, told)?.steps.length ?? 'lost']).toEqual([
        game.key,
        expect.any(Number),
      ]);
    }
  }
}, 60_000);
