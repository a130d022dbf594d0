import { describe, expect, test } from 'vitest';
import { compareCodePoints } from '../engine/index.ts';
import { nameEntities } from '../engine/names.ts';
import { formatId, formatSpot, Ids } from './ids.ts';

describe('ids', () => {
  test('are written as in the official files', () => {
    expect(formatId('Mug', { x: -125, y: 90, z: 7 })).toBe(
      'Mug_bar__minus_01_dot_25_bar__plus_00_dot_90_bar__plus_00_dot_07',
    );
    expect(formatId('SinkBasin', { x: 0, y: 92, z: -1003 })).toBe(
      'Sink_bar__plus_00_dot_00_bar__plus_00_dot_92_bar__minus_10_dot_03_bar_SinkBasin',
    );
    expect(formatSpot(-3, 4, 1, -30)).toBe('loc_bar__minus_3_bar_4_bar_1_bar__minus_30');
  });

  test('a basin is named by what the engine makes of its id', () => {
    const id = formatId('BathtubBasin', { x: 1, y: 2, z: 3 }).toLowerCase();
    expect(nameEntities([id]).get(id)).toBe('bathtubbasin 1');
  });

  test('never come twice, nor in a copy, and the copy leaves the original as it was', () => {
    const ids = new Ids();
    const at = { x: 99, y: 50, z: 1 };
    const first = [ids.of('Mug', at), ids.of('Mug', at)];
    const copy = ids.copy();
    const all = [...first, copy.of('Mug', at), copy.of('Mug', at)];
    expect(new Set(all).size).toBe(4);
    expect(ids.of('Mug', at)).toBe(all[2]);
    expect(ids.spot(1, 2, 3, 45)).not.toBe(ids.spot(1, 2, 3, 45));
  });

  test('low numbers belong to ids late in the order', () => {
    const ids = new Ids();
    const mugs = [300, -20, 15].map((x) => ids.of('Mug', { x, y: 90, z: 0 }).toLowerCase());
    const names = nameEntities(mugs);
    const byNumber = [...mugs].sort(compareCodePoints).reverse();
    expect(byNumber.map((id) => names.get(id))).toEqual(['mug 1', 'mug 2', 'mug 3']);
  });
});
