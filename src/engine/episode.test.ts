import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCodePoints } from '../base/order.ts';
import { smallWorld } from '../testing/small-game.ts';
import { formatCommand, parseCommand } from './commands.ts';
import type { Episode } from './episode.ts';
import type { World } from './world.ts';

function play(episode: Episode, ...commands: string[]): string {
  return commands.map((command) => episode.step(command)).pop() ?? '';
}

const kitchen = smallWorld();

describe('an episode', () => {
  test('tells what stands around and what to do', () => {
    expect(kitchen.intro).toBe(
      '-= Welcome to TextWorld, ALFRED! =-\n\nYou are in the middle of a room. Looking quickly around you, you see a cabinet 1, a countertop 1, a drawer 1, a fridge 1, a microwave 1, a shelf 1, a sidetable 1, and a sinkbasin 1.\n\nYour task is to: put a hot mug in cabinet.',
    );
  });

  test('is won by its walkthrough, and may be lost again', () => {
    const episode = kitchen.start();
    for (const command of kitchen.walkthrough ?? []) {
      expect(episode.won).toBe(false);
      episode.step(command);
    }
    expect(episode.won).toBe(true);
    episode.step('take mug 1 from cabinet 1');
    expect(episode.won).toBe(false);
  });

  test('lists an object in two receptacles, takes it from one, and leaves it listed in the other', () => {
    const episode = kitchen.start();
    expect(play(episode, 'go to countertop 1')).toBe(
      'You arrive at countertop 1. On the countertop 1, you see a apple 2, a knife 1, and a mug 1.',
    );
    play(episode, 'take mug 1 from countertop 1');
    expect(play(episode, 'examine shelf 1')).toBe('On the shelf 1, you see a mug 1.');
    expect(play(episode, 'look')).toBe(
      'You are facing the countertop 1, and shelf 1. Next to it, you see nothing.',
    );
    play(episode, 'move mug 1 to shelf 1');
    expect(play(episode, 'look')).toBe(
      'You are facing the countertop 1, and shelf 1. Next to it, you see a mug 1.',
    );
  });

  test('heats and cools in turn, and never uncleans', () => {
    const episode = kitchen.start();
    play(
      episode,
      'go to countertop 1',
      'take apple 2 from countertop 1',
      'go to sinkbasin 1',
      'clean apple 2 with sinkbasin 1',
    );
    expect(play(episode, 'go to microwave 1', 'heat apple 2 with microwave 1', 'examine apple 2')).toBe(
      'This is a hot and clean apple 2.',
    );
    expect(play(episode, 'go to fridge 1', 'cool apple 2 with fridge 1', 'examine apple 2')).toBe(
      'This is a cool and clean apple 2.',
    );
  });

  test('slices with a held knife what is recorded here, even behind a closed door', () => {
    const episode = kitchen.start();
    play(episode, 'go to countertop 1', 'take knife 1 from countertop 1', 'go to cabinet 1');
    expect(episode.step('slice apple 1 with knife 1')).toBe('You sliced the apple 1 with the knife 1.');
    expect(episode.step('slice apple 2 with knife 1')).toBe('Nothing happens.');
  });

  test('never shows an object inside itself', () => {
    const episode = kitchen.start();
    expect(
      play(episode, 'go to drawer 1', 'open drawer 1', 'take box 1 from drawer 1', 'examine box 1'),
    ).toBe('This is a normal box 1. In it, you see a pen 1.');
  });

  test('understands only the exact words, after stripping what Python strips', () => {
    const episode = kitchen.start();
    for (const command of [
      'Look',
      'look.',
      'look  around',
      '\u200blook',
      'go to  fridge 1',
      '\ufefflook',
      'put mug 1 in/on shelf 1',
    ]) {
      expect(episode.step(command)).toBe('Nothing happens.');
    }
    expect(episode.step('\u3000\x1c\x85 look\n')).toContain('You are in the middle of a room');
    expect(episode.step('constructor')).toBe('Nothing happens.');
  });

  test('says the place and the put command in the older dialect', () => {
    const episode = smallWorld({ dialect: 'put' }).start();
    expect(play(episode, 'go to shelf 1')).toBe('You arrive at loc 6. On the shelf 1, you see a mug 1.');
    expect(play(episode, 'take mug 1 from shelf 1', 'put mug 1 in/on countertop 1')).toBe(
      'You put the mug 1 in/on the countertop 1.',
    );
  });

  test('finds a goal that comes true without anything being put', () => {
    const episode = smallWorld({ goal: '(exists (?o - object) (and (ishot ?o) (holds agent1 ?o)))' }).start();
    play(episode, 'go to shelf 1', 'take mug 1 from shelf 1', 'go to microwave 1');
    expect(episode.won).toBe(false);
    episode.step('heat mug 1 with microwave 1');
    expect(episode.won).toBe(true);
  });
});

