import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TASK_TYPES } from '../base/task-types.ts';
import { parseGamePath } from '../engine/import/index.ts';
import { formatHomeKey, type HomeKey, homeId, parseHomeKey } from './key.ts';
import { ROOM_KINDS } from './statistics.ts';

const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const key: fc.Arbitrary<HomeKey> = fc.record({
  split: fc.constantFrom('homes', 'train-1', 'valid_seen'),
  taskType: fc.constantFrom(...TASK_TYPES),
  object: fc.constantFrom('Apple', 'CD'),
  target: fc.constantFrom('Fridge', 'ToiletPaperHanger'),
  home: fc.integer({ min: 0, max: 1e12 }),
  room: fc.constantFrom(...ROOM_KINDS),
  habits: share,
  stray: share,
  routine: share,
  habitChange: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(99_999)),
  index: fc.nat(99_999),
});

describe('keys of generated games', () => {
  test('look like official ones', () => {
    const taskType = 'pick_heat_then_place_in_recep';
    const asked = { split: 'homes', taskType, object: 'Apple', target: 'Fridge' } as const;
    const home = {
      home: 1017,
      room: 'living room',
      habits: 1,
      stray: 0,
      routine: 0.5,
      habitChange: 5,
    } as const;
    const text = formatHomeKey({ ...asked, ...home, index: 3 });
    expect(text).toBe(
      'homes/pick_heat_then_place_in_recep-Apple-None-Fridge-1017/trial_livingroom_h100_s000_r050_c0005_0003',
    );
    const place = parseGamePath(`somewhere/${text}/game.tw-pddl`);
    expect(place).toMatchObject({ ok: true, value: { key: text, taskType } });
  });

  test('format and parse undo each other', () => {
    fc.assert(
      fc.property(key, (value) => {
        expect(parseHomeKey(formatHomeKey(value))).toEqual(value);
        expect(parseHomeKey(`some/set/${formatHomeKey(value)}`)).toEqual(value);
      }),
    );
  });

  test('official keys and other text are none', () => {
    for (const text of [
      'train/pick_heat_then_place_in_recep-Apple-None-Fridge-22/trial_T20190908_112534_364453',
      'homes/pick_nothing-Apple-None-Fridge-22/trial_kitchen_h000_s000_r000_0000',
      'homes/pick_and_place_simple-Apple-None-Fridge-22/trial_attic_h000_s000_r000_0000',
      '',
    ])
      expect(parseHomeKey(text)).toBeUndefined();
  });

  test('homes with other strengths are other homes', () => {
    const home = { home: 7, habits: 1, stray: 0, routine: 1, habitChange: Number.POSITIVE_INFINITY };
    const others = [
      { ...home, home: 8 },
      { ...home, habits: 0.5 },
      { ...home, stray: 0.01 },
      { ...home, routine: 0 },
      { ...home, habitChange: 4 },
    ];
    expect(new Set([home, ...others].map(homeId)).size).toBe(6);
  });
});