/** Any of the admissible commands at each step, chosen by the numbers; sometimes junk. */
const walks = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.string() }), {
  maxLength: 60,
});

function follow(
  episode: Episode,
  walk: readonly (number | string)[],
  visit: (command: string, text: string) => void,
): void {
  for (const choice of walk) {
    const admissible = episode.admissible();
    const command = typeof choice === 'string' ? choice : (admissible[choice % admissible.length] as string);
    visit(command, episode.step(command));
  }
}

describe('any sequence of commands', () => {
  test('keeps every thing in the world, and what is held with nobody else', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const episode = kitchen.start();
        follow(episode, walk, () => {
          const { contents, held } = episode.state;
          kitchen.objects.forEach((thing, i) => {
            const lies = contents.filter((c) => c.has(i)).length;
            expect(lies + (held === i ? 1 : 0)).toBeGreaterThan(0);
            // Only the mug was listed twice at the start, so only it can be held and listed.
            if (held === i && thing.name !== 'mug 1') expect(lies).toBe(0);
          });
        });
      }),
    );
  });

  test('does exactly what the admissible commands promise', () => {
    fc.assert(
      fc.property(walks, fc.nat(), (walk, pick) => {
        const episode = kitchen.start();
        follow(episode, walk, () => {});
        const admissible = episode.admissible();
        expect([...admissible].sort(compareCodePoints)).toEqual(admissible);
        expect(new Set(admissible).size).toBe(admissible.length);
        for (const command of admissible) expect(episode.copy().step(command)).not.toBe('Nothing happens.');
        const every = everyCommand(kitchen);
        const other = every[pick % every.length] as string;
        if (!admissible.includes(other)) expect(episode.copy().step(other)).toBe('Nothing happens.');
      }),
      { numRuns: 60 },
    );
  });

  test('can be undone, copied and begun again', () => {
    fc.assert(
      fc.property(walks, walks, (first, second) => {
        const episode = kitchen.start();
        follow(episode, first, () => {});
        const before = fingerprint(episode);
        const snapshot = episode.snapshot();
        const copy = episode.copy();
        follow(episode, second, () => {});
        expect(fingerprint(copy)).toEqual(before);
        episode.restore(snapshot);
        expect(fingerprint(episode)).toEqual(before);
        episode.reset();
        expect(fingerprint(episode)).toEqual(fingerprint(kitchen.start()));
      }),
    );
  });

  test('only uses commands that formatCommand and parseCommand carry back and forth', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const episode = kitchen.start();
        follow(episode, walk, (command, text) => {
          const parsed = parseCommand(kitchen, command);
          if (parsed !== undefined) expect(formatCommand(kitchen, parsed)).toBe(command);
          else expect(text).toBe('Nothing happens.');
        });
      }),
    );
  });
});

function fingerprint(episode: Episode) {
  const probe = ['look', 'inventory', 'examine cabinet 1', 'examine shelf 1', 'examine countertop 1'];
  return [
    episode.won,
    episode.admissible(),
    episode.progress(),
    probe.map((command) => episode.copy().step(command)),
  ];
}

/** Every command that the words of the world can spell. */
function everyCommand(w: World): string[] {
  const places = w.receptacles.map((r) => r.name);
  const things = w.objects.map((o) => o.name);
  const out = ['look', 'inventory', 'help'];
  for (const x of [...places, ...things]) {
    for (const verb of ['go to', 'open', 'close', 'examine', 'use']) out.push(`${verb} ${x}`);
    for (const y of [...places, ...things]) {
      for (const verb of ['clean', 'heat', 'cool', 'slice']) out.push(`${verb} ${x} with ${y}`);
      out.push(`take ${x} from ${y}`, `move ${x} to ${y}`);
    }
  }
  return out;
}
